import type { Bitset } from '../numeric/bitset.ts';

/** Thousands of conditions of a small catalogue, 600 of one of 200,000 products. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The rows that pass conditions asked before; the ones not asked for the longest time make room. */
export class ConditionCache {
  readonly #mostBytes: number;
  /** In the order of their last use: a Map keeps the order in which its keys were added. */
  readonly #passing = new Map<string, Bitset>();
  #bytes = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  get size(): number {
    return this.#passing.size;
  }

  /** @returns rows that nobody may change. */
  get(key: string, compute: () => Bitset): Bitset {
    let passing = this.#passing.get(key);
    if (passing === undefined) {
      passing = compute();
      this.#bytes += bytesOf(key, passing);
    } else {
      this.#passing.delete(key);
    }
    this.#passing.set(key, passing);
    for (const [oldest, rows] of this.#passing) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#passing.delete(oldest);
      this.#bytes -= bytesOf(oldest, rows);
    }
    return passing;
  }
}

/** Two bytes a character, and as much again as an entry takes by itself. */
function bytesOf(key: string, { words }: Bitset): number {
  return words.byteLength + 2 * key.length + 200;
}
