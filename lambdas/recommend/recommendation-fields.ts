import * as z from 'zod';
import { RULE_TYPES } from '../../engine/rules/rules-file.ts';
import { STRATEGIES } from '../../engine/serving-index/strategy.ts';
import { boolean, fromText, integer, list, repeatable } from '../shared/http/fields.ts';
import {
  catalogueVersion,
  DEFAULT_COUNT,
  fieldName,
  filterError,
  filterText,
  MAX_COUNT,
  MAX_SEED,
  modelVersion,
  productId,
  strategy,
} from './fields.ts';
import { FIELDS_LIMIT, shownFields } from './shown-fields.ts';

/** What the routes that recommend are asked, and what they answer. */

const MAX_VIEWED = 10_000;
const MAX_EXCLUDED = 10_000;
/** Of a GET, whose address the gateway cuts off at 10,240 bytes. */
export const MAX_EXCLUDED_IN_ADDRESS = 1_000;

/** The default is not the schema's: a placement may have its own. */
const countMeta = { default: DEFAULT_COUNT, description: "how many; when left out, the placement's if it has one" };
const placementError = 'the name of a placement of the published rules';
const placement = z
  .string({ error: placementError })
  .min(1, { error: placementError })
  .max(63, { error: placementError })
  .describe('the use that the list is for: its strategy, count, filter and rules apply; see docs/merchandising.md');
const seedDescription = 'makes `cluster-sample` repeatable; other strategies always are';
const explainDescription = 'adds `why` to each item';
const MAX_RELAXED = 20;
const filterDescription =
  'only products that pass are recommended, such as `availability:in_stock AND price<=1.5*@price AND product_type:@ AND NOT brand:Acme`; `@` is the value of the query product, in a session the newest viewed one';
const relaxDescription =
  'fields whose conditions are given up one after the other while fewer than `count` products pass; `relaxed` then names them. A field that no condition asks about is passed over';
const includeUnavailableDescription =
  'also what is `out_of_stock`; otherwise left out where the catalogue has `availability` and `filter` does not name it';
const fieldsDescription = 'fields of the catalogue to show with each item, such as `title`, `price`; `*` is all';

export const strictDescription = '404 in place of popular products when no viewed product is known';

const MAX_EXPLORED = 0.5;
const shareError = `a share from 0 to ${MAX_EXPLORED}`;
const share = z.number({ error: shareError }).min(0, { error: shareError }).max(MAX_EXPLORED, { error: shareError });
const exploreDescription =
  'share of the places, rounded down, that products which nobody has viewed yet may take: the last ones, by their attributes';

/** What the schema says of a tree; `engine/catalogue/filter.ts` reads it and says where it is wrong. */
const filterTree = z.record(z.string(), z.unknown()).meta({
  id: 'Filter',
  type: 'object',
  description:
    'one of {"field", "in": […]}, {"field", "gt" | "gte" | "lt" | "lte": …}, {"and": […]}, {"or": […]}, {"not": …}; a value of the query product is {"own": field} with an optional "times"',
  examples: [
    {
      and: [
        { field: 'availability', in: ['in_stock'] },
        { field: 'price', lte: { own: 'price', times: 1.5 } },
      ],
    },
  ],
});

/** Of a query: everything there is text. */
export const queryFields = {
  count: fromText(integer(1, MAX_COUNT)).optional().meta(countMeta),
  strategy: strategy.optional(),
  placement: placement.optional(),
  seed: fromText(integer(0, MAX_SEED)).optional().describe(seedDescription),
  strict: fromText(boolean).default(false).describe(strictDescription),
  explain: fromText(boolean).default(false).describe(explainDescription),
  exclude: repeatable(productId, MAX_EXCLUDED_IN_ADDRESS)
    .default([])
    .describe(
      'never recommended; unknown products are passed over. Given once an id, or with commas between ids: a text that is itself the id of a product stands for that product',
    ),
  filter: filterText.optional().describe(filterDescription),
  relax: repeatable(fieldName, MAX_RELAXED).default([]).describe(relaxDescription),
  includeUnavailable: fromText(boolean).default(false).describe(includeUnavailableDescription),
  explore: fromText(share).default(0).describe(exploreDescription),
  fields: repeatable(fieldName, FIELDS_LIMIT).default([]).describe(fieldsDescription),
};

export const viewed = idList(MAX_VIEWED).describe(
  'oldest first; unknown products are passed over, and the newest 1,000 are looked at',
);

/** Of a body, beside what was viewed. */
export const bodyFields = {
  count: integer(1, MAX_COUNT).optional().meta(countMeta),
  strategy: strategy.optional(),
  placement: placement.optional(),
  exclude: idList(MAX_EXCLUDED).default([]).describe('never recommended; unknown products are passed over'),
  excludeViewed: boolean.default(true),
  seed: integer(0, MAX_SEED).optional().describe(seedDescription),
  explain: boolean.default(false).describe(explainDescription),
  filter: z
    .union([filterText, filterTree], { error: `${filterError}, as text or as a tree` })
    .optional()
    .describe(filterDescription),
  relax: list(fieldName, MAX_RELAXED, `a list of up to ${MAX_RELAXED} names of fields`)
    .default([])
    .describe(relaxDescription),
  includeUnavailable: boolean.default(false).describe(includeUnavailableDescription),
  explore: share.default(0).describe(exploreDescription),
  fields: list(fieldName, FIELDS_LIMIT, `a list of up to ${FIELDS_LIMIT} names of fields`)
    .default([])
    .describe(fieldsDescription),
};

const why = z
  .object({
    evidence: z
      .array(z.object({ from: z.enum([...STRATEGIES, 'seen-before']), share: z.number().min(0).max(1) }))
      .describe(
        'what put it on the list, most first; the shares add up to 1; empty for a pinned product and one by attributes',
      ),
    with: z
      .object({
        productId,
        sessionsTogether: z.number().describe('sessions that hold both products'),
        viewsRightAfter: z
          .number()
          .describe('how often this one was viewed right after that one, by the weights of the events'),
        boughtTogether: z
          .number()
          .optional()
          .describe(
            'sessions that bought both, or put both into the cart where no purchase is known; absent where neither is',
          ),
        sameCluster: z.boolean().nullable().describe('null when one of them has no vector'),
      })
      .nullable()
      .describe('the newest viewed product'),
    likeIn: z
      .array(z.string())
      .optional()
      .describe('of an item by attributes: the fields in which it is like the newest viewed product, most alike first'),
    rules: z
      .array(z.object({ rule: z.string().describe('its id'), type: z.enum(RULE_TYPES) }))
      .optional()
      .describe('while rules are published: those that lifted, lowered, pinned or held back the item'),
  })
  .meta({ id: 'Explanation' })
  .describe('with `explain` only');

export const recommendationsShape = {
  strategy: strategy.describe('the one that answered'),
  modelVersion,
  catalogueVersion: catalogueVersion.optional(),
  rulesVersion: z.string().optional().describe('the published rules that the answer is under'),
  recommendationId: z
    .string()
    .describe('names this answer, its run and its strategy in events and logs; see docs/api.md for its form'),
  relaxed: z
    .array(z.string())
    .optional()
    .describe(
      'with a filter, of the request or of the placement, or `relax` only: the fields whose conditions were given up, since too few products passed',
    ),
  items: z.array(
    z
      .object({
        productId,
        rank: z.int().min(1).describe('1 is the best'),
        score: z
          .number()
          .describe(
            'higher is better; comparable only within this answer and source; of the source `attributes`, products that `explore` let in are not comparable with the others',
          ),
        source: z
          .enum(['model', 'trending', 'attributes', 'popular', 'pinned'])
          .describe(
            'trending: viewed most of late, as strategy `trending` asks for; attributes: by what the catalogue says, since it or the viewed product is new to the model; popular: most viewed, where nothing else is known; pinned: by a rule',
          ),
        fields: shownFields.optional(),
        why: why.optional(),
      })
      .meta({ id: 'RecommendedProduct' }),
  ),
};

function idList(maxLength: number) {
  return list(productId, maxLength, `a list of up to ${maxLength} product ids`);
}
