import { ConfigurationError } from '../errors.ts';
import type { ArraySpace } from './array-space.ts';
import { LARGEST_MEMORY_BYTES, PAGE_BYTES } from './kernel-memory.ts';

const memories = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/**
 * Arrays that a kernel reads where they lie, each in a memory of its own, which is shared: threads have the same one. Behind
 * the array is a page of zeros, and behind that what each instance of a kernel takes for itself.
 *
 * @throws ConfigurationError when it is above WebAssembly's 4 GiB.
 */
export const KERNEL_SPACE: ArraySpace = (bytes) => {
  if (bytes > LARGEST_MEMORY_BYTES / 2) {
    throw new ConfigurationError(
      `An array of the model has ${(bytes / 2 ** 30).toFixed(1)} GiB, 2 GiB is the most: lower vector_size, or raise min_count.`,
    );
  }
  const memory = new WebAssembly.Memory({
    initial: Math.ceil(bytes / PAGE_BYTES) + 1,
    maximum: LARGEST_MEMORY_BYTES / PAGE_BYTES,
    shared: true,
  });
  const { buffer } = memory;
  memories.set(buffer, memory);
  return buffer;
};

type KernelArray = Float32Array | Uint32Array;

/** The memory that the array lies in; undefined for one that was not made in `KERNEL_SPACE`. */
export function memoryOf({ buffer }: KernelArray): WebAssembly.Memory | undefined {
  return memories.get(buffer);
}

/** For an array that came by a message, which keeps its memory but not the knowledge of it. */
export function setMemoryOf({ buffer }: KernelArray, memory: WebAssembly.Memory): void {
  memories.set(buffer, memory);
}

const copies = new WeakMap<KernelArray, KernelArray>();

/**
 * Where a kernel can read the array, which must not change: where it lies, or in a copy if that is not in `KERNEL_SPACE`.
 *
 * @param room bytes of zeros that must be behind it.
 */
export function inKernelSpace(array: KernelArray, room = 0): { memory: WebAssembly.Memory; pointer: number } {
  let there = [array, copies.get(array)].find((found) => found !== undefined && isReadable(found, room));
  if (there === undefined) {
    const ArrayType = array.constructor as new (
      buffer: ArrayBufferLike,
      byteOffset: number,
      length: number,
    ) => KernelArray;
    there = new ArrayType(KERNEL_SPACE(array.byteLength + room), 0, array.length);
    there.set(array);
    copies.set(array, there);
  }
  return { memory: memoryOf(there)!, pointer: there.byteOffset };
}

function isReadable(array: KernelArray, room: number): boolean {
  return memoryOf(array) !== undefined && array.buffer.byteLength - array.byteOffset - array.byteLength >= room;
}
