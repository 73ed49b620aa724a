import type { ScoreBoard } from '../../numeric/score-board.ts';
import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { perIndex } from '../per-index.ts';
import type { Scorer } from '../scorer.ts';
import { type BlendCandidates, blendCandidates } from './blend-features.ts';
import { rerank } from './rerank.ts';

/**
 * A log-linear mixture of the other scorers, of what the shopper saw before and of popularity: the score is
 * softmax(weights · features) over the candidates, the estimated probability to be viewed next. Where the index has a
 * reranker, it corrects the logits of the best candidates before the softmax. Both are fitted on the shop's own later
 * sessions, see `fit-blend.ts` and `fit-reranker.ts`.
 */
export const blend: Scorer = (index, query, board) =>
  addProbabilities(index, query.viewed, blendCandidates(index, query), board);

/** `blend` of candidates that are known already. */
export function addProbabilities(
  index: ServingIndex,
  viewed: readonly number[],
  candidates: BlendCandidates,
  board: ScoreBoard,
): void {
  const { size, products } = candidates;
  const logits = blendLogits(index, viewed, candidates);
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < size; i++) if (logits[i] > highest) highest = logits[i];
  let sum = 0;
  for (let i = 0; i < size; i++) sum += logits[i] = Math.exp(logits[i] - highest);
  for (let i = 0; i < size; i++) board.add(products[i], logits[i] / sum);
}

/** Before the softmax: (at least `size`), valid until the next call for the same index. */
export function blendLogits(index: ServingIndex, viewed: readonly number[], candidates: BlendCandidates): Float64Array {
  const { size, features } = candidates;
  const logits = scratchOf(index).atLeast(size);
  linearLogits(index.blendWeights, features, size, logits);
  if (index.reranker !== undefined && size > 0) rerank(index, viewed, candidates, logits);
  return logits;
}

/** weights · features. @param features (size, weights) row-major. @param logits (at least `size`) changed. */
export function linearLogits(weights: Float64Array, features: Float32Array, size: number, logits: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let logit = 0;
    for (let f = 0; f < weights.length; f++) logit += weights[f] * features[i * weights.length + f];
    logits[i] = logit;
  }
}

const scratchOf = perIndex(() => {
  let logits = new Float64Array(1_000);
  return {
    atLeast(size: number): Float64Array {
      if (size > logits.length) logits = new Float64Array(2 * size);
      return logits;
    },
  };
});
