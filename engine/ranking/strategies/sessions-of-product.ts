import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { perIndex } from '../per-index.ts';

/**
 * The session of each of a product's occurrences, side by side: looked up view by view, they lie all over memory. Of a
 * product they are looked up once.
 *
 * @returns (occurrences) as `PastSessions.occurrences`; valid for this product and all that were asked about before.
 */
export function sessionsOfProduct(index: ServingIndex, product: number): Uint32Array {
  const { sessions, isKnown } = sessionsOf(index);
  if (isKnown[product] === 1) return sessions;
  const { sessionOf, occurrenceOffsets, occurrences } = index.pastSessions;
  for (let o = occurrenceOffsets[product]; o < occurrenceOffsets[product + 1]; o++) {
    sessions[o] = sessionOf[occurrences[o]];
  }
  isKnown[product] = 1;
  return sessions;
}

const sessionsOf = perIndex(({ productIds, pastSessions }: ServingIndex) => ({
  /** Memory of products that nobody asks about is not touched. */
  sessions: new Uint32Array(pastSessions.occurrences.length),
  /** (productCount) 1 once a product was asked about. */
  isKnown: new Uint8Array(productIds.length),
}));
