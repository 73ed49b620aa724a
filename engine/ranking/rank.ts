import type { Bitset } from '../numeric/bitset.ts';
import type { Random } from '../numeric/random.ts';
import { ScoreBoard } from '../numeric/score-board.ts';
import { TopK } from '../numeric/top-k.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import type { Strategy } from '../serving-index/strategy.ts';
import { type ArrangedProduct, arrange, type Pin, SPREAD_REACH, type SpreadLimit } from './arrange.ts';
import { bestOfGroups, OneOfEachGroup } from './one-of-each-group.ts';
import { perIndex } from './per-index.ts';
import type { RankedProduct } from './ranked-product.ts';
import type { ScoreAdjustments } from './score-adjustments.ts';
import { nextAdmitted, type Query, type Scorer } from './scorer.ts';
import { blend } from './strategies/blend.ts';
import { boughtTogether } from './strategies/bought-together.ts';
import { clusterNearest, clusterSample } from './strategies/clusters.ts';
import { embedding } from './strategies/embedding.ts';
import { markov, sequentialRules } from './strategies/pair-rules.ts';
import { sessionKnn } from './strategies/session-knn.ts';
import { trending } from './strategies/trending.ts';

export interface RankRequest {
  /** Oldest first, known products only; a single product is a session of one view. */
  viewed: readonly number[];
  count: number;
  strategy: Strategy;
  /** Ranks in place of the strategy's. */
  scorer?: Scorer | undefined;
  /** Never recommended. */
  excluded: ReadonlySet<number>;
  /** Whether viewed products are excluded, too. */
  excludeViewed: boolean;
  /** For `cluster-sample`. */
  random: Random;
  /** Products that may be recommended; undefined: all. */
  admitted?: Bitset | undefined;
  /** (≥ productCount) the group of variants of each product, below 0 where it has none: of a group one is ranked. */
  variantGroups?: Int32Array | undefined;
  /** Of the scores, before the best are chosen; of popular products, too. */
  adjustments?: ScoreAdjustments | undefined;
  /** The first of two pins of one product counts, and the later of two for one place gets the next free one. */
  pins?: readonly Pin[];
  limits?: readonly SpreadLimit[];
}

const SCORERS: Record<Exclude<Strategy, 'popularity'>, Scorer> = {
  'cluster-sample': clusterSample,
  'cluster-nearest': clusterNearest,
  embedding,
  markov,
  'sequential-rules': sequentialRules,
  'session-knn': sessionKnn,
  'bought-together': boughtTogether,
  trending,
  blend,
};

/** @returns undefined for `popularity`, which scores nothing and leaves everything to the filling up. */
export function scorerOf(strategy: Strategy): Scorer | undefined {
  return strategy === 'popularity' ? undefined : SCORERS[strategy];
}

/**
 * @returns unique products, best first, equal scores by lower product number; exactly `count` of them unless fewer are
 * allowed. What the strategy cannot fill is filled up with the most viewed products, marked `popular`. Pinned products
 * stand at their places, unless they are excluded or not admitted.
 */
export function rank(index: ServingIndex, request: RankRequest): ArrangedProduct[] {
  const { viewed, count, excludeViewed, pins = [], limits = [] } = request;
  const excluded = excludeViewed ? new Set([...request.excluded, ...viewed]) : request.excluded;
  const scorer = request.scorer ?? scorerOf(request.strategy);
  if (pins.length === 0 && limits.length === 0) return rankBy(index, scorer, { ...request, excluded });
  const pinned = placesOf(pins, { ...request, excluded });
  const products = [...pinned.values()].map(({ product }) => product);
  const others = { ...request, excluded: new Set([...excluded, ...products]), shown: products };
  // Most lists keep their limits near the top: the whole reach is ranked when they do not.
  for (let most = limits.length === 0 ? count : FIRST_REACH * count; ; most = Math.max(count, SPREAD_REACH)) {
    const ranking = rankBy(index, scorer, { ...others, count: most });
    const { items, ranOut } = arrange(ranking, count, pinned, limits);
    if (!ranOut || most >= SPREAD_REACH || ranking.length < most || limits.length === 0) return items;
  }
}

/** In lists. */
const FIRST_REACH = 4;

/** The pinned products that may be shown, by place. */
function placesOf(
  pins: readonly Pin[],
  { count, excluded, admitted, variantGroups }: Pick<RankRequest, 'count' | 'excluded' | 'admitted' | 'variantGroups'>,
): Map<number, RankedProduct> {
  const placed = new Map<number, RankedProduct>();
  const groups = new OneOfEachGroup(variantGroups);
  const seen = new Set<number>();
  for (const { product, place: wanted } of pins) {
    if (wanted > count || seen.has(product) || excluded.has(product) || admitted?.has(product) === false) continue;
    let place = wanted;
    while (placed.has(place)) place++;
    if (place > count || !groups.take(product)) continue;
    seen.add(product);
    placed.set(place, { product, score: 0, source: 'pinned' });
  }
  return placed;
}

interface RankQuery extends Query, Pick<RankRequest, 'count' | 'excluded' | 'variantGroups'> {
  /** Products that are on the list beside the ranked ones. */
  shown?: readonly number[];
}

/** `rank` for any scorer, without pins and limits. */
export function rankBy(index: ServingIndex, scorer: Scorer | undefined, query: RankQuery): RankedProduct[] {
  const ranked = scorer === undefined ? [] : best(index, scorer, query);
  return ranked.length === query.count ? ranked : [...ranked, ...mostViewed(index, query, ranked)];
}

/** What fills the list up. */
function mostViewed(
  index: ServingIndex,
  { count, excluded, admitted, adjustments, variantGroups, shown = [] }: RankQuery,
  ranked: readonly RankedProduct[],
): RankedProduct[] {
  const taken = new Set(ranked.map(({ product }) => product));
  const isOpen = (product: number) => !taken.has(product) && !excluded.has(product);
  const shareOf = (product: number) => index.viewCounts[product] / totalViews(index);
  const bestOf = (most: number) => {
    const topK = new TopK(most);
    // Products stand in falling order of their views: only those whose scores are changed can overtake.
    let unchanged = 0;
    const from = (product: number) => nextAdmitted(index, admitted, product);
    for (let p = from(0); p < index.productIds.length && unchanged < most; p = from(p + 1)) {
      if (!isOpen(p) || adjustments?.touched.has(p) === true) continue;
      topK.offer(p, shareOf(p));
      unchanged++;
    }
    if (adjustments !== undefined) {
      const { touched } = adjustments;
      const highest = index.productIds.length === 0 ? 0 : shareOf(0);
      for (
        let p = touched.next(0, admitted);
        p !== -1 && p < index.productIds.length;
        p = touched.next(p + 1, admitted)
      ) {
        if (!topK.admits(p, adjustments.atMost(shareOf(p), highest))) break;
        if (isOpen(p)) topK.offer(p, adjustments.adjust(p, shareOf(p), highest));
      }
    }
    return topK.take();
  };
  const onList = [...shown, ...taken];
  return bestOfGroups(count - ranked.length, variantGroups, onList, bestOf).map((item) => ({
    ...item,
    source: 'popular',
  }));
}

function best(index: ServingIndex, scorer: Scorer, query: RankQuery): RankedProduct[] {
  const { count, excluded, adjustments, variantGroups, shown = [] } = query;
  const { board, topK } = scratchOf(index);
  board.clear();
  board.admitted = query.admitted;
  // Of a group of variants one alone is shown: nobody knows beforehand how many are enough.
  const enough = variantGroups === undefined ? count + excluded.size : undefined;
  scorer(index, { ...query, enough }, board);
  if (adjustments !== undefined) adjust(board, adjustments, excluded);
  const { products, values, size } = board;
  const bestOf = (most: number) => {
    topK.clear(Math.min(most, size));
    for (let i = 0; i < size; i++) {
      const product = products[i];
      if (topK.admits(product, values[i]) && !excluded.has(product)) topK.offer(product, values[i]);
    }
    return topK.take();
  };
  const source = scorer === trending ? 'trending' : 'model';
  return bestOfGroups(count, variantGroups, shown, bestOf).map(({ product, score }) => ({ product, score, source }));
}

function adjust(
  { products, values, size }: ScoreBoard,
  adjustments: ScoreAdjustments,
  excluded: ReadonlySet<number>,
): void {
  let highest = 0;
  for (let i = 0; i < size; i++) {
    const score = Math.abs(values[i]);
    if (score > highest && !excluded.has(products[i])) highest = score;
  }
  for (let i = 0; i < size; i++) {
    const product = products[i];
    if (adjustments.touched.has(product)) values[i] = adjustments.adjust(product, values[i], highest);
  }
}

const scratchOf = perIndex(({ productIds }) => ({ board: new ScoreBoard(productIds.length), topK: new TopK(100) }));

const totalViews = perIndex(({ viewCounts }) => viewCounts.reduce((sum, views) => sum + views, 0));
