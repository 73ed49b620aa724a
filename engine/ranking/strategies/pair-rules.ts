import type { ScoreBoard } from '../../numeric/score-board.ts';
import type { ProductPairs } from '../../serving-index/product-pairs.ts';
import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { perIndex } from '../per-index.ts';
import { newestDistinct, type Scorer } from '../scorer.ts';

/** First-order Markov chain: what was viewed right after the newest product, by how often. */
export const markov: Scorer = (index, { viewed }, board) => addRowOfNewest(index, viewed, 'next', board);

/** Sequential rules (SR): what followed the newest product within 10 views, each counting 1/distance. */
export const sequentialRules: Scorer = (index, { viewed }, board) => addRowOfNewest(index, viewed, 'following', board);

/** Item co-occurrence (association rules of size two, AR): sessions that hold both products. */
export const coOccurrence: Scorer = (index, { viewed }, board) => addRowOfNewest(index, viewed, 'together', board);

/** From one product of the session to the one before it. */
export const DECAY = 0.6;

/** Sequential rules from the whole session: Σ_k 0.6^k · nearby(the distinct product k steps back). */
export const sessionRules: Scorer = (index, { viewed }, board) => {
  let weight = 1;
  for (const product of newestDistinct(viewed)) {
    addRow(index.pairs, 'nearby', product, weight, board);
    weight *= DECAY;
  }
};

type Statistic = 'next' | 'following' | 'together' | 'nearby';

function addRowOfNewest(index: ServingIndex, viewed: readonly number[], statistic: Statistic, board: ScoreBoard): void {
  const newest = viewed.at(-1);
  if (newest !== undefined) addRow(index.pairs, statistic, newest, 1, board);
}

function addRow(pairs: ProductPairs, statistic: Statistic, product: number, weight: number, board: ScoreBoard): void {
  const { offsets, products } = pairs;
  board.addMultiples(products, pairs[statistic], offsets[product], offsets[product + 1], weight);
}

/** Σ_j nearby(product, j), added up once for an index. */
export function sumOfNearby(index: ServingIndex, product: number): number {
  const sums = nearbySumsOf(index);
  if (Number.isNaN(sums[product])) {
    const { offsets, nearby } = index.pairs;
    let sum = 0;
    for (let pair = offsets[product]; pair < offsets[product + 1]; pair++) sum += nearby[pair];
    sums[product] = sum;
  }
  return sums[product];
}

/** (productCount) NaN until a product is first asked for. */
const nearbySumsOf = perIndex(({ productIds }: ServingIndex) => new Float64Array(productIds.length).fill(Number.NaN));
