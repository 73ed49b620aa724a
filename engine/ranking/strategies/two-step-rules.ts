import { TopK } from '../../numeric/top-k.ts';
import { perIndex } from '../per-index.ts';
import { newestDistinct, type Scorer } from '../scorer.ts';
import { DECAY, sumOfNearby } from './pair-rules.ts';

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
  const middles = middlesOf(index);
  let weight = 1;
  for (const start of newestDistinct(viewed).slice(0, STARTS)) {
    middles.clear();
    for (let pair = offsets[start]; pair < offsets[start + 1]; pair++) middles.offer(pair, nearby[pair]);
    for (let n = 0; n < middles.size; n++) {
      const pair = middles.productAt(n);
      const middle = products[pair];
      const sum = sumOfNearby(index, middle);
      if (sum === 0) continue;
      board.addMultiples(products, nearby, offsets[middle], offsets[middle + 1], (weight * nearby[pair]) / sum);
    }
    weight *= DECAY;
  }
};

/** Places in the list of pairs; of equal ones the lower product number. */
const middlesOf = perIndex(() => new TopK(MIDDLES));
