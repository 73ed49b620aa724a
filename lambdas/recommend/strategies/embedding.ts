import type { Scorer } from '../scorer.ts';
import { cosine, sessionVector } from './session-vector.ts';

/** Cosine with the session's vector, over all products that have one. */
export const embedding: Scorer = (index, { viewed }, board) => {
  const query = sessionVector(index, viewed);
  if (query === undefined) return;
  for (let product = 0; product < index.clusterOf.length; product++) {
    const score = cosine(index, query, product);
    if (score !== undefined) board.add(product, score);
  }
};
