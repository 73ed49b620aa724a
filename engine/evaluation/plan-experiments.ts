import type { TrainingSettings } from '../artifacts/training-request.ts';
import type { Sessions } from '../clicks/corpus.ts';
import { estimateSeconds } from '../word2vec/training-seconds.ts';
import type { Candidate, ExperimentPlan } from './experiment-plan.ts';

/** Of all sessions, from the end: a tenth for the report, a tenth before it to choose and to fit on. */
const HELD_OUT_SHARE = 0.1;
/** A shop that hardly has sessions learns from all of them and is not measured. */
export const FEWEST_SESSIONS = 100;

/** Views that a candidate trains on at most: quality settles before, and the budget buys more candidates (arXiv 2009.12192). */
const MOST_VIEWS = 1_000_000;

/** Views that the winner trains on at most to be measured, twice, in Lambda's 900 s: a larger shop's figures are of its newest sessions. */
const MOST_VIEWS_MEASURED = 4_000_000;

/**
 * What is worth trying besides the request's own settings, the best first: what won elsewhere on catalogues of tens of
 * thousands of products (wide windows, flat negatives) and of hundreds (short windows of earlier views alone, many
 * epochs). Defaults made for text are far from both (Caselles-Dupré et al. 2018, arXiv 1804.04212).
 */
const ALTERNATIVES: Partial<TrainingSettings>[] = [
  { sg: 1, vector_size: 64, window: 10, negative: 10, ns_exponent: 0.5, sample: 0, epochs: 10 },
  { sg: 1, vector_size: 32, window: 2, direction: 'forward', negative: 15, ns_exponent: 0.75, sample: 0, epochs: 50 },
  { sg: 1, vector_size: 64, window: 10, negative: 10, ns_exponent: 0.25, sample: 1e-3, epochs: 20 },
  { sg: 1, vector_size: 64, window: 3, negative: 10, ns_exponent: 0.5, sample: 0, epochs: 20 },
  { sg: 0, vector_size: 32, window: 2, direction: 'forward', negative: 15, ns_exponent: 0.75, sample: 0, epochs: 50 },
  { sg: 1, vector_size: 100, window: 5, negative: 10, ns_exponent: 0, sample: 1e-4, epochs: 15 },
  { sg: 1, vector_size: 16, window: 2, direction: 'forward', negative: 20, ns_exponent: 0.75, sample: 0, epochs: 60 },
];

/**
 * Decides which sessions train, choose and are reported, and which settings are tried: the request's own, then
 * alternatives while `max_trials` and `search_seconds` allow.
 *
 * @param sessions in time order.
 */
export function planExperiments({ offsets }: Sessions, settings: TrainingSettings): ExperimentPlan {
  const sessionCount = offsets.length - 1;
  const testStart = Math.floor(sessionCount * (1 - HELD_OUT_SHARE));
  const validationStart = Math.floor(sessionCount * (1 - 2 * HELD_OUT_SHARE));
  const firstSession = firstWithin(MOST_VIEWS, offsets, validationStart);
  const plan: ExperimentPlan = {
    firstSession,
    firstMeasured: firstWithin(MOST_VIEWS_MEASURED, offsets, testStart),
    validationStart,
    testStart,
    candidates: [],
    skippedCandidates: 0,
    estimatedSeconds: 0,
  };
  if (!settings.backtest || sessionCount < FEWEST_SESSIONS) return plan;

  const views = offsets[validationStart] - offsets[firstSession];
  const wanted = [settings, ...ALTERNATIVES.map((changes) => ({ ...settings, ...changes }))].slice(
    0,
    settings.max_trials,
  );
  for (const candidate of wanted) {
    const seconds = estimateSeconds(views, candidate);
    const isFirst = plan.candidates.length === 0;
    if (!isFirst && plan.estimatedSeconds + seconds > settings.search_seconds) continue;
    plan.candidates.push(newCandidate(plan.candidates.length, candidate));
    plan.estimatedSeconds += seconds;
  }
  plan.skippedCandidates = wanted.length - plan.candidates.length;
  return plan;
}

/** @returns the first session of the newest before `end` that have no more than so many views. */
function firstWithin(mostViews: number, offsets: Uint32Array, end: number): number {
  return offsets.findIndex((offset) => offsets[end] - offset <= mostViews);
}

function newCandidate(position: number, settings: TrainingSettings): Candidate {
  return { id: `candidate-${position + 1}`, settings };
}
