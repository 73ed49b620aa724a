import { minimise } from '../numeric/l-bfgs.ts';
import { TopK } from '../numeric/top-k.ts';
import { linearLogits } from '../ranking/strategies/blend.ts';
import { type BlendCandidates, blendCandidates } from '../ranking/strategies/blend-features.ts';
import { BLEND_FEATURES, UNFITTED_BLEND_WEIGHTS } from '../serving-index/blend-weights.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import { type Position, positionsOf, spreadOf } from './positions.ts';
import { type AskedSessions, askedViews, DEFAULT_QUESTION } from './question.ts';
import { type Choice, softmaxLoss } from './softmax-loss.ts';

const FEATURE_COUNT = BLEND_FEATURES.length;
/** Enough to measure with; three times as many are worth .002 HR@20 on the e-shop file. */
const POSITIONS = 4_000;
/** With fewer the fit would be noise. */
export const FEWEST_POSITIONS = 200;
const RIDGE = 1e-4;
/** Strength of the pull towards the unfitted weights, in choices. */
const PRIOR = 30;

export interface FittedBlend {
  weights: Float64Array;
  /** What they were fitted on, in the order of time. */
  choices: BlendChoice[];
}

/**
 * The weights of the blend that make the next views of the sessions, or whatever is asked of them, most likely: minimises
 * −1/n Σ ln softmax(w · features)[viewed next] + ridge/2 · ‖w‖², which is convex, by L-BFGS. Where the sessions have too few of
 * what is asked, it is fitted on what was viewed next.
 *
 * @param index built of sessions earlier than `later` and numbered alike. @param mostPositions to learn from.
 * @param start where the search begins: near the end it is a few steps.
 * @returns undefined when `later` has too few positions whose next view is among the candidates.
 */
export function fitBlend(
  index: ServingIndex,
  later: AskedSessions,
  mostPositions = POSITIONS,
  start?: Float64Array,
): FittedBlend | undefined {
  const asked = [later.isAsked, askedViews(later, DEFAULT_QUESTION)];
  for (const isAsked of asked) {
    const choices = collectChoices(index, { ...later, isAsked }, mostPositions);
    if (choices.length >= FEWEST_POSITIONS) return { weights: fitChoices(choices, start), choices };
    if (later.kinds === undefined) break;
  }
  return undefined;
}

/** A choice among the candidates of the blend. */
export interface BlendChoice extends Choice {
  /** (candidates) */
  products: Uint32Array;
  /** Before it, oldest first. */
  viewed: readonly number[];
  session: number;
}

/** What was viewed next at each position of the sessions, where it is among the candidates. */
export function collectChoices(index: ServingIndex, later: AskedSessions, mostPositions = POSITIONS): BlendChoice[] {
  const choices: BlendChoice[] = [];
  const isLearnedFrom = spreadOf(later, mostPositions);
  for (const position of positionsOf(later, Number.POSITIVE_INFINITY)) {
    if (!isLearnedFrom(position)) continue;
    const choice = choiceAt(index, position);
    if (choice !== undefined) choices.push(choice);
  }
  return choices;
}

export function fitChoices(
  choices: readonly Choice[],
  start: Float64Array = new Float64Array(FEATURE_COUNT),
): Float64Array {
  return minimise(softmaxLoss(choices, FEATURE_COUNT, RIDGE), start, { maxIterations: 100, tolerance: 1e-6 });
}

/**
 * The weights of a small shop: the unfitted ones, moved as far as its own choices have to say. The penalty on
 * ‖w − unfitted‖² is that of so many choices, whatever their number.
 */
export function fitFew(choices: readonly Choice[]): Float64Array {
  if (choices.length === 0) return UNFITTED_BLEND_WEIGHTS;
  const ridge = PRIOR / choices.length;
  const loss = softmaxLoss(choices, FEATURE_COUNT, ridge, UNFITTED_BLEND_WEIGHTS);
  return minimise(loss, UNFITTED_BLEND_WEIGHTS.slice(), { maxIterations: 40, tolerance: 1e-4 });
}

function choiceAt(index: ServingIndex, position: Position): BlendChoice | undefined {
  return choiceAmong(blendCandidates(index, { viewed: position.viewed, random: noRandom }), position);
}

/** @returns undefined when what was viewed next is not among the candidates, which are copied. */
export function choiceAmong(
  { size, products, features }: BlendCandidates,
  { session, viewed, target }: Pick<Position, 'session' | 'viewed' | 'target'>,
): BlendChoice | undefined {
  const chosen = products.subarray(0, size).indexOf(target);
  if (chosen === -1) return undefined;
  return {
    features: features.slice(0, size * FEATURE_COUNT),
    products: products.slice(0, size),
    viewed,
    session,
    chosen,
  };
}

/** The choice among its best candidates by these weights, and the chosen one. */
export function withBest(choice: BlendChoice, weights: Float64Array, most: number): BlendChoice {
  const { products, features, chosen } = choice;
  if (products.length <= most) return choice;
  const logits = new Float64Array(products.length);
  linearLogits(weights, features, products.length, logits);
  const best = new TopK(most);
  for (let candidate = 0; candidate < products.length; candidate++) best.offer(candidate, logits[candidate]);
  const kept = Array.from({ length: best.size }, (_, i) => best.productAt(i));
  if (!kept.includes(chosen)) kept.push(chosen);
  kept.sort((a, b) => a - b);
  const keptFeatures = new Float32Array(kept.length * FEATURE_COUNT);
  kept.forEach((candidate, i) => {
    const start = candidate * FEATURE_COUNT;
    keptFeatures.set(features.subarray(start, start + FEATURE_COUNT), i * FEATURE_COUNT);
  });
  return {
    ...choice,
    features: keptFeatures,
    products: Uint32Array.from(kept, (candidate) => products[candidate]),
    chosen: kept.indexOf(chosen),
  };
}

export function noRandom(): never {
  throw new Error('No part of the blend draws at random.');
}
