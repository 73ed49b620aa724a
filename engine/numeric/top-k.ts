/**
 * The best `capacity` of the products offered, by score, equal scores by lower product number: a binary min-heap whose
 * root is the worst kept. O(n log capacity), nothing allocated per offer.
 */
export class TopK {
  #capacity: number;
  #products: Uint32Array;
  #scores: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#products = new Uint32Array(capacity);
    this.#scores = new Float64Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** Those kept, in no particular order but that the worst one is the first. @param i below `size` */
  productAt(i: number): number {
    return this.#products[i];
  }

  scoreAt(i: number): number {
    return this.#scores[i];
  }

  /** @param capacity from now on. */
  clear(capacity = this.#capacity): void {
    this.#size = 0;
    this.#capacity = capacity;
    if (capacity <= this.#products.length) return;
    this.#products = new Uint32Array(capacity);
    this.#scores = new Float64Array(capacity);
  }

  /** Whether `offer` would keep it: cheap, to ask before anything dearer. */
  admits(product: number, score: number): boolean {
    if (this.#size < this.#capacity) return true;
    if (this.#capacity === 0) return false;
    const worst = this.#scores[0];
    return score > worst || (score === worst && product < this.#products[0]);
  }

  /** Whether one that was offered is among those kept. */
  keeps(product: number, score: number): boolean {
    return this.#size > 0 && !isWorse(score, product, this.#scores[0], this.#products[0]);
  }

  offer(product: number, score: number): void {
    if (!this.admits(product, score)) return;
    if (this.#size < this.#capacity) this.#siftUp(this.#size++, product, score);
    else this.#siftDown(product, score);
  }

  /** Empties the heap. @returns best first. */
  take(): { product: number; score: number }[] {
    const ranked = new Array<{ product: number; score: number }>(this.#size);
    for (let place = this.#size - 1; place >= 0; place--) {
      ranked[place] = { product: this.#products[0], score: this.#scores[0] };
      this.#size = place;
      if (place > 0) this.#siftDown(this.#products[place], this.#scores[place]);
    }
    return ranked;
  }

  #siftUp(start: number, product: number, score: number): void {
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (isWorse(this.#scores[parent], this.#products[parent], score, product)) break;
      this.#move(parent, i);
      i = parent;
    }
    this.#products[i] = product;
    this.#scores[i] = score;
  }

  #siftDown(product: number, score: number): void {
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.#size) break;
      const right = child + 1;
      if (
        right < this.#size &&
        isWorse(this.#scores[right], this.#products[right], this.#scores[child], this.#products[child])
      ) {
        child = right;
      }
      if (isWorse(score, product, this.#scores[child], this.#products[child])) break;
      this.#move(child, i);
      i = child;
    }
    this.#products[i] = product;
    this.#scores[i] = score;
  }

  #move(from: number, to: number): void {
    this.#products[to] = this.#products[from];
    this.#scores[to] = this.#scores[from];
  }
}

function isWorse(score: number, product: number, otherScore: number, otherProduct: number): boolean {
  return score < otherScore || (score === otherScore && product > otherProduct);
}
