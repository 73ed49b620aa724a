import type { Bitset } from './bitset.ts';
import { TopK } from './top-k.ts';

/**
 * Scores of some of the products, allocated once and cleared in the time of what was written.
 * A product that was never scored is not on the board, which is not the same as a score of 0.
 *
 * Scores lie side by side in the order in which products came on the board, however large the catalogue: what is read
 * again stays near. A board may have several columns of scores; then a product is on the board once one of them has it.
 */
export class ScoreBoard {
  /** The first `size` are the products on the board, in the order they came. */
  readonly products: Uint32Array;
  /** (columns, productCount + 1) the scores of `products`, by place. */
  readonly columns: readonly Float64Array[];
  size = 0;
  /** Products that may come on the board; undefined: all. */
  admitted: Bitset | undefined;
  /** The column that is written and read. */
  #values: Float64Array;
  /** (productCount) where each product stands in `products`, from 1; 0 for one that is not on the board. */
  readonly #places: Uint32Array;
  /** One bit a product: what is admitted where all are. */
  readonly #all: Uint32Array;
  /** Of `setBest`. */
  readonly #best = new TopK(0);

  /** @param columns (≥ productCount + 1) each; all 0. */
  constructor(productCount: number, columns: readonly Float64Array[] = [new Float64Array(productCount + 1)]) {
    this.columns = columns;
    this.#values = columns[0];
    // One more, which `addMultiples` may write and nothing reads.
    this.products = new Uint32Array(productCount + 1);
    this.#places = new Uint32Array(productCount);
    this.#all = new Uint32Array(Math.ceil(productCount / 32)).fill(0xffff_ffff);
  }

  /** (size) the scores of `products` in the selected column. */
  get values(): Float64Array {
    return this.#values;
  }

  /** From now on this column is written and read. */
  select(column: number): void {
    this.#values = this.columns[column];
  }

  /** 0 for a product that is not on the board. */
  scoreOf(product: number): number {
    const place = this.#places[product];
    return place === 0 ? 0 : this.#values[place - 1];
  }

  admits(product: number): boolean {
    return this.admitted === undefined || this.admitted.has(product);
  }

  /** @returns where the product stands, now that it is on the board; −1 for one that is not admitted. */
  placeOf(product: number): number {
    const place = this.#places[product];
    if (place !== 0) return place - 1;
    if (!this.admits(product)) return -1;
    this.products[this.size] = product;
    this.#places[product] = ++this.size;
    return this.size - 1;
  }

  /** Does nothing with a product that is not admitted. */
  add(product: number, score: number): void {
    const place = this.placeOf(product);
    if (place !== -1) this.#values[place] += score;
  }

  /**
   * Adds a multiple of each product's own score; a score of 0 or below says nothing.
   *
   * Without a branch: whether a product is new to the board is as good as random, and a branch that a CPU cannot foresee takes
   * as long as ten additions.
   *
   * @param list different products [from, to). @param scores (list)
   */
  addMultiples(list: Uint32Array, scores: Float32Array, from: number, to: number, factor: number): void {
    const words = this.admitted?.words ?? this.#all;
    const places = this.#places;
    const values = this.#values;
    const { products } = this;
    let size = this.size;
    for (let i = from; i < to; i++) {
      if (scores[i] <= 0) continue;
      const product = list[i];
      const known = places[product];
      const isUnknown = 1 - ((0 - known) >>> 31);
      const isAdmitted = (words[product >>> 5] >>> (product & 31)) & 1;
      const place = known - 1 + isUnknown * (size + 1);
      places[product] = (place + 1) * isAdmitted;
      products[place] = product;
      values[place] += factor * scores[i] * isAdmitted;
      size += isUnknown * isAdmitted;
    }
    this.size = size;
  }

  /**
   * Replaces what is on the board: `add` for nearly every product, several times as fast.
   * @param scores (n) of the products 0…n − 1 @param isLeftOut (n) 1 where a product stays off the board
   */
  set(scores: Float32Array, isLeftOut: Uint8Array): void {
    this.clear();
    const places = this.#places;
    const values = this.#values;
    const { products } = this;
    let size = 0;
    for (let product = 0; product < scores.length; product++) {
      if (isLeftOut[product] === 1 || !this.admits(product)) continue;
      values[size] = scores[product];
      products[size] = product;
      places[product] = ++size;
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
    const { products, size } = this;
    const places = this.#places;
    if (size > places.length / 4) places.fill(0);
    else for (let i = 0; i < size; i++) places[products[i]] = 0;
    for (const values of this.columns) values.fill(0, 0, size);
    this.size = 0;
  }
}
