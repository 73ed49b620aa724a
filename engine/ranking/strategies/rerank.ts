import { TopK } from '../../numeric/top-k.ts';
import { BLEND_FEATURES } from '../../serving-index/blend-weights.ts';
import { SESSION_INPUTS, UNIT_WIDTH } from '../../serving-index/reranker.ts';
import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { perIndex } from '../per-index.ts';
import {
  createRerankerKernel,
  firstInputOf,
  INPUT_STRIDE,
  NO_CANDIDATE,
  RERANKED,
  type RerankerKernel,
} from '../reranker-kernel.ts';
import { newestDistinct } from '../scorer.ts';
import type { BlendCandidates } from './blend-features.ts';
import { similaritiesTo } from './session-vector.ts';

const FEATURE_COUNT = BLEND_FEATURES.length;

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

/** Writes what the network sees of a question. @param best places of the candidates that it is asked about. */
export function describeQuestion(
  kernel: Pick<RerankerKernel, 'inputs' | 'sessionInputs' | 'baseLogits'>,
  question: number,
  index: ServingIndex,
  viewed: readonly number[],
  { products, features }: Pick<BlendCandidates, 'products' | 'features'>,
  logits: Float64Array,
  best: TopK,
): void {
  const { inputs, baseLogits } = kernel;
  const recent = newestDistinct(viewed);
  const asked = askedOf(index);
  for (let i = 0; i < best.size; i++) asked[i] = products[best.productAt(i)];
  const similarities = similaritiesTo(index, recent.slice(0, 1), asked, best.size);
  baseLogits.fill(NO_CANDIDATE, question * RERANKED, (question + 1) * RERANKED);
  for (let i = 0; i < best.size; i++) {
    const candidate = best.productAt(i);
    baseLogits[question * RERANKED + i] = logits[candidate];
    let at = firstInputOf(question, i);
    for (let f = 0; f < FEATURE_COUNT; f++) {
      inputs[at] = features[candidate * FEATURE_COUNT + f];
      at += INPUT_STRIDE;
    }
    inputs[at] = similarities?.logits[i] ?? 0;
    inputs[at + INPUT_STRIDE] = similarities?.cosines[i] ?? 0;
    const step = recent.indexOf(asked[i]);
    inputs[at + 2 * INPUT_STRIDE] = step === -1 ? 0 : 1 / (1 + step);
  }
  describeSession(index, viewed, kernel.sessionInputs, question * SESSION_INPUTS.length);
}

/** In the order of `SESSION_INPUTS`. */
function describeSession(index: ServingIndex, viewed: readonly number[], to: Float32Array, start: number): void {
  const newest = viewed[viewed.length - 1];
  const different = new Set(viewed).size;
  to[start] = Math.log(viewed.length);
  to[start + 1] = Math.log(different);
  to[start + 2] = Math.log1p(index.viewCounts[newest]);
  to[start + 3] = 1 - different / viewed.length;
  to[start + 4] = viewed.length > 1 && viewed[viewed.length - 2] === newest ? 1 : 0;
}

/** (RERANKED) */
const askedOf = perIndex(() => new Uint32Array(RERANKED));

const scratchOf = perIndex(({ reranker }) => {
  const { parameters } = reranker!;
  const kernel = createRerankerKernel(1, parameters.length / UNIT_WIDTH);
  kernel.parameters.set(parameters);
  return { kernel, best: new TopK(RERANKED) };
});
