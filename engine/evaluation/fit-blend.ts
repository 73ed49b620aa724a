import { minimise, type Objective } from '../numeric/l-bfgs.ts';
import { blendCandidates } from '../ranking/strategies/blend-features.ts';
import { BLEND_FEATURES, UNFITTED_BLEND_WEIGHTS } from '../serving-index/blend-weights.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import { type Position, positionsOf } from './positions.ts';
import { type AskedSessions, askedViews, DEFAULT_QUESTION } from './question.ts';

const FEATURE_COUNT = BLEND_FEATURES.length;
/** Enough to measure with; three times as many are worth .002 HR@20 on the e-shop file. */
const POSITIONS = 4_000;
/** With fewer the fit would be noise. */
const FEWEST_POSITIONS = 200;
const RIDGE = 1e-4;
/** Strength of the pull towards the unfitted weights, in choices. */
const PRIOR = 30;

/** What is asked at one position: (candidates, features) row-major, and which candidate was viewed next. */
export interface Choice {
  features: Float32Array;
  chosen: number;
}

/**
 * The weights of the blend that make the next views of the sessions, or whatever is asked of them, most likely: minimises
 * −1/n Σ ln softmax(w · features)[viewed next] + ridge/2 · ‖w‖², which is convex, by L-BFGS. Where the sessions have too few of
 * what is asked, it is fitted on what was viewed next.
 *
 * @param index built of sessions earlier than `later` and numbered alike. @param mostPositions to learn from.
 * @returns undefined when `later` has too few positions whose next view is among the candidates.
 */
export function fitBlend(
  index: ServingIndex,
  later: AskedSessions,
  mostPositions = POSITIONS,
): Float64Array | undefined {
  const asked = [later.isAsked, askedViews(later, DEFAULT_QUESTION)];
  for (const isAsked of asked) {
    const choices = collectChoices(index, { ...later, isAsked }, mostPositions);
    if (choices.length >= FEWEST_POSITIONS) return fitChoices(choices);
    if (later.kinds === undefined) break;
  }
  return undefined;
}

/** What was viewed next at each position of the sessions, where it is among the candidates. */
export function collectChoices(index: ServingIndex, later: AskedSessions, mostPositions = POSITIONS): Choice[] {
  const choices: Choice[] = [];
  for (const position of positionsOf(later, mostPositions)) {
    const choice = choiceAt(index, position);
    if (choice !== undefined) choices.push(choice);
  }
  return choices;
}

export function fitChoices(choices: readonly Choice[]): Float64Array {
  const start = new Float64Array(FEATURE_COUNT);
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

function choiceAt(index: ServingIndex, { viewed, target }: Position): Choice | undefined {
  const { size, products, features } = blendCandidates(index, { viewed, random: noRandom });
  const chosen = products.subarray(0, size).indexOf(target);
  return chosen === -1 ? undefined : { features: features.slice(0, size * FEATURE_COUNT), chosen };
}

function noRandom(): never {
  throw new Error('No part of the blend draws at random.');
}

/**
 * Mean negative log likelihood of a conditional logit model with its gradient, and the ridge penalty on the distance of the
 * weights from `centre`. @default 0
 */
export function softmaxLoss(
  choices: readonly Choice[],
  featureCount: number,
  ridge: number,
  centre: Float64Array = new Float64Array(featureCount),
): Objective {
  const mostCandidates = choices.reduce((most, { features }) => Math.max(most, features.length / featureCount), 0);
  const logits = new Float64Array(mostCandidates);
  return (weights, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (const { features, chosen } of choices) {
      const size = features.length / featureCount;
      let highest = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < size; i++) {
        let logit = 0;
        for (let f = 0; f < featureCount; f++) logit += weights[f] * features[i * featureCount + f];
        logits[i] = logit;
        if (logit > highest) highest = logit;
      }
      let sum = 0;
      for (let i = 0; i < size; i++) sum += Math.exp(logits[i] - highest);
      loss += Math.log(sum) + highest - logits[chosen];
      for (let i = 0; i < size; i++) {
        const error = Math.exp(logits[i] - highest) / sum - (i === chosen ? 1 : 0);
        for (let f = 0; f < featureCount; f++) gradient[f] += error * features[i * featureCount + f];
      }
    }
    for (let f = 0; f < featureCount; f++) {
      const distance = weights[f] - centre[f];
      gradient[f] = gradient[f] / choices.length + ridge * distance;
      loss += (choices.length * ridge * distance ** 2) / 2;
    }
    return loss / choices.length;
  };
}
