import { KERNEL } from './best-of-many-wasm.ts';
import { compileKernel, instantiate } from './kernel.ts';
import { KernelLayout } from './kernel-memory.ts';
import { TopK } from './top-k.ts';

/** As the kernel has it: so many bits of a score are not of its class. */
const CLASS_SHIFT = 20;
/** No score has a sign. */
const CLASSES = 2 ** (31 - CLASS_SHIFT);
/** The kernel reads and writes so many numbers at a time. */
const LANES = 4;

/**
 * Which of many products are the best, by score, equal scores by lower product number; as `TopK`, but by counting
 * classes of scores in WebAssembly, without a branch that a CPU cannot foresee: only those of the class in which the last
 * place is taken are compared. It takes the same time in whatever order they come.
 */
export class BestOfMany {
  /** (lists, most) what `choose` chooses by; all 0 to begin with. */
  readonly scores: readonly Float64Array[];
  /** What `choose` chose: places in the list of products, ascending. */
  readonly chosen: Uint32Array;
  /** To the scores of the first list and to what `choose` chose, in bytes, for a kernel that has the same memory. */
  readonly pointers: { readonly scores: number; readonly chosen: number };
  readonly #keys: Uint32Array;
  readonly #kernel: Kernel;
  /** Of the class in which the last place is taken. */
  readonly #last = new TopK(0);

  /** @param most products at a time @param lists of scores, which take turns @param memory to be in; its own by default. */
  constructor(most: number, lists = 1, memory?: WebAssembly.Memory) {
    const layout = new KernelLayout();
    const listBytes = most * Float64Array.BYTES_PER_ELEMENT;
    const offsets = {
      scores: layout.reserve(lists * listBytes),
      keys: layout.reserve((most + LANES) * Uint32Array.BYTES_PER_ELEMENT),
      counts: layout.reserve(CLASSES * Uint32Array.BYTES_PER_ELEMENT),
      found: layout.reserve((most + LANES) * Uint32Array.BYTES_PER_ELEMENT),
    };
    const placed = layout.placeIn(memory, offsets, 'Choosing the best products');
    const { pointers } = placed;
    const { buffer } = placed.memory;
    this.scores = Array.from(
      { length: lists },
      (_, list) => new Float64Array(buffer, pointers.scores + list * listBytes, most),
    );
    this.chosen = new Uint32Array(buffer, pointers.found, most);
    this.pointers = { scores: pointers.scores, chosen: pointers.found };
    this.#keys = new Uint32Array(buffer, pointers.keys, most);
    compiled ??= compileKernel(KERNEL);
    this.#kernel = instantiate(compiled, placed.memory, { ...pointers, listBytes }) as unknown as Kernel;
  }

  /** Of the first `count` scores of a list, none of which is negative. */
  total(list: number, count: number): { sum: number; highest: number } {
    this.#kernel.total(list, count);
    return { sum: this.#kernel.sum.value, highest: this.#kernel.highest.value };
  }

  /**
   * @param products (≥ count) different ones, with a score each in the list: none is chosen that is not above 0, as float32.
   * @param capacity at least 1
   * @returns how many are chosen.
   */
  choose(products: Uint32Array, count: number, capacity: number, list = 0): number {
    const { chosen } = this;
    const scores = this.scores[list];
    const size = this.#kernel.find(list, count, capacity);
    if (size <= capacity) return size;
    const last = this.#last;
    const keys = this.#keys;
    const lastClass = this.#kernel.lastClass.value >>> CLASS_SHIFT;
    last.clear(capacity - this.#kernel.betterCount.value);
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
