import { TopK } from '../../numeric/top-k.ts';
import { UNIT_WIDTH } from '../../serving-index/reranker.ts';
import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { perIndex } from '../per-index.ts';
import { createRerankerKernel, firstInputOf, INPUT_STRIDE, RERANKED } from '../reranker-kernel.ts';
import type { BlendCandidates } from './blend-features.ts';
import { describeQuestion } from './reranker-inputs.ts';

/**
 * Corrects the logits of the best 64 candidates by the index's network. The others stay behind them, as far from the last
 * one as they were.
 *
 * @param logits (candidates.size) changed.
 */
export function rerank(
  index: ServingIndex,
  viewed: readonly number[],
  candidates: BlendCandidates,
  logits: Float64Array,
): void {
  const { kernel, best } = scratchOf(index);
  const { size } = candidates;
  chooseBest(best, logits, size);
  describeQuestion(kernel, 0, index, viewed, candidates, logits, best);
  kernel.score(0);
  let lowest = Number.POSITIVE_INFINITY;
  let lowestBefore = Number.POSITIVE_INFINITY;
  for (let i = 0; i < best.size; i++) {
    lowest = Math.min(lowest, kernel.logits[i]);
    lowestBefore = Math.min(lowestBefore, kernel.baseLogits[i]);
  }
  for (let c = 0; c < size; c++) logits[c] += lowest - lowestBefore;
  for (let i = 0; i < best.size; i++) logits[best.productAt(i)] = kernel.logits[i];
}

/**
 * What the network's corrections owe to groups of its inputs: by how much the correction of a candidate falls when the
 * inputs of a group are what they are on average of the best candidates (occlusion, Zeiler and Fergus 2014).
 *
 * @param logits (candidates.size) not corrected yet. @param groups of places in `CANDIDATE_INPUTS`.
 * @returns (groups, candidates.size) 0 for candidates that are not ranked anew.
 */
export function correctionsByInputs(
  index: ServingIndex,
  viewed: readonly number[],
  candidates: BlendCandidates,
  logits: Float64Array,
  groups: readonly (readonly number[])[],
): Float64Array[] {
  if (index.reranker === undefined || candidates.size === 0) return groups.map(() => new Float64Array(candidates.size));
  const { kernel, best } = scratchOf(index);
  chooseBest(best, logits, candidates.size);
  describeQuestion(kernel, 0, index, viewed, candidates, logits, best);
  kernel.score(0);
  const whole = kernel.logits.slice();
  const inputs = kernel.inputs.slice();
  return groups.map((group) => {
    for (const input of group) setToMean(kernel.inputs, input, best.size);
    kernel.score(0);
    kernel.inputs.set(inputs);
    const owed = new Float64Array(candidates.size);
    for (let i = 0; i < best.size; i++) owed[best.productAt(i)] = whole[i] - kernel.logits[i];
    return owed;
  });
}

/** @param size so many candidates are asked about. */
function setToMean(inputs: Float32Array, input: number, size: number): void {
  const placeOf = (candidate: number) => firstInputOf(0, candidate) + input * INPUT_STRIDE;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += inputs[placeOf(i)];
  for (let i = 0; i < size; i++) inputs[placeOf(i)] = sum / size;
}

/** @param best gets the places of the highest logits. */
export function chooseBest(best: TopK, logits: Float64Array, size: number): void {
  best.clear();
  for (let c = 0; c < size; c++) best.offer(c, logits[c]);
}

const scratchOf = perIndex(({ reranker }) => {
  const { parameters } = reranker!;
  const kernel = createRerankerKernel(1, parameters.length / UNIT_WIDTH);
  kernel.parameters.set(parameters);
  return { kernel, best: new TopK(RERANKED) };
});
