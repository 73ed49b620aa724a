import type { Bitset } from '../numeric/bitset.ts';
import type { Random } from '../numeric/random.ts';
import { ScoreBoard } from '../numeric/score-board.ts';
import { TopK } from '../numeric/top-k.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import type { Strategy } from '../serving-index/strategy.ts';
import { perIndex } from './per-index.ts';
import type { Query, Scorer } from './scorer.ts';
import { blend } from './strategies/blend.ts';
import { clusterNearest, clusterSample } from './strategies/clusters.ts';
import { embedding } from './strategies/embedding.ts';
import { markov, sequentialRules } from './strategies/pair-rules.ts';
import { sessionKnn } from './strategies/session-knn.ts';

export interface RankRequest {
  /** Oldest first, known products only; a single product is a session of one view. */
  viewed: readonly number[];
  count: number;
  strategy: Strategy;
  /** Never recommended. */
  excluded: ReadonlySet<number>;
  /** Whether viewed products are excluded, too. */
  excludeViewed: boolean;
  /** For `cluster-sample`. */
  random: Random;
  /** Products that may be recommended; undefined: all. */
  admitted?: Bitset | undefined;
}

export interface RankedProduct {
  product: number;
  /** Comparable only among items of the same answer and source. Of a popular product: its share of all views. */
  score: number;
  source: 'model' | 'popular';
}

const SCORERS: Record<Exclude<Strategy, 'popularity'>, Scorer> = {
  'cluster-sample': clusterSample,
  'cluster-nearest': clusterNearest,
  embedding,
  markov,
  'sequential-rules': sequentialRules,
  'session-knn': sessionKnn,
  blend,
};

/** @returns undefined for `popularity`, which scores nothing and leaves everything to the filling up. */
export function scorerOf(strategy: Strategy): Scorer | undefined {
  return strategy === 'popularity' ? undefined : SCORERS[strategy];
}

/**
 * @returns unique products, best first, equal scores by lower product number; exactly `count` of them unless fewer are
 * allowed. What the strategy cannot fill is filled up with the most viewed products, marked `popular`.
 */
export function rank(index: ServingIndex, request: RankRequest): RankedProduct[] {
  const { viewed, excludeViewed } = request;
  const excluded = excludeViewed ? new Set([...request.excluded, ...viewed]) : request.excluded;
  return rankBy(index, scorerOf(request.strategy), { ...request, excluded });
}

/** `rank` for any scorer. */
export function rankBy(
  index: ServingIndex,
  scorer: Scorer | undefined,
  query: Query & Pick<RankRequest, 'count' | 'excluded'>,
): RankedProduct[] {
  const { count, excluded, admitted } = query;
  const ranked = scorer === undefined ? [] : best(index, scorer, query);
  const taken = new Set(ranked.map(({ product }) => product));
  for (let product = 0; product < index.productIds.length && ranked.length < count; product++) {
    if (taken.has(product) || excluded.has(product) || admitted?.has(product) === false) continue;
    ranked.push({ product, score: index.viewCounts[product] / totalViews(index), source: 'popular' });
  }
  return ranked;
}

function best(
  index: ServingIndex,
  scorer: Scorer,
  query: Query & Pick<RankRequest, 'count' | 'excluded'>,
): RankedProduct[] {
  const board = boardOf(index);
  board.clear();
  board.admitted = query.admitted;
  scorer(index, query, board);
  const { products, values, size } = board;
  const topK = new TopK(Math.min(query.count, size));
  for (let i = 0; i < size; i++) {
    const product = products[i];
    if (topK.admits(product, values[product]) && !query.excluded.has(product)) topK.offer(product, values[product]);
  }
  return topK.take().map((item) => ({ ...item, source: 'model' }));
}

const boardOf = perIndex(({ productIds }) => new ScoreBoard(productIds.length));

const totalViews = perIndex(({ viewCounts }) => viewCounts.reduce((sum, views) => sum + views, 0));
