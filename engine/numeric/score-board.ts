import type { Bitset } from './bitset.ts';

/** Then the count of calls starts again. */
const MOST_CALLS = 0xffff_ffff;

/**
 * Scores of some of the products, allocated once and cleared in the time of what was written.
 * A product that was never scored is not on the board, which is not the same as a score of 0.
 */
export class ScoreBoard {
  /** (productCount) valid only for the products on the board. */
  readonly values: Float64Array;
  /** (productCount) the first `size` are the products on the board, in the order they came. */
  readonly products: Uint32Array;
  size = 0;
  /** Products that may be on the board; undefined: all. */
  admitted: Bitset | undefined;
  readonly #onBoard: Uint8Array;
  /** (productCount) the call of `addOnceEach` that added the product last. */
  readonly #addedBy: Uint32Array;
  #calls = 0;

  constructor(productCount: number) {
    this.values = new Float64Array(productCount);
    this.products = new Uint32Array(productCount);
    this.#onBoard = new Uint8Array(productCount);
    this.#addedBy = new Uint32Array(productCount);
  }

  /** 0 for a product that is not on the board. */
  scoreOf(product: number): number {
    return this.#onBoard[product] === 1 ? this.values[product] : 0;
  }

  admits(product: number): boolean {
    return this.admitted === undefined || this.admitted.has(product);
  }

  /** Does nothing with a product that is not admitted. */
  add(product: number, score: number): void {
    if (this.#onBoard[product] === 0) {
      if (!this.admits(product)) return;
      this.#onBoard[product] = 1;
      this.values[product] = 0;
      this.products[this.size++] = product;
    }
    this.values[product] += score;
  }

  /**
   * Adds the same score to each of some products, once to each.
   *
   * @param list the products are [from, to) of it, with repetitions.
   * @param weights (list) what the score is multiplied by: that of a product's first place in the part; undefined: all 1.
   */
  addOnceEach(list: Uint32Array, from: number, to: number, score: number, weights: Float32Array | undefined): void {
    if (this.#calls === MOST_CALLS) this.#addedBy.fill(0);
    this.#calls = (this.#calls % MOST_CALLS) + 1;
    const call = this.#calls;
    const addedBy = this.#addedBy;
    for (let i = from; i < to; i++) {
      const product = list[i];
      if (addedBy[product] === call) continue;
      addedBy[product] = call;
      this.add(product, weights === undefined ? score : score * weights[i]);
    }
  }

  /**
   * Replaces what is on the board: `add` for nearly every product, several times as fast.
   * @param scores (n) of the products 0…n − 1 @param isLeftOut (n) 1 where a product stays off the board
   */
  set(scores: Float32Array, isLeftOut: Uint8Array): void {
    this.clear();
    const { values, products } = this;
    const onBoard = this.#onBoard;
    let size = 0;
    for (let product = 0; product < scores.length; product++) {
      if (isLeftOut[product] === 1 || !this.admits(product)) continue;
      values[product] = scores[product];
      products[size++] = product;
      onBoard[product] = 1;
    }
    this.size = size;
  }

  clear(): void {
    for (let i = 0; i < this.size; i++) this.#onBoard[this.products[i]] = 0;
    this.size = 0;
  }
}
