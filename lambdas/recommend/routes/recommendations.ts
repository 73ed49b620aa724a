import * as z from 'zod';
import { NotFoundError } from '../../../engine/errors.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { type Explanation, explain } from '../../../engine/ranking/explain.ts';
import { type RankRequest, rank } from '../../../engine/ranking/rank.ts';
import { STRATEGIES, type Strategy } from '../../../engine/serving-index/strategy.ts';
import { boolean, fromText, integer, list } from '../../shared/http/fields.ts';
import { quote } from '../../shared/http/problem.ts';
import { type ApiServices, defineRoute } from '../api-services.ts';
import { DEFAULT_COUNT, MAX_COUNT, MAX_SEED, modelVersion, productId, strategy } from '../fields.ts';
import { type LiveModel, modelAgeSeconds } from '../model-cache.ts';
import { findProduct } from '../product-lookup.ts';

const why = z
  .object({
    evidence: z
      .array(z.object({ from: z.enum([...STRATEGIES, 'seen-before']), share: z.number().min(0).max(1) }))
      .describe('what put it on the list, most first; the shares add up to 1'),
    with: z
      .object({
        productId,
        sessionsTogether: z.number().describe('sessions that hold both products'),
        viewsRightAfter: z.number().describe('how often this one was viewed right after that one'),
        sameCluster: z.boolean().nullable().describe('null when one of them has no vector'),
      })
      .nullable()
      .describe('the newest viewed product'),
  })
  .meta({ id: 'Explanation' })
  .describe('with `explain` only');

const recommendationsShape = {
  strategy: strategy.describe('the one that answered'),
  modelVersion,
  recommendationId: z.string().describe('unique to this answer: names it in feedback and logs'),
  items: z.array(
    z
      .object({
        productId,
        rank: z.int().min(1).describe('1 is the best'),
        score: z.number().describe('higher is better; comparable only within this answer and source'),
        source: z.enum(['model', 'popular']).describe('popular: most viewed, where the model had nothing to say'),
        why: why.optional(),
      })
      .meta({ id: 'RecommendedProduct' }),
  ),
};

const strict = fromText(boolean)
  .default(false)
  .describe('404 in place of popular products when no viewed product is known');
const explainDescription = 'adds `why` to each item';
const seedDescription = 'makes `cluster-sample` repeatable; other strategies always are';

export const recommendForProduct = defineRoute({
  method: 'GET',
  path: '/v1/products/{productId+}/recommendations',
  summary: 'Products similar to one product',
  parameters: z.object({ productId: productId.describe('percent-encoded; encode an id with `?` or `%` twice') }),
  query: z.strictObject({
    count: fromText(integer(1, MAX_COUNT)).default(DEFAULT_COUNT),
    strategy: strategy.optional(),
    seed: fromText(integer(0, MAX_SEED)).optional().describe(seedDescription),
    strict,
    explain: fromText(boolean).default(false).describe(explainDescription),
  }),
  answer: z.object({ productId, ...recommendationsShape }).meta({ id: 'ProductRecommendations' }),
  problems: ['not-found', 'no-model'],
  async handle({ parameters, query }, services) {
    const model = await services.models.current();
    const product = findProduct(model.index, parameters.productId);
    if (product === undefined && query.strict) {
      throw new NotFoundError(
        `Model ${model.version} has no product ${quote(parameters.productId)}; leave strict out for popular ones.`,
      );
    }
    return {
      productId: product === undefined ? parameters.productId : model.index.productIds[product],
      ...recommend(model, query, services, {
        viewed: product === undefined ? [] : [product],
        excluded: new Set(),
        excludeViewed: true,
      }),
    };
  },
});

const MAX_VIEWED = 1_000;
const MAX_EXCLUDED = 10_000;

export const recommendForSession = defineRoute({
  method: 'POST',
  path: '/v1/recommendations',
  summary: "Products for a guest's session; nothing about the guest is stored",
  query: z.strictObject({ strict }),
  body: z
    .strictObject(
      {
        viewed: idList(MAX_VIEWED).describe('oldest first; unknown products are passed over'),
        count: integer(1, MAX_COUNT).default(DEFAULT_COUNT),
        strategy: strategy.optional(),
        exclude: idList(MAX_EXCLUDED).default([]).describe('never recommended; unknown products are passed over'),
        excludeViewed: boolean.default(true),
        seed: integer(0, MAX_SEED).optional().describe(seedDescription),
        explain: boolean.default(false).describe(explainDescription),
      },
      { error: 'an object with the field "viewed"' },
    )
    .meta({ id: 'SessionRecommendationsRequest' }),
  answer: z.object(recommendationsShape).meta({ id: 'SessionRecommendations' }),
  problems: ['not-found', 'no-model'],
  async handle({ query, body }, services) {
    const model = await services.models.current();
    const viewed = numbersOf(model, body.viewed);
    if (viewed.length === 0 && query.strict) {
      throw new NotFoundError(
        `Model ${model.version} knows none of the ${body.viewed.length} viewed products; leave strict out for popular ones.`,
      );
    }
    const { excludeViewed } = body;
    return recommend(model, body, services, {
      viewed,
      excluded: new Set(numbersOf(model, body.exclude)),
      excludeViewed,
    });
  },
});

function recommend(
  model: LiveModel,
  asked: { count: number; strategy?: Strategy | undefined; seed?: number | undefined; explain: boolean },
  services: ApiServices,
  products: Pick<RankRequest, 'viewed' | 'excluded' | 'excludeViewed'>,
) {
  const { index, version } = model;
  const used = asked.strategy ?? index.defaultStrategy;
  const random = seededRandom(asked.seed ?? services.newSeed());
  const ranked = rank(index, { ...products, count: asked.count, strategy: used, random });
  const explanations = asked.explain ? explain(index, used, { viewed: products.viewed, random }, ranked) : undefined;
  services.onRecommended({
    items: ranked.length,
    fallbackItems: ranked.filter(({ source }) => source === 'popular').length,
    modelAgeSeconds: modelAgeSeconds(model, services.nowMs()),
  });
  return {
    strategy: used,
    modelVersion: version,
    recommendationId: services.newId(),
    items: ranked.map(({ product, score, source }, i) => ({
      productId: index.productIds[product],
      rank: i + 1,
      score,
      source,
      ...(explanations !== undefined && { why: withIds(model, explanations[i]) }),
    })),
  };
}

function withIds({ index }: LiveModel, { evidence, with: pair }: Explanation) {
  if (pair === null) return { evidence, with: null };
  const { product, ...facts } = pair;
  return { evidence, with: { productId: index.productIds[product], ...facts } };
}

function numbersOf({ index }: LiveModel, productIds: readonly string[]): number[] {
  return productIds.flatMap((id) => index.numberOf.get(id) ?? []);
}

function idList(maxLength: number) {
  return list(productId, maxLength, `a list of up to ${maxLength} product ids`);
}
