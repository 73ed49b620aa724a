import type { TopK } from '../../numeric/top-k.ts';
import { BLEND_FEATURES } from '../../serving-index/blend-weights.ts';
import { pairAt } from '../../serving-index/product-pairs.ts';
import { SESSION_INPUTS } from '../../serving-index/reranker.ts';
import type { ServingIndex } from '../../serving-index/serving-index.ts';
import { perIndex } from '../per-index.ts';
import { firstInputOf, INPUT_STRIDE, NO_CANDIDATE, RERANKED, type RerankerKernel } from '../reranker-kernel.ts';
import { newestDistinct } from '../scorer.ts';
import { type BlendCandidates, logShare } from './blend-features.ts';
import { sumOfNearby } from './pair-rules.ts';
import { cosineOf, cosinesBetween, similaritiesTo } from './session-vector.ts';

const FEATURE_COUNT = BLEND_FEATURES.length;

/**
 * Writes what the network sees of a question.
 *
 * @param logits of the candidates, before the network. @param best places of the candidates that it is asked about.
 */
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
  const { asked, ofSecond, ofThird, highest } = scratchOf(index);
  for (let i = 0; i < best.size; i++) asked[i] = products[best.productAt(i)];
  writeLogShares(index, recent[1], asked, best.size, ofSecond);
  writeLogShares(index, recent[2], asked, best.size, ofThird);
  const similarities = similaritiesTo(index, recent.slice(0, 1), asked, best.size);
  const cosines = cosinesBetween(index, recent, asked, best.size);
  writeHighest(cosines, recent, asked, best.size, highest);
  baseLogits.fill(NO_CANDIDATE, question * RERANKED, (question + 1) * RERANKED);
  for (let i = 0; i < best.size; i++) {
    const candidate = best.productAt(i);
    baseLogits[question * RERANKED + i] = logits[candidate];
    let at = firstInputOf(question, i);
    for (let f = 0; f < FEATURE_COUNT; f++) {
      inputs[at] = features[candidate * FEATURE_COUNT + f];
      at += INPUT_STRIDE;
    }
    const step = recent.indexOf(asked[i]);
    inputs[at] = similarities?.logits[i] ?? 0;
    inputs[at + INPUT_STRIDE] = similarities?.cosines[i] ?? 0;
    inputs[at + 2 * INPUT_STRIDE] = step === -1 ? 0 : 1 / (1 + step);
    inputs[at + 3 * INPUT_STRIDE] = ofSecond[i];
    inputs[at + 4 * INPUT_STRIDE] = ofThird[i];
    inputs[at + 5 * INPUT_STRIDE] = cosines[1]?.[i] ?? 0;
    inputs[at + 6 * INPUT_STRIDE] = highest[i];
  }
  const start = question * SESSION_INPUTS.length;
  describeSession(index, viewed, recent, kernel.sessionInputs, start);
  describeCertainty(logits, best, kernel.sessionInputs, start + SESSION_INPUTS.length - 2);
}

/** Of session rules from one product alone. @param product undefined: all 0. @param to (count) */
function writeLogShares(
  index: ServingIndex,
  product: number | undefined,
  candidates: Uint32Array,
  count: number,
  to: Float64Array,
): void {
  to.fill(0, 0, count);
  if (product === undefined) return;
  const sum = sumOfNearby(index, product);
  if (sum === 0) return;
  const { pairs } = index;
  for (let i = 0; i < count; i++) {
    const pair = pairAt(pairs, product, candidates[i]);
    if (pair !== undefined) to[i] = logShare(pairs.nearby[pair], sum);
  }
}

/** @param highest (count) gets each candidate's cosine with the nearest of the products but itself; 0 where there is none. */
function writeHighest(
  cosines: readonly (Float32Array | undefined)[],
  products: readonly number[],
  candidates: Uint32Array,
  count: number,
  highest: Float64Array,
): void {
  highest.fill(NONE_YET, 0, count);
  products.forEach((product, p) => {
    const withProduct = cosines[p];
    if (withProduct === undefined) return;
    for (let i = 0; i < count; i++) {
      if (candidates[i] !== product && withProduct[i] > highest[i]) highest[i] = withProduct[i];
    }
  });
  for (let i = 0; i < count; i++) if (highest[i] === NONE_YET) highest[i] = 0;
}

/** Below every cosine. */
const NONE_YET = -2;

/** In the order of `SESSION_INPUTS`, but for the last two. */
function describeSession(
  index: ServingIndex,
  viewed: readonly number[],
  [newest, second = newest]: readonly number[],
  to: Float32Array,
  start: number,
): void {
  const different = new Set(viewed).size;
  to[start] = Math.log(viewed.length);
  to[start + 1] = Math.log(different);
  to[start + 2] = Math.log1p(index.viewCounts[newest]);
  to[start + 3] = 1 - different / viewed.length;
  to[start + 4] = viewed.length > 1 && viewed[viewed.length - 2] === newest ? 1 : 0;
  to[start + 5] = cosineOf(index, newest, second);
}

/** How sure the blend is without the network: entropy in nats and the highest of the best candidates' probabilities. */
function describeCertainty(logits: Float64Array, best: TopK, to: Float32Array, start: number): void {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < best.size; i++) highest = Math.max(highest, logits[best.productAt(i)]);
  let sum = 0;
  let sumOfProducts = 0;
  for (let i = 0; i < best.size; i++) {
    const behind = logits[best.productAt(i)] - highest;
    const exponential = Math.exp(behind);
    sum += exponential;
    sumOfProducts += exponential * behind;
  }
  to[start] = Math.log(sum) - sumOfProducts / sum;
  to[start + 1] = 1 / sum;
}

const scratchOf = perIndex(() => ({
  /** (RERANKED) each */
  asked: new Uint32Array(RERANKED),
  ofSecond: new Float64Array(RERANKED),
  ofThird: new Float64Array(RERANKED),
  highest: new Float64Array(RERANKED),
}));
