import { decodeStrings } from '../artifacts/encoded-strings.ts';
import { ProductNumbers } from '../artifacts/product-numbers.ts';
import { memoryOf, setMemoryOf } from '../numeric/kernel-space.ts';
import type { ServingIndex } from './serving-index.ts';

/** An index as it goes to another thread by a message: arrays that lie in shared memory are not copied. */
export interface IndexMessage extends Omit<ServingIndex, 'productIds' | 'numberOf'> {
  readonly idBytes: Uint8Array;
  readonly idOffsets: Uint32Array;
  /** Those of arrays that kernels read: a message does not say which one an array lies in. */
  readonly memories: Partial<Record<keyof typeof READ_BY_KERNELS, WebAssembly.Memory>>;
}

const READ_BY_KERNELS = {
  vectors: ({ vectors }: KernelArrays) => vectors,
  contextVectors: ({ contextVectors }: KernelArrays) => contextVectors,
  pastViews: ({ pastSessions }: KernelArrays) => pastSessions.views,
};
const NAMES = Object.keys(READ_BY_KERNELS) as (keyof typeof READ_BY_KERNELS)[];
type KernelArrays = Pick<ServingIndex, 'vectors' | 'contextVectors' | 'pastSessions'>;

export function toMessage({ productIds, numberOf, ...rest }: ServingIndex): IndexMessage {
  const { bytes, offsets } = numberOf instanceof ProductNumbers ? numberOf : ProductNumbers.of(productIds);
  const memories: IndexMessage['memories'] = {};
  for (const name of NAMES) {
    const memory = memoryOf(READ_BY_KERNELS[name](rest));
    if (memory !== undefined) memories[name] = memory;
  }
  return { ...rest, idBytes: bytes, idOffsets: offsets, memories };
}

export function fromMessage({ idBytes, idOffsets, memories, ...rest }: IndexMessage): ServingIndex {
  for (const name of NAMES) {
    const memory = memories[name];
    if (memory !== undefined) setMemoryOf(READ_BY_KERNELS[name](rest), memory);
  }
  const productIds = decodeStrings(idBytes, idOffsets);
  return { ...rest, productIds, numberOf: new ProductNumbers(idBytes, idOffsets) };
}
