import { KERNEL } from './best-of-many-wasm.ts';
import { compileKernel, instantiate } from './kernel.ts';
import { KernelLayout } from './kernel-memory.ts';
import { TopK } from './top-k.ts';

/** As the kernel has it: so many bits of a score are not of its class. */
const CLASS_SHIFT = 20;
const CLASSES = 2 ** (32 - CLASS_SHIFT);
/** The kernel reads and writes so many numbers at a time. */
const LANES = 4;

/**
 * Which of many products are the best `capacity`, by score, equal scores by lower product number; as `TopK`, but by counting
 * classes of scores in WebAssembly, without a branch that a CPU cannot foresee: only those of the class in which the last
 * place is taken are compared. It takes the same time in whatever order they come.
 */
export class BestOfMany {
  /** (most) what `choose` chooses by. */
  readonly scores: Float64Array;
  /** What `choose` chose: places in the list of products, ascending. */
  readonly chosen: Uint32Array;
  readonly #capacity: number;
  readonly #keys: Uint32Array;
  readonly #find: (count: number, capacity: number) => number;
  readonly #lastClass: WebAssembly.Global;
  readonly #betterCount: WebAssembly.Global;
  /** Of the class in which the last place is taken. */
  readonly #last: TopK;

  /** @param capacity at least 1 @param most products at a time */
  constructor(capacity: number, most: number) {
    this.#capacity = capacity;
    this.#last = new TopK(capacity);
    const layout = new KernelLayout();
    const globals = {
      scores: layout.reserve(most * Float64Array.BYTES_PER_ELEMENT),
      keys: layout.reserve((most + LANES) * Uint32Array.BYTES_PER_ELEMENT),
      counts: layout.reserve(CLASSES * Uint32Array.BYTES_PER_ELEMENT),
      found: layout.reserve((most + LANES) * Uint32Array.BYTES_PER_ELEMENT),
    };
    const memory = layout.allocate('Choosing the best products');
    this.scores = new Float64Array(memory.buffer, globals.scores, most);
    this.chosen = new Uint32Array(memory.buffer, globals.found, most);
    this.#keys = new Uint32Array(memory.buffer, globals.keys, most);
    compiled ??= compileKernel(KERNEL);
    const exports = instantiate(compiled, memory, globals);
    this.#find = exports['find'] as (count: number, capacity: number) => number;
    this.#lastClass = exports['lastClass'] as WebAssembly.Global;
    this.#betterCount = exports['betterCount'] as WebAssembly.Global;
  }

  /** @param products (≥ count) different ones, with a score each. @returns how many are chosen. */
  choose(products: Uint32Array, count: number): number {
    const { scores, chosen } = this;
    if (count <= this.#capacity) {
      for (let i = 0; i < count; i++) chosen[i] = i;
      return count;
    }
    const size = this.#find(count, this.#capacity);
    if (size === this.#capacity) return size;
    const last = this.#last;
    const keys = this.#keys;
    const lastClass = this.#lastClass.value >>> CLASS_SHIFT;
    last.clear(this.#capacity - this.#betterCount.value);
    for (let n = 0; n < size; n++) {
      const i = chosen[n];
      if (keys[i] >>> CLASS_SHIFT === lastClass) last.offer(products[i], scores[i]);
    }
    let kept = 0;
    for (let n = 0; n < size; n++) {
      const i = chosen[n];
      if (keys[i] >>> CLASS_SHIFT > lastClass || last.keeps(products[i], scores[i])) chosen[kept++] = i;
    }
    return kept;
  }
}

let compiled: WebAssembly.Module | undefined;
