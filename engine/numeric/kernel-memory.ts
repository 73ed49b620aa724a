import { ConfigurationError } from '../errors.ts';

export const PAGE_BYTES = 65_536;
export const LARGEST_MEMORY_BYTES = PAGE_BYTES * PAGE_BYTES;
/** Two cache lines, which x86 fetches together. */
const ALIGNMENT_BYTES = 128;

/**
 * More of a memory, for one kernel alone.
 *
 * @returns the pointer to it; all 0. @throws ConfigurationError when the memory cannot grow so far.
 */
export function reserveIn(memory: WebAssembly.Memory, bytes: number, purpose: string): number {
  try {
    return memory.grow(Math.ceil(bytes / PAGE_BYTES)) * PAGE_BYTES;
  } catch (cause) {
    throw new ConfigurationError(
      `${purpose} needs ${(bytes / 2 ** 20).toFixed(1)} MiB more of a memory that all threads share, which has ` +
        `${(memory.buffer.byteLength / 2 ** 30).toFixed(1)} GiB already and cannot grow so far: start fewer threads (--workers).`,
      { cause },
    );
  }
}

/** Where each array of a job lies: pointers in bytes, each at the start of cache lines that threads do not share. */
export class KernelLayout {
  #end = ALIGNMENT_BYTES;

  /** @returns the pointer to a new array of that many bytes. */
  reserve(bytes: number): number {
    const pointer = this.#end;
    this.#end = Math.ceil((pointer + bytes) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    return pointer;
  }

  /**
   * Memory for all that was reserved, zero-filled: more of that which is given, or one of its own.
   *
   * @param offsets as `reserve` returned them. @returns the memory, and where the arrays lie in it.
   * @throws ConfigurationError when the memory cannot grow so far.
   */
  placeIn<Offsets extends Record<string, number>>(
    memory: WebAssembly.Memory | undefined,
    offsets: Offsets,
    purpose: string,
  ): { memory: WebAssembly.Memory; pointers: Offsets } {
    if (memory === undefined) return { memory: this.allocate(purpose), pointers: offsets };
    const start = reserveIn(memory, this.#end, purpose);
    const moved = Object.entries(offsets).map(([name, offset]) => [name, start + offset]);
    return { memory, pointers: Object.fromEntries(moved) as Offsets };
  }

  /**
   * Zero-filled memory for all that was reserved.
   * @param growth `grows`: the kernel itself takes more of it, behind what was reserved.
   * @throws ConfigurationError when it is above WebAssembly's 4 GiB.
   */
  allocate(purpose: string, growth: 'grows' | 'stays' = 'stays'): WebAssembly.Memory {
    if (this.#end > LARGEST_MEMORY_BYTES) {
      throw new ConfigurationError(
        `${purpose} needs ${(this.#end / 2 ** 30).toFixed(1)} GiB of memory, 4 GiB is the most: ` +
          'lower vector_size, raise min_count, or train on fewer sessions.',
      );
    }
    const pages = Math.ceil(this.#end / PAGE_BYTES);
    const maximum = growth === 'grows' ? LARGEST_MEMORY_BYTES / PAGE_BYTES : pages;
    return new WebAssembly.Memory({ initial: pages, maximum, shared: true });
  }
}
