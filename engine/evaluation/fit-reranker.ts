import * as z from 'zod';
import { Adam } from '../numeric/adam.ts';
import { type Random, randomInteger, seededRandom } from '../numeric/random.ts';
import { TopK } from '../numeric/top-k.ts';
import {
  createRerankerKernel,
  firstInputOf,
  INPUT_STRIDE,
  NO_CANDIDATE,
  RERANKED,
  type RerankerKernel,
} from '../ranking/reranker-kernel.ts';
import { linearLogits } from '../ranking/strategies/blend.ts';
import { chooseBest } from '../ranking/strategies/rerank.ts';
import { describeQuestion } from '../ranking/strategies/reranker-inputs.ts';
import {
  CANDIDATE_INPUTS,
  namedRerankerSchema,
  RERANKER_INPUTS,
  type Reranker,
  SESSION_INPUTS,
  UNIT_WIDTH,
} from '../serving-index/reranker.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import { gainBeyondChance } from './beyond-chance.ts';
import type { BlendChoice } from './fit-blend.ts';
import { discountedGain } from './metrics.ts';

/** In `evaluation.json`: the network, and what it gained on questions that it was not fitted on. */
export const fittedRerankerSchema = namedRerankerSchema.extend({
  /** Compared to decide whether it is used: those whose answer is among the candidates that it ranks. */
  questions: z.number(),
  /** How much likelier what was viewed next is with it: the geometric mean over the questions, 1 for no difference. */
  likelihoodRatio: z.number(),
  /** NDCG@20 of the blend without it. */
  before: z.number(),
  /** And with it. */
  after: z.number(),
});

/** A network that was tried on questions that it had not seen. */
export interface FittedReranker {
  reranker: Reranker;
  /** Whose answer it ranks: of these is the ratio. */
  questions: number;
  likelihoodRatio: number;
  /** NDCG@20 without and with it, of all questions. */
  before: number;
  after: number;
}

const LIST_LENGTH = 20;
/** With fewer choices the network would learn them by heart. */
const FEWEST_CHOICES = 800;
/** The newest fifth of the choices decides whether the network is used. */
const CHECKED_SHARE = 1 / 5;
/**
 * So many networks of so many hidden units are fitted, each from weights of its own, and the mean of what they say is taken:
 * what one of them has learned by chance counts for less.
 */
const NETWORKS = 2;
const UNITS = 32;

/** Of Adam; it grows at first and falls to 0 in the end. */
const STEP = 0.01;
const BATCH = 32;
const WARM_UP_STEPS = 50;
const EPOCHS = 5;
/** Of few choices there are more epochs, so that there are as many steps. */
const LEAST_STEPS = 400;
const SEED = 1;

/**
 * Fits the network that corrects the blend's logits: on the older choices, by the likelihood of what was viewed next among
 * the best candidates, and among those of them that were not viewed, which is all that the API recommends by default. It
 * is kept if the newest choices are likelier with it, beyond chance.
 *
 * @param index whose weights of the blend were fitted. @param choices in the order of time.
 * @returns undefined with too few choices, or where it gains nothing.
 */
export function fitReranker(index: ServingIndex, choices: readonly BlendChoice[]): FittedReranker | undefined {
  if (choices.length < FEWEST_CHOICES) return undefined;
  const checked = Math.floor(choices.length * CHECKED_SHARE);
  const learned = choices.slice(0, choices.length - checked);
  const newest = newTo(learned, choices.slice(choices.length - checked));
  const reranker = trainReranker(index, learned);
  if (reranker === undefined) return undefined;
  const without = judge(index, newest, undefined);
  const withIt = judge(index, newest, reranker);
  const gains = withIt.losses.map((loss, question) => without.losses[question] - loss);
  const gain = gainBeyondChance(gains, withIt.sessions);
  if (gain === undefined) return undefined;
  return {
    reranker,
    questions: withIt.losses.length,
    likelihoodRatio: Math.exp(gain),
    before: without.gain,
    after: withIt.gain,
  };
}

/**
 * Choices that none of the learned ones equals. A session that is there twice would be answered by heart, and what that
 * gains says nothing about the sessions to come.
 */
function newTo(learned: readonly BlendChoice[], choices: readonly BlendChoice[]): BlendChoice[] {
  const keyOf = ({ viewed, products, chosen }: BlendChoice) => [...viewed, products[chosen]].join();
  const known = new Set(learned.map(keyOf));
  return choices.filter((choice) => !known.has(keyOf(choice)));
}

/**
 * Learns from all of the choices.
 *
 * @param index whose weights of the blend the network corrects. @returns undefined where no answer is among the candidates that
 * are ranked anew: nothing would be learned.
 */
export function trainReranker(index: ServingIndex, choices: readonly BlendChoice[]): Reranker | undefined {
  const { kernel, count } = ask(
    index,
    choices.flatMap((choice) => [choice, ...withoutRepeat(choice)]),
  );
  if (count === 0) return undefined;
  const scale = standardise(kernel, count);
  const networks = Array.from({ length: NETWORKS }, (_, network) => {
    descend(kernel, count, seededRandom(SEED + network));
    return scale.undo(kernel.parameters);
  });
  return meanOf(networks);
}

/** A choice as the network is asked about it. */
interface AskedChoice extends BlendChoice {
  /** Only without the products that were viewed; otherwise with them too. */
  isOnlyAsServed?: boolean;
}

/**
 * A new product that was chosen after an immediate repeat is learned from again as if there had been no repeats: a storefront
 * need not send them. Where the clickstream has every view twice, no session without repeats would be learned from.
 */
function withoutRepeat(choice: BlendChoice): AskedChoice[] {
  const { viewed, products, chosen } = choice;
  if (viewed.at(-1) !== viewed.at(-2) || viewed.includes(products[chosen])) return [];
  const visits = viewed.filter((product, i) => product !== viewed[i - 1]);
  return [{ ...choice, viewed: visits, isOnlyAsServed: true }];
}

/** As one network, in which each of them has its units. */
function meanOf(networks: readonly Float32Array[]): Reranker {
  const parameters = Float32Array.from(networks.flatMap((network) => [...network]));
  for (let output = UNIT_WIDTH - 1; output < parameters.length; output += UNIT_WIDTH)
    parameters[output] /= networks.length;
  return { parameters };
}

/** Fits the kernel's parameters, from random ones, to its first `count` questions. */
function descend(kernel: RerankerKernel, count: number, random: Random): void {
  initialise(kernel.parameters, random);
  const epochs = Math.max(EPOCHS, Math.ceil((LEAST_STEPS * BATCH) / Math.max(count, 1)));
  const steps = epochs * Math.ceil(count / BATCH);
  const adam = new Adam(kernel.parameters);
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(kernel.order, count, random);
    for (let from = 0; from < count; from += BATCH) {
      const to = Math.min(count, from + BATCH);
      kernel.learn(from, to);
      const share = Math.min(1, (adam.steps + 1) / WARM_UP_STEPS) * (1 - adam.steps / steps);
      adam.descend(kernel.gradient, to - from, STEP * share);
    }
  }
}

/**
 * Questions whose answer is among the candidates that are ranked anew; each is asked a second time as served: without the
 * products that were viewed, where the answer is none of them. Some are asked only so.
 *
 * @param hiddenCount of the network.
 */
function ask(
  index: ServingIndex,
  questions: readonly AskedChoice[],
  hiddenCount = UNITS,
): { kernel: RerankerKernel; count: number; sessions: number[] } {
  const kernel = createRerankerKernel(questions.length, hiddenCount);
  const sessions: number[] = [];
  const best = new TopK(RERANKED);
  let count = 0;
  for (const { features, products, viewed, session, chosen, isOnlyAsServed = false } of questions) {
    const logits = new Float64Array(products.length);
    linearLogits(index.blendWeights, features, products.length, logits);
    chooseBest(best, logits, products.length);
    const place = placeOf(best, chosen);
    if (place === -1) continue;
    describeQuestion(kernel, count, index, viewed, { products, features }, logits, best);
    kernel.chosen[count] = place;
    kernel.order[count] = count;
    kernel.isAskedAsServed[count] = Number(!isOnlyAsServed && !viewed.includes(products[chosen]));
    const penalised = isOnlyAsServed ? kernel.baseLogits : kernel.viewedPenalties;
    for (const product of new Set(viewed)) {
      const viewedPlace = placeOf(best, products.indexOf(product));
      if (viewedPlace !== -1) penalised[count * RERANKED + viewedPlace] = NO_CANDIDATE;
    }
    count++;
    sessions.push(session);
  }
  return { kernel, count, sessions };
}

function placeOf(best: TopK, candidate: number): number {
  for (let i = 0; i < best.size; i++) if (best.productAt(i) === candidate) return i;
  return -1;
}

/** NDCG@20 counts a question whose answer is not ranked anew as lost, with and without a network. */
function judge(
  index: ServingIndex,
  choices: readonly BlendChoice[],
  reranker: Reranker | undefined,
): { losses: Float32Array; sessions: number[]; gain: number } {
  const hiddenCount = reranker === undefined ? undefined : reranker.parameters.length / UNIT_WIDTH;
  const { kernel, count, sessions } = ask(index, choices, hiddenCount);
  if (reranker !== undefined) kernel.parameters.set(reranker.parameters);
  kernel.learn(0, count);
  let gain = 0;
  for (let question = 0; question < count; question++) {
    kernel.score(question);
    const { logits } = kernel;
    const chosen = logits[kernel.chosen[question]];
    // An equal one may stand above it.
    const place = logits.reduce((above, logit) => above + Number(logit >= chosen), 0);
    gain += discountedGain(place, LIST_LENGTH);
  }
  const losses = kernel.sums.map((sum, question) => Math.log(sum) + kernel.shortfalls[question]);
  return { losses: losses.subarray(0, count), sessions, gain: gain / choices.length };
}

/** Each input gets the mean 0 and the variance 1. @returns how parameters for the inputs as they were are got. */
function standardise(kernel: RerankerKernel, count: number) {
  const means = new Float64Array(RERANKER_INPUTS.length);
  const squares = new Float64Array(RERANKER_INPUTS.length);
  const counts = new Float64Array(RERANKER_INPUTS.length);
  forEachRun(kernel, count, (input, values, start, end) => {
    for (let at = start; at < end; at++) means[input] += values[at];
    counts[input] += end - start;
  });
  for (const input of means.keys()) means[input] /= counts[input];
  forEachRun(kernel, count, (input, values, start, end) => {
    for (let at = start; at < end; at++) squares[input] += (values[at] - means[input]) ** 2;
  });
  const factors = squares.map((sum, input) => {
    const variance = sum / counts[input];
    return variance > 1e-12 ? 1 / Math.sqrt(variance) : 0;
  });
  forEachRun(kernel, count, (input, values, start, end) => {
    for (let at = start; at < end; at++) values[at] = (values[at] - means[input]) * factors[input];
  });
  return {
    undo(parameters: Float32Array): Float32Array {
      const undone = parameters.slice();
      for (let unit = 0; unit < UNITS; unit++) {
        let bias = parameters[unit * UNIT_WIDTH + RERANKER_INPUTS.length];
        for (let input = 0; input < RERANKER_INPUTS.length; input++) {
          const weight = parameters[unit * UNIT_WIDTH + input] * factors[input];
          undone[unit * UNIT_WIDTH + input] = weight;
          bias -= weight * means[input];
        }
        undone[unit * UNIT_WIDTH + RERANKER_INPUTS.length] = bias;
      }
      return undone;
    },
  };
}

/** Values of one input that lie side by side, in the order of memory: in another order it would take five times as long. */
function forEachRun(
  { inputs, sessionInputs, baseLogits }: RerankerKernel,
  count: number,
  visit: (input: number, values: Float32Array, start: number, end: number) => void,
): void {
  for (let question = 0; question < count; question++) {
    const logits = baseLogits.subarray(question * RERANKED, (question + 1) * RERANKED);
    // What pads the question stands last; one that was viewed may stand anywhere.
    let candidates = RERANKED;
    while (logits[candidates - 1] === Math.fround(NO_CANDIDATE)) candidates--;
    for (let candidate = 0; candidate < candidates; candidate += INPUT_STRIDE) {
      const first = firstInputOf(question, candidate);
      const length = Math.min(INPUT_STRIDE, candidates - candidate);
      for (let input = 0; input < CANDIDATE_INPUTS.length; input++) {
        const start = first + input * INPUT_STRIDE;
        visit(input, inputs, start, start + length);
      }
    }
    const session = question * SESSION_INPUTS.length;
    for (let input = 0; input < SESSION_INPUTS.length; input++) {
      visit(CANDIDATE_INPUTS.length + input, sessionInputs, session + input, session + input + 1);
    }
  }
}

/** Uniform weights of variance 1 / inputs; the network begins by correcting nothing. */
function initialise(parameters: Float32Array, random: Random): void {
  parameters.fill(0);
  const most = Math.sqrt(3 / RERANKER_INPUTS.length);
  for (let unit = 0; unit < UNITS; unit++) {
    for (let input = 0; input < RERANKER_INPUTS.length; input++) {
      parameters[unit * UNIT_WIDTH + input] = most * (2 * random() - 1);
    }
  }
}

function shuffle(order: Uint32Array, count: number, random: Random): void {
  for (let i = count - 1; i > 0; i--) {
    const j = randomInteger(random, i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
}
