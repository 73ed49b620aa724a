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
  /** (lists, most) what `choose` chooses by; all 0 to begin with. */
  readonly scores: readonly Float64Array[];
  /** What `choose` chose: places in the list of products, ascending. */
  readonly chosen: Uint32Array;
  readonly #capacity: number;
  readonly #keys: Uint32Array;
  readonly #kernel: Kernel;
  /** Of the class in which the last place is taken. */
  readonly #last: TopK;

  /** @param capacity at least 1 @param most products at a time @param lists of scores, which take turns */
  constructor(capacity: number, most: number, lists = 1) {
    this.#capacity = capacity;
    this.#last = new TopK(capacity);
    const layout = new KernelLayout();
    const listBytes = most * Float64Array.BYTES_PER_ELEMENT;
    const globals = {
      listBytes,
      scores: layout.reserve(lists * listBytes),
      keys: layout.reserve((most + LANES) * Uint32Array.BYTES_PER_ELEMENT),
      counts: layout.reserve(CLASSES * Uint32Array.BYTES_PER_ELEMENT),
      found: layout.reserve((most + LANES) * Uint32Array.BYTES_PER_ELEMENT),
    };
    const memory = layout.allocate('Choosing the best products');
    this.scores = Array.from(
      { length: lists },
      (_, list) => new Float64Array(memory.buffer, globals.scores + list * listBytes, most),
    );
    this.chosen = new Uint32Array(memory.buffer, globals.found, most);
    this.#keys = new Uint32Array(memory.buffer, globals.keys, most);
    compiled ??= compileKernel(KERNEL);
    this.#kernel = instantiate(compiled, memory, globals) as unknown as Kernel;
  }

  /** Of the first `count` scores of a list, none of which is negative. */
  total(list: number, count: number): { sum: number; highest: number } {
    this.#kernel.total(list, count);
    return { sum: this.#kernel.sum.value, highest: this.#kernel.highest.value };
  }

  /** @param products (≥ count) different ones, with a score each in the list. @returns how many are chosen. */
  choose(products: Uint32Array, count: number, list = 0): number {
    const { chosen } = this;
    const scores = this.scores[list];
    if (count <= this.#capacity) {
      for (let i = 0; i < count; i++) chosen[i] = i;
      return count;
    }
    const size = this.#kernel.find(list, count, this.#capacity);
    if (size === this.#capacity) return size;
    const last = this.#last;
    const keys = this.#keys;
    const lastClass = this.#kernel.lastClass.value >>> CLASS_SHIFT;
    last.clear(this.#capacity - this.#kernel.betterCount.value);
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

/** The exports of `engine/kernels/best-of-many.ts`. */
interface Kernel {
  find(list: number, count: number, capacity: number): number;
  total(list: number, count: number): void;
  readonly lastClass: WebAssembly.Global;
  readonly betterCount: WebAssembly.Global;
  readonly sum: WebAssembly.Global;
  readonly highest: WebAssembly.Global;
}

let compiled: WebAssembly.Module | undefined;
