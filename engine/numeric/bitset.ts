/** A set of the numbers 0…length − 1, one bit each. */
export class Bitset {
  readonly length: number;
  /** (⌈length / 32⌉) number n is bit n mod 32 of word ⌊n / 32⌋; bits from `length` on are 0. */
  readonly words: Uint32Array;

  constructor(length: number, words = new Uint32Array(Math.ceil(length / 32))) {
    this.length = length;
    this.words = words;
  }

  static full(length: number): Bitset {
    return new Bitset(length).invert();
  }

  has(number: number): boolean {
    return ((this.words[number >>> 5] >>> (number & 31)) & 1) === 1;
  }

  add(number: number): void {
    this.words[number >>> 5] |= 1 << (number & 31);
  }

  delete(number: number): void {
    this.words[number >>> 5] &= ~(1 << (number & 31));
  }

  /** Keeps what both hold. @returns itself. */
  intersect(other: Bitset): this {
    for (let w = 0; w < this.words.length; w++) this.words[w] &= other.words[w];
    return this;
  }

  /** Takes in what the other holds. @returns itself. */
  unite(other: Bitset): this {
    for (let w = 0; w < this.words.length; w++) this.words[w] |= other.words[w];
    return this;
  }

  /** @returns itself, now holding what it did not. */
  invert(): this {
    for (let w = 0; w < this.words.length; w++) this.words[w] = ~this.words[w];
    const surplus = this.words.length * 32 - this.length;
    if (surplus > 0) this.words[this.words.length - 1] &= 0xffff_ffff >>> surplus;
    return this;
  }

  /**
   * The least member from `number` on.
   *
   * @param within that it must be in, too; as long as this set. @returns -1 when there is none.
   */
  next(number: number, within?: Bitset): number {
    const { words } = this;
    const others = within?.words;
    let w = number >>> 5;
    if (w >= words.length) return -1;
    let word = words[w] & (-1 << (number & 31));
    if (others !== undefined) word &= others[w];
    while (word === 0) {
      if (++w === words.length) return -1;
      word = others === undefined ? words[w] : words[w] & others[w];
    }
    return w * 32 + 31 - Math.clz32(word & -word);
  }

  copy(): Bitset {
    return new Bitset(this.length, this.words.slice());
  }

  count(): number {
    let count = 0;
    for (let word of this.words) {
      // Hamming weight (Warren, Hacker's Delight, 5–1).
      word -= (word >>> 1) & 0x5555_5555;
      word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
      count += Math.imul((word + (word >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
    }
    return count;
  }
}
