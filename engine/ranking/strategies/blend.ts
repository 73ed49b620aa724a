import type { ScoreBoard } from '../../numeric/score-board.ts';
import type { Scorer } from '../scorer.ts';
import { type BlendCandidates, blendCandidates } from './blend-features.ts';

/**
 * A log-linear mixture of the other scorers, of what the shopper saw before and of popularity: the score is
 * softmax(weights · features) over the candidates, the estimated probability to be viewed next. The weights are fitted
 * on the shop's own later sessions, see `fit-blend.ts`.
 */
export const blend: Scorer = (index, query, board) =>
  addProbabilities(blendCandidates(index, query), index.blendWeights, board);

/** `blend` of candidates that are known already. */
export function addProbabilities(
  { size, products, features }: BlendCandidates,
  weights: Float64Array,
  board: ScoreBoard,
): void {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < size; i++) {
    let logit = 0;
    for (let f = 0; f < weights.length; f++) logit += weights[f] * features[i * weights.length + f];
    board.add(products[i], logit);
    if (logit > highest) highest = logit;
  }
  let sum = 0;
  for (let i = 0; i < size; i++) {
    board.values[products[i]] = Math.exp(board.values[products[i]] - highest);
    sum += board.values[products[i]];
  }
  for (let i = 0; i < size; i++) board.values[products[i]] /= sum;
}
