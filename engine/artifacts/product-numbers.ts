import { encodeStrings } from './encoded-strings.ts';

/** What a model needs of a `Map` from product id to number. */
type NumberById = Pick<ReadonlyMap<string, number>, 'get' | 'has' | 'size'>;

const ASCII_END = 0x80;
/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
const FNV_OFFSET = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;

/**
 * A product's number by its id: a hash table over the ids' UTF-8 bytes as they lie in the index. A `Map` of 200,000 strings
 * takes ten times as long to make, which a cold start waits for.
 */
export class ProductNumbers implements NumberById {
  /** Ids without their repetitions. */
  readonly size: number;
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  /** Open addressing, a power of two, at most half full: product + 1, or 0. */
  readonly #table: Uint32Array;

  /** @param offsets (products + 1) product p has the bytes [offsets[p], offsets[p + 1]). Of equal ids the first is found. */
  constructor(bytes: Uint8Array, offsets: Uint32Array) {
    const count = offsets.length - 1;
    const slots = 2 ** Math.ceil(Math.log2(2 * count + 2));
    this.bytes = bytes;
    this.offsets = offsets;
    this.#table = new Uint32Array(slots);
    let size = 0;
    for (let product = 0; product < count; product++) {
      const hash = hashOf(bytes, offsets[product], offsets[product + 1]);
      let slot = spread(hash) & (slots - 1);
      while (this.#table[slot] !== 0 && !this.#sameBytes(this.#table[slot] - 1, product))
        slot = (slot + 1) & (slots - 1);
      if (this.#table[slot] !== 0) continue;
      this.#table[slot] = product + 1;
      size++;
    }
    this.size = size;
  }

  static of(productIds: readonly string[]): ProductNumbers {
    const { bytes, offsets } = encodeStrings(productIds);
    return new ProductNumbers(bytes, offsets);
  }

  get(id: string): number | undefined {
    let hash = FNV_OFFSET;
    for (let i = 0; i < id.length; i++) {
      const unit = id.charCodeAt(i);
      if (unit >= ASCII_END) return this.#getEncoded(id);
      hash = Math.imul(hash ^ unit, FNV_PRIME);
    }
    return this.#find(hash, id.length, (i) => id.charCodeAt(i));
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  #getEncoded(id: string): number | undefined {
    // UTF-8 has no half of a surrogate pair: encoded, it would become another text.
    if (!id.isWellFormed()) return undefined;
    const bytes = Buffer.from(id);
    return this.numberAt(bytes, 0, bytes.length);
  }

  /** Of the id whose UTF-8 is the bytes [start, end). */
  numberAt(bytes: Uint8Array, start: number, end: number): number | undefined {
    return this.#find(hashOf(bytes, start, end), end - start, (i) => bytes[start + i]);
  }

  #find(hash: number, length: number, byteAt: (i: number) => number): number | undefined {
    const last = this.#table.length - 1;
    for (let slot = spread(hash) & last; this.#table[slot] !== 0; slot = (slot + 1) & last) {
      const product = this.#table[slot] - 1;
      const start = this.offsets[product];
      if (this.offsets[product + 1] - start !== length) continue;
      let i = 0;
      while (i < length && this.bytes[start + i] === byteAt(i)) i++;
      if (i === length) return product;
    }
    return undefined;
  }

  #sameBytes(a: number, b: number): boolean {
    const [startA, startB] = [this.offsets[a], this.offsets[b]];
    const length = this.offsets[a + 1] - startA;
    if (this.offsets[b + 1] - startB !== length) return false;
    for (let i = 0; i < length; i++) if (this.bytes[startA + i] !== this.bytes[startB + i]) return false;
    return true;
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], FNV_PRIME);
  return hash;
}

/** FNV's low bits alone spread short ids badly. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
