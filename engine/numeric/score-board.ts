import type { Bitset } from './bitset.ts';
import { TopK } from './top-k.ts';

/** The largest stamp: then they start again. */
const LAST_STAMP = 0xffff;

/**
 * Scores of some of the products, allocated once and cleared in the time of what was written.
 * A product that was never scored is not on the board, which is not the same as a score of 0.
 */
export class ScoreBoard {
  /** (productCount) 0 for a product that is not on the board. */
  readonly values: Float64Array;
  /** The first `size` are the products on the board, in the order they came. */
  readonly products: Uint32Array;
  size = 0;
  /** Products that may be on the board; undefined: all. */
  admitted: Bitset | undefined;
  /**
   * (productCount) above `#cleared` for the products on the board: the call of `addOnceEach` that added to the product last.
   * Two bytes each, since they are read from all over a large catalogue.
   */
  readonly #stamps: Uint16Array;
  #cleared = 0;
  #stamp = 1;
  /** Of `setBest`. */
  readonly #best = new TopK(0);

  constructor(productCount: number) {
    this.values = new Float64Array(productCount);
    // One more, which `#addOnceEachOfAll` may write and nothing reads.
    this.products = new Uint32Array(productCount + 1);
    this.#stamps = new Uint16Array(productCount);
  }

  /** 0 for a product that is not on the board. */
  scoreOf(product: number): number {
    return this.values[product];
  }

  admits(product: number): boolean {
    return this.admitted === undefined || this.admitted.has(product);
  }

  /** Does nothing with a product that is not admitted. */
  add(product: number, score: number): void {
    if (this.#stamps[product] <= this.#cleared) {
      if (!this.admits(product)) return;
      this.#stamps[product] = this.#cleared + 1;
      this.products[this.size++] = product;
    }
    this.values[product] += score;
  }

  /**
   * Adds a multiple of each product's own score; a score of 0 or below says nothing.
   *
   * @param list different products [from, to). @param scores (list)
   */
  addMultiples(list: Uint32Array, scores: Float32Array, from: number, to: number, factor: number): void {
    if (this.admitted !== undefined) {
      for (let i = from; i < to; i++) if (scores[i] > 0) this.add(list[i], factor * scores[i]);
      return;
    }
    const cleared = this.#cleared;
    const stamps = this.#stamps;
    const { values, products } = this;
    let size = this.size;
    for (let i = from; i < to; i++) {
      if (scores[i] <= 0) continue;
      const product = list[i];
      const isNew = 1 - ((cleared - stamps[product]) >>> 31);
      values[product] += factor * scores[i];
      // That of `add`, which no call of `addOnceEach` has.
      stamps[product] = cleared + 1;
      products[size] = product;
      size += isNew;
    }
    this.size = size;
  }

  /**
   * Adds the same score to each of some products, once to each.
   *
   * @param list the products are [from, to) of it, with repetitions.
   * @param weights (list) what the score is multiplied by: that of a product's first place in the part; undefined: all 1.
   */
  addOnceEach(list: Uint32Array, from: number, to: number, score: number, weights: Float32Array | undefined): void {
    if (this.#stamp === LAST_STAMP) this.#renumber();
    const stamp = ++this.#stamp;
    if (this.admitted === undefined) {
      this.#addOnceEachOfAll(list, from, to, score, weights);
      return;
    }
    const stamps = this.#stamps;
    for (let i = from; i < to; i++) {
      const product = list[i];
      if (stamps[product] === stamp || !this.admits(product)) continue;
      this.add(product, weights === undefined ? score : score * weights[i]);
      stamps[product] = stamp;
    }
  }

  /**
   * Without a branch: whether a product is new to the board, or stands in the list again, is as good as random, and a
   * branch that a CPU cannot foresee takes as long as ten additions.
   */
  #addOnceEachOfAll(
    list: Uint32Array,
    from: number,
    to: number,
    score: number,
    weights: Float32Array | undefined,
  ): void {
    const stamp = this.#stamp;
    const cleared = this.#cleared;
    const stamps = this.#stamps;
    const { values, products } = this;
    let size = this.size;
    for (let i = from; i < to; i++) {
      const product = list[i];
      const last = stamps[product];
      // 1 unless they are equal; 1 where the first is not above the second: both are less than 2³¹ apart.
      const isOther = 1 - (((last ^ stamp) - 1) >>> 31);
      const isNew = 1 - ((cleared - last) >>> 31);
      values[product] += (weights === undefined ? score : score * weights[i]) * isOther;
      stamps[product] = stamp;
      products[size] = product;
      size += isNew;
    }
    this.size = size;
  }

  /**
   * Replaces what is on the board: `add` for nearly every product, several times as fast.
   * @param scores (n) of the products 0…n − 1 @param isLeftOut (n) 1 where a product stays off the board
   */
  set(scores: Float32Array, isLeftOut: Uint8Array): void {
    this.clear();
    const { values, products } = this;
    const stamps = this.#stamps;
    const stamp = this.#stamp;
    let size = 0;
    for (let product = 0; product < scores.length; product++) {
      if (isLeftOut[product] === 1 || !this.admits(product)) continue;
      values[product] = scores[product];
      products[size++] = product;
      stamps[product] = stamp;
    }
    this.size = size;
  }

  /**
   * As `set`, of the best alone, equal scores by lower product number. Most scores are seen to be too low at a glance.
   * @param most so many of them
   */
  setBest(scores: Float32Array, isLeftOut: Uint8Array, most: number): void {
    if (most >= scores.length) {
      this.set(scores, isLeftOut);
      return;
    }
    this.clear();
    const best = this.#best;
    best.clear(most);
    let least = Number.NEGATIVE_INFINITY;
    for (let product = 0; product < scores.length; product++) {
      if (scores[product] <= least || isLeftOut[product] === 1 || !this.admits(product)) continue;
      best.offer(product, scores[product]);
      if (best.size === most) least = best.scoreAt(0);
    }
    for (let i = 0; i < best.size; i++) this.add(best.productAt(i), best.scoreAt(i));
  }

  clear(): void {
    const { values, products, size } = this;
    if (size > values.length / 4) values.fill(0);
    else for (let i = 0; i < size; i++) values[products[i]] = 0;
    this.size = 0;
    if (this.#stamp === LAST_STAMP) this.#renumber();
    this.#cleared = this.#stamp++;
  }

  /** Starts again, with what is on the board. */
  #renumber(): void {
    this.#stamps.fill(0);
    for (let i = 0; i < this.size; i++) this.#stamps[this.products[i]] = 1;
    this.#cleared = 0;
    this.#stamp = 1;
  }
}
