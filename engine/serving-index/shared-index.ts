import { decodeStrings } from '../artifacts/binary-container.ts';
import { ProductNumbers } from '../artifacts/product-numbers.ts';
import type { ServingIndex } from './serving-index.ts';

/** An index as it goes to another thread by a message: arrays that lie in shared memory are not copied. */
export interface IndexMessage extends Omit<ServingIndex, 'productIds' | 'numberOf'> {
  readonly idBytes: Uint8Array;
  readonly idOffsets: Uint32Array;
}

export function toMessage({ productIds, numberOf, ...rest }: ServingIndex): IndexMessage {
  const { bytes, offsets } = numberOf instanceof ProductNumbers ? numberOf : ProductNumbers.of(productIds);
  return { ...rest, idBytes: bytes, idOffsets: offsets };
}

export function fromMessage({ idBytes, idOffsets, ...rest }: IndexMessage): ServingIndex {
  const productIds = decodeStrings(idBytes, idOffsets);
  return { ...rest, productIds, numberOf: new ProductNumbers(idBytes, idOffsets) };
}
