import { TopK } from '../../numeric/top-k.ts';
import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { perIndex } from '../per-index.ts';
import { newestDistinct, type Scorer } from '../scorer.ts';

const DECAY = 0.6;
/** More products to start from, or in between, find next to nothing more, and each row of pairs takes its time. */
const STARTS = 2;
const MIDDLES = 5;

/**
 * Two steps along the session rules, as a random walk would take them (Cooper et al. 2014, "Random walks in recommender
 * systems"): Σ_k 0.6^k Σ_b nearby(a_k, b) · nearby(b, product) / Σ_j nearby(b, j), where a_0 and a_1 are the newest two
 * distinct products, and b the five with the highest nearby(a_k, b). It reaches products that no session has held
 * together with those of this one, which are many in a large catalogue.
 */
export const twoStepRules: Scorer = (index, { viewed }, board) => {
  const { offsets, products, nearby } = index.pairs;
  const { middles, sums } = scratchOf(index);
  let weight = 1;
  for (const start of newestDistinct(viewed).slice(0, STARTS)) {
    middles.clear();
    for (let pair = offsets[start]; pair < offsets[start + 1]; pair++) middles.offer(pair, nearby[pair]);
    for (let n = 0; n < middles.size; n++) {
      const pair = middles.productAt(n);
      const middle = products[pair];
      const [from, to] = [offsets[middle], offsets[middle + 1]];
      if (Number.isNaN(sums[middle])) sums[middle] = sumOf(nearby, from, to);
      if (sums[middle] > 0) board.addMultiples(products, nearby, from, to, (weight * nearby[pair]) / sums[middle]);
    }
    weight *= DECAY;
  }
};

function sumOf(values: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i];
  return sum;
}

const scratchOf = perIndex(({ productIds }: ServingIndex) => ({
  /** Places in the list of pairs, equal ones by the lower product number. */
  middles: new TopK(MIDDLES),
  /** (productCount) of each row of pairs; NaN until it is first asked for. */
  sums: new Float64Array(productIds.length).fill(Number.NaN),
}));
