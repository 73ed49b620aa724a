import { Bitset } from '../numeric/bitset.ts';

/** A set of rows that grows with them, one bit each. */
export class RowMarks {
  readonly #words: number[] = [];

  get isEmpty(): boolean {
    return this.#words.length === 0;
  }

  add(row: number): void {
    while (this.#words.length <= row >>> 5) this.#words.push(0);
    this.#words[row >>> 5] |= 1 << (row & 31);
  }

  /** @param rows of which row i becomes number i of the set. */
  ofRows(rows: Int32Array): Bitset {
    const marks = new Bitset(rows.length);
    rows.forEach((row, i) => {
      if ((this.#words[row >>> 5] >>> (row & 31)) & 1) marks.add(i);
    });
    return marks;
  }
}
