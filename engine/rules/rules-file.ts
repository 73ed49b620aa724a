import * as z from 'zod';
import { type Filter, ownFieldsOf, readFilter } from '../catalogue/filter.ts';
import { parseFilter } from '../catalogue/parse-filter.ts';
import { InputError } from '../errors.ts';
import { STRATEGIES } from '../serving-index/strategy.ts';
import { endOf, instantOf, isLocalTime, isTimeZone } from './local-time.ts';

/**
 * What a merchandiser writes: placements and rules, `rules/<version>.json`. Each `error` says what is allowed: it ends the
 * sentence "allowed is …".
 */

/** Which products: those that pass a filter, or some by name. */
export type Selection = { filter: Filter } | { ids: readonly string[] };

const LONGEST_LIST = 10_000;
export const LONGEST_NOTE = 1_000;
const MOST_PLACEMENTS = 100;
const MOST_RULES = 500;
/** As the API's `relax`. */
const MOST_RELAXED = 20;
/** As the API's `count`. */
const LONGEST_ANSWER = 100;

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

function name(of: string) {
  const error = `${of}: small letters, digits, "-" and "_", up to 63 of them`;
  return z.string({ error }).regex(NAME, { error });
}

function text(what: string, most: number) {
  const error = `${what}: text of 1 to ${most} characters`;
  return z.string({ error }).trim().min(1, { error }).max(most, { error });
}

function integer(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

function between(least: number, most: number) {
  const error = `a number from ${least} to ${most}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
}

const productId = text('a product id', LONGEST_LIST);
const placementName = name('the name of a placement');
const ruleId = name('the id of a rule');

const filterForms = z.union([z.string(), z.record(z.string(), z.unknown())], {
  error: 'a filter, as text (availability:in_stock AND price<20) or as a tree',
});
const filter = filterForms.transform(readEitherForm);
const SELECTIONS = `a filter (text or tree), or a list of 1 to ${LONGEST_LIST} product ids, each in double quotes`;
const productIds = z.array(productId).min(1, { error: SELECTIONS }).max(LONGEST_LIST, { error: SELECTIONS });
const selection = z.union([filterForms, productIds], { error: SELECTIONS }).transform((given, context): Selection => {
  return Array.isArray(given) ? { ids: given } : { filter: readEitherForm(given, context) };
});

function readEitherForm(given: string | Record<string, unknown>, context: z.core.$RefinementCtx): Filter {
  try {
    return typeof given === 'string' ? parseFilter(given) : readFilter(given);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    context.addIssue({ code: 'custom', message: error.message, input: given, params: { isSentence: true } });
    return z.NEVER;
  }
}

const LOCAL_TIME_FORMS = 'a day such as 2026-11-27, or a time such as 2026-11-27T08:00, in the time zone of the rule';
const localTime = z.string({ error: LOCAL_TIME_FORMS }).refine(isLocalTime, { error: LOCAL_TIME_FORMS });
const TIME_ZONES = 'a time zone such as Europe/Berlin or UTC';
const timeZone = z.string({ error: TIME_ZONES }).refine(isTimeZone, { error: TIME_ZONES });

const placement = z.strictObject(
  {
    strategy: z
      .enum(STRATEGIES, { error: `one of ${STRATEGIES.join(', ')}` })
      .optional()
      .describe("how to recommend; the model's default when left out"),
    count: integer(1, LONGEST_ANSWER).optional().describe('how many products, where the request does not say'),
    filter: filter.optional().describe('which products may be shown; a filter of the request narrows it'),
    relax: z
      .array(text('the name of a catalogue field', LONGEST_NOTE), { error: 'a list of names of catalogue fields' })
      .max(MOST_RELAXED, { error: `a list of up to ${MOST_RELAXED} names of catalogue fields` })
      .optional()
      .describe('fields whose conditions are given up, in this order, while too few products pass the filter'),
    rules: z
      .array(ruleId, { error: 'a list of ids of rules' })
      .max(MOST_RULES, { error: `a list of up to ${MOST_RULES} ids of rules` })
      .optional()
      .describe('the rules that apply here; when left out, all that do not name other placements'),
  },
  { error: 'an object with strategy, count, filter, relax and rules' },
);

const common = {
  id: ruleId.describe('names it in explanations'),
  author: text('who answers for it', LONGEST_NOTE),
  note: text('what it is for', LONGEST_NOTE),
  placements: z
    .array(placementName, { error: 'a list of names of placements' })
    .min(1, { error: 'a list of one or more names of placements' })
    .max(MOST_PLACEMENTS, { error: `a list of up to ${MOST_PLACEMENTS} names of placements` })
    .optional()
    .describe('where it applies; everywhere when left out'),
  from: localTime.optional().describe('it applies from then on'),
  until: localTime.optional().describe('it applies until then; of a day: to the end of that day'),
  timeZone: timeZone.optional().describe("of from and until; the file's when left out"),
  when: selection
    .superRefine((when, context) => {
      if (!('filter' in when) || ownFieldsOf(when.filter).length === 0) return;
      const message = 'found a filter with "@"; allowed is one without, since it is asked of the query product itself.';
      context.addIssue({ code: 'custom', message, input: when, params: { isSentence: true } });
    })
    .optional()
    .describe('it applies when the query product is one of these'),
};

const products = selection.describe(
  'a filter or a list of product ids; `@` in a filter is the value of the query product',
);

/** Exactly one of a factor and an addition. */
function change(least: number, most: number, leastAddition: number, mostAddition: number) {
  return {
    factor: between(least, most).optional().describe('times the score'),
    add: between(leastAddition, mostAddition).optional().describe("plus this share of the answer's highest score"),
  };
}

const rule = z
  .discriminatedUnion(
    'type',
    [
      z.strictObject({ type: z.literal('require').describe('only these'), ...common, products }),
      z.strictObject({ type: z.literal('exclude').describe('never these'), ...common, products }),
      z.strictObject({
        type: z.literal('boost').describe('these rank higher'),
        ...common,
        products,
        ...change(1, 1_000, 0, 10),
      }),
      z.strictObject({
        type: z.literal('bury').describe('these rank lower'),
        ...common,
        products,
        ...change(0.001, 1, -10, 0),
      }),
      z.strictObject({
        type: z.literal('pin').describe('this product at this position'),
        ...common,
        product: productId,
        position: integer(1, LONGEST_ANSWER).describe('1 is the first'),
      }),
      z.strictObject({
        type: z.literal('diversify').describe('not too many alike at the top'),
        ...common,
        field: text('the name of a catalogue field', LONGEST_NOTE).describe('such as brand or product_type'),
        most: integer(1, LONGEST_ANSWER).describe('so many products of one value of the field …'),
        first: integer(1, LONGEST_ANSWER).describe('… among the first so many'),
      }),
    ],
    { error: 'an object with id, type, author, note and what its type asks for' },
  )
  .superRefine((rule, context) => {
    if (rule.type !== 'boost' && rule.type !== 'bury') return;
    if ((rule.factor === undefined) !== (rule.add === undefined)) return;
    const found = rule.factor === undefined ? 'neither "factor" nor "add"' : 'both "factor" and "add"';
    const message = `found ${found}; allowed is one of them.`;
    context.addIssue({ code: 'custom', message, input: rule, params: { isSentence: true } });
  });

export const rulesFileSchema = z.strictObject(
  {
    $schema: z
      .string({ error: 'the path or address of the JSON schema' })
      .optional()
      .describe('where the JSON schema is, for an editor'),
    publication: z.unknown().optional().describe('of a file that was published: passed over'),
    timeZone: timeZone.default('UTC').describe('of from and until'),
    placements: z.record(placementName, placement, { error: 'an object: each placement under its name' }).default({}),
    rules: z
      .array(rule, { error: 'a list of rules' })
      .max(MOST_RULES, { error: `a list of up to ${MOST_RULES} rules` })
      .superRefine((rules, context) => {
        rules.forEach(({ id }, i) => {
          if (rules.findIndex((other) => other.id === id) === i) return;
          context.addIssue({ code: 'custom', message: 'an id that no other rule has', path: [i, 'id'], input: id });
        });
      })
      .default([])
      .describe('applied in this order'),
  },
  { error: 'an object with placements and rules' },
);

export type RulesFile = z.output<typeof rulesFileSchema>;
export type Placement = RulesFile['placements'][string];
export type Rule = RulesFile['rules'][number];

export const RULE_TYPES = ['require', 'exclude', 'boost', 'bury', 'pin', 'diversify'] as const satisfies Rule['type'][];

/** When a rule applies: [from, until), milliseconds since the epoch. */
export function validityOf(rule: Pick<Rule, 'from' | 'until' | 'timeZone'>, fileTimeZone: string) {
  const zone = rule.timeZone ?? fileTimeZone;
  return {
    fromMs: rule.from === undefined ? Number.NEGATIVE_INFINITY : instantOf(rule.from, zone),
    untilMs: rule.until === undefined ? Number.POSITIVE_INFINITY : endOf(rule.until, zone),
  };
}
