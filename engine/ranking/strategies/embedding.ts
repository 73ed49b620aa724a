import type { ScoreBoard } from '../../numeric/score-board.ts';
import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { dotProductsWith } from '../dot-products.ts';
import { perIndex } from '../per-index.ts';
import type { Query, Scorer } from '../scorer.ts';
import { contextQuery, sessionVector } from './session-vector.ts';

/** Cosine with the session's vector, over all products that have a vector other than zero. */
export const embedding: Scorer = (index, query, board) => {
  const direction = sessionVector(index, query.viewed);
  if (direction === undefined) return;
  const { isZero, timesUnitVectors } = productsOf(index);
  setBoard(board, timesUnitVectors(direction), isZero, query);
};

/**
 * What Word2Vec was trained to predict: the session's input vectors × the candidate's output vector, which says "viewed
 * next to" where cosine says "viewed in the same places".
 */
export const embeddingContext: Scorer = (index, query, board) => {
  const context = contextQuery(index, query.viewed);
  if (context === undefined) return;
  const { isZero, timesContextVectors } = productsOf(index);
  setBoard(board, timesContextVectors(context), isZero, query);
};

/** Where scores are changed, any of them may be among the best. */
function setBoard(board: ScoreBoard, scores: Float32Array, isZero: Uint8Array, { enough, adjustments }: Query): void {
  if (enough === undefined || adjustments !== undefined) board.set(scores, isZero);
  else board.setBest(scores, isZero, enough);
}

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
