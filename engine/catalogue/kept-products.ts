import type { EncodedStrings } from '../artifacts/encoded-strings.ts';
import { ProductNumbers } from '../artifacts/product-numbers.ts';
import type { Catalogue } from './catalogue.ts';

/** Which products of a catalogue the next one still lists. */
export interface KeptProducts {
  count: number;
  /** The first that it does not list. */
  gone: string | undefined;
  /** The first that it lists and the one before did not. */
  fresh: string | undefined;
}

/** In O(products of both), without their strings. */
export function keptProducts(before: Catalogue, after: Catalogue): KeptProducts {
  const [was, is] = [before.encodedIds, after.encodedIds];
  const { count, first: gone } = missing(was, is);
  return { count: before.size - count, gone, fresh: missing(is, was).first };
}

/** The ids that the others do not have. */
function missing(ids: EncodedStrings, others: EncodedStrings): { count: number; first: string | undefined } {
  const { bytes, offsets } = ids;
  const known = new ProductNumbers(others.bytes, others.offsets);
  let count = 0;
  let first: string | undefined;
  for (let row = 0; row + 1 < offsets.length; row++) {
    if (known.numberAt(bytes, offsets[row], offsets[row + 1]) !== undefined) continue;
    if (count++ === 0) first = Buffer.from(bytes.subarray(offsets[row], offsets[row + 1])).toString('utf8');
  }
  return { count, first };
}
