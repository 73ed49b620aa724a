import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { dotProductsWith } from '../dot-products.ts';
import { perIndex } from '../per-index.ts';
import type { Scorer } from '../scorer.ts';
import { contextQuery, sessionVector } from './session-vector.ts';

/** Cosine with the session's vector, over all products that have a vector other than zero. */
export const embedding: Scorer = (index, { viewed }, board) => {
  const query = sessionVector(index, viewed);
  if (query === undefined) return;
  const { isZero, timesUnitVectors } = productsOf(index);
  board.set(timesUnitVectors(query), isZero);
};

/**
 * What Word2Vec was trained to predict: the session's input vectors × the candidate's output vector, which says "viewed
 * next to" where cosine says "viewed in the same places".
 */
export const embeddingContext: Scorer = (index, { viewed }, board) => {
  const query = contextQuery(index, viewed);
  if (query === undefined) return;
  const { isZero, timesContextVectors } = productsOf(index);
  board.set(timesContextVectors(query), isZero);
};

function prepareProducts({ vectors, contextVectors, dimensions, clusterOf }: ServingIndex) {
  const isZero = new Uint8Array(clusterOf.length);
  const unitVectors = vectors.slice();
  for (let product = 0; product < clusterOf.length; product++) {
    const unit = unitVectors.subarray(product * dimensions, (product + 1) * dimensions);
    let squares = 0;
    for (let d = 0; d < dimensions; d++) squares += unit[d] * unit[d];
    if (squares === 0) isZero[product] = 1;
    else for (let d = 0; d < dimensions; d++) unit[d] /= Math.sqrt(squares);
  }
  return {
    isZero,
    timesUnitVectors: dotProductsWith(unitVectors, dimensions),
    timesContextVectors: dotProductsWith(contextVectors, dimensions),
  };
}

const productsOf = perIndex(prepareProducts);
