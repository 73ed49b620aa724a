import type { ServingIndex } from '../../shared/serving-index.ts';
import type { Scorer } from '../scorer.ts';
import { contextQuery, cosine, inputOutput, sessionVector } from './session-vector.ts';

/** Cosine with the session's vector, over all products that have one. */
export const embedding: Scorer = (index, { viewed }, board) => {
  const query = sessionVector(index, viewed);
  if (query !== undefined) scoreAll(index, board.add.bind(board), (product) => cosine(index, query, product));
};

/**
 * What Word2Vec was trained to predict: the session's input vectors × the candidate's output vector, which says "viewed
 * next to" where cosine says "viewed in the same places".
 */
export const embeddingContext: Scorer = (index, { viewed }, board) => {
  const query = contextQuery(index, viewed);
  if (query !== undefined) scoreAll(index, board.add.bind(board), (product) => inputOutput(index, query, product));
};

function scoreAll(
  index: ServingIndex,
  add: (product: number, score: number) => void,
  scoreOf: (product: number) => number | undefined,
): void {
  for (let product = 0; product < index.clusterOf.length; product++) {
    const score = scoreOf(product);
    if (score !== undefined) add(product, score);
  }
}
