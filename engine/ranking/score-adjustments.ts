import type { Bitset } from '../numeric/bitset.ts';

/** Products whose scores are changed alike. Of one change either part may be left out. */
export interface ScoreChange {
  products: Bitset;
  /** Above 0. @default 1 */
  factor?: number | undefined;
  /** In shares of the highest score of the answer. @default 0 */
  add?: number | undefined;
}

/**
 * Changes of scores between scoring and ranking. With factors f and additions a of all changes that hold product j, and m
 * the highest |score| of the answer:
 *
 *     score'(j) = score(j) · Π f + m · Σ a       score(j) ≥ 0
 *     score'(j) = score(j) / Π f + m · Σ a       score(j) < 0
 *
 * A cosine may be negative: divided there, a factor above 1 raises every score, whatever its sign.
 */
export class ScoreAdjustments {
  readonly #changes: readonly ScoreChange[];
  /** Products that a change holds. */
  readonly touched: Bitset;

  /** @param changes of bitsets of one length; at least one. */
  constructor(changes: readonly ScoreChange[]) {
    this.#changes = changes;
    this.touched = changes[0].products.copy();
    for (const { products } of changes.slice(1)) this.touched.unite(products);
  }

  /** What no product with this score or a lower one, 0 or above, can exceed. @param highest m of the formula. */
  atMost(score: number, highest: number): number {
    let factors = 1;
    let additions = 0;
    for (const { factor = 1, add = 0 } of this.#changes) {
      factors *= Math.max(1, factor);
      additions += Math.max(0, add);
    }
    return score * factors + highest * additions;
  }

  /** @param highest m of the formula. */
  adjust(product: number, score: number, highest: number): number {
    let factors = 1;
    let additions = 0;
    for (const { products, factor = 1, add = 0 } of this.#changes) {
      if (!products.has(product)) continue;
      factors *= factor;
      additions += add;
    }
    return (score < 0 ? score / factors : score * factors) + highest * additions;
  }
}
