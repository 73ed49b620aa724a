import { decodeStrings } from '../artifacts/encoded-strings.ts';
import { ProductNumbers } from '../artifacts/product-numbers.ts';
import { memoryOf, setMemoryOf } from '../numeric/kernel-space.ts';
import type { ServingIndex } from './serving-index.ts';

/** An index as it goes to another thread by a message: arrays that lie in shared memory are not copied. */
export interface IndexMessage extends Omit<ServingIndex, 'productIds' | 'numberOf'> {
  readonly idBytes: Uint8Array;
  readonly idOffsets: Uint32Array;
  /** Those that kernels read vectors in: a message does not say which one an array lies in. */
  readonly memories: Partial<Record<(typeof READ_BY_KERNELS)[number], WebAssembly.Memory>>;
}

const READ_BY_KERNELS = ['vectors', 'contextVectors'] as const;

export function toMessage({ productIds, numberOf, ...rest }: ServingIndex): IndexMessage {
  const { bytes, offsets } = numberOf instanceof ProductNumbers ? numberOf : ProductNumbers.of(productIds);
  const memories: IndexMessage['memories'] = {};
  for (const name of READ_BY_KERNELS) {
    const memory = memoryOf(rest[name]);
    if (memory !== undefined) memories[name] = memory;
  }
  return { ...rest, idBytes: bytes, idOffsets: offsets, memories };
}

export function fromMessage({ idBytes, idOffsets, memories, ...rest }: IndexMessage): ServingIndex {
  for (const name of READ_BY_KERNELS) {
    const memory = memories[name];
    if (memory !== undefined) setMemoryOf(rest[name], memory);
  }
  const productIds = decodeStrings(idBytes, idOffsets);
  return { ...rest, productIds, numberOf: new ProductNumbers(idBytes, idOffsets) };
}
