import { encodeRecommendationId } from '../../engine/artifacts/recommendation-id.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { type Explanation, explain } from '../../engine/ranking/explain.ts';
import { rank } from '../../engine/ranking/rank.ts';
import type { Strategy } from '../../engine/serving-index/strategy.ts';
import type { ApiServices } from './api-services.ts';
import { type LiveModel, modelAgeSeconds } from './model-cache.ts';

/** What is asked, in the model's numbers. */
export interface Question {
  /** Oldest first. */
  viewed: readonly number[];
  excluded: ReadonlySet<number>;
  excludeViewed: boolean;
  count: number;
  /** @default the model's */
  strategy?: Strategy | undefined;
  /** @default another one each time */
  seed?: number | undefined;
  explain: boolean;
}

/** Older views of a long session add nothing: strategies look at its newest products. */
const RANKED_VIEWS = 1_000;

/** The part of every answer that recommends. */
export function recommend(model: LiveModel, question: Question, services: ApiServices) {
  const { index, version } = model;
  const { count, excludeViewed } = question;
  const strategy = question.strategy ?? index.defaultStrategy;
  const random = seededRandom(question.seed ?? services.newSeed());
  const viewed = question.viewed.slice(-RANKED_VIEWS);
  const older = question.viewed.slice(0, -RANKED_VIEWS);
  const excluded = excludeViewed && older.length > 0 ? new Set([...question.excluded, ...older]) : question.excluded;
  const ranked = rank(index, { viewed, excluded, excludeViewed, count, strategy, random });
  const explanations = question.explain ? explain(index, strategy, { viewed, random }, ranked) : undefined;
  services.onRecommended({
    items: ranked.length,
    fallbackItems: ranked.filter(({ source }) => source === 'popular').length,
    modelAgeSeconds: modelAgeSeconds(model, services.nowMs()),
  });
  return {
    strategy,
    modelVersion: version,
    recommendationId: encodeRecommendationId(services.newId(), { runId: version, strategy }),
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
