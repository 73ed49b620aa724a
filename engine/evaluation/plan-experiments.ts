import type { TrainingSettings } from '../artifacts/training-request.ts';
import type { Sessions } from '../clicks/corpus.ts';
import { KIND_NUMBER } from '../clicks/event-kinds.ts';
import {
  estimateSeconds,
  MOST_TRAINING_SECONDS,
  mostViewsInTime,
  withEpochsInTime,
} from '../word2vec/training-seconds.ts';
import type { Candidate, ExperimentPlan, SkippedCandidate } from './experiment-plan.ts';
import { FOLDS, needsCrossValidation } from './folds.ts';

/** Of all sessions, from the end: a tenth for the report, a tenth before it to choose and to fit on. */
const HELD_OUT_SHARE = 0.1;
/** A shop that hardly has sessions learns from all of them and is not measured. */
const FEWEST_SESSIONS = 100;

/**
 * Views that a candidate trains on at most. With so many of Diginetica's 670,000 the same candidate wins, and in a made-up
 * shop of 17,000 products one of the two that are best with all (docs/benchmarks.md).
 */
const MOST_VIEWS = 250_000;

/** Views that the winner trains on at most to be measured: a larger shop's figures are of its newest sessions. */
const MOST_VIEWS_MEASURED = 4_000_000;
/** On the sessions before the held-out ones, and on those without their tail, to fit the blend's weights on the tail. */
const TRAININGS_TO_MEASURE = 2;

/**
 * What is worth trying besides the request's own settings, the best first. Short windows won on catalogues of hundreds and of
 * tens of thousands of products (docs/benchmarks.md). A wide one is for shops where a session's views are in no order.
 * Defaults made for text are far from all of them (Caselles-Dupré et al. 2018, arXiv 1804.04212).
 */
const ALTERNATIVES: Partial<TrainingSettings>[] = [
  { sg: 1, vector_size: 64, window: 3, negative: 10, ns_exponent: 0.5, sample: 0, epochs: 20 },
  { sg: 1, vector_size: 32, window: 2, direction: 'forward', negative: 15, ns_exponent: 0.75, sample: 0, epochs: 50 },
  { sg: 1, vector_size: 16, window: 2, direction: 'forward', negative: 20, ns_exponent: 0.75, sample: 0, epochs: 60 },
  { sg: 1, vector_size: 64, window: 10, negative: 10, ns_exponent: 0.5, sample: 0, epochs: 10 },
  { sg: 0, vector_size: 32, window: 2, direction: 'forward', negative: 15, ns_exponent: 0.75, sample: 0, epochs: 50 },
  { sg: 1, vector_size: 64, window: 10, negative: 10, ns_exponent: 0.25, sample: 1e-3, epochs: 20 },
  { sg: 1, vector_size: 100, window: 5, negative: 10, ns_exponent: 0, sample: 1e-4, epochs: 15 },
];

/**
 * Decides which sessions train, choose and are reported, and which settings are tried: the request's own, then
 * alternatives up to `max_trials`. Each trains in a Lambda of its own, so each has `search_seconds` to itself.
 *
 * @param sessions in time order, with `trainedOffsets`: what a training goes through.
 */
export function planExperiments({ offsets, kinds }: Sessions, settings: TrainingSettings): ExperimentPlan {
  const sessionCount = offsets.length - 1;
  const testStart = Math.floor(sessionCount * (1 - HELD_OUT_SHARE));
  const validationStart = Math.floor(sessionCount * (1 - 2 * HELD_OUT_SHARE));
  const trainings = needsCrossValidation({ offsets }) ? FOLDS : 1;
  const mostViews = Math.min(MOST_VIEWS, mostViewsInTime(settings) / trainings);
  const firstSession = firstWithin(mostViews, offsets, validationStart);
  const views = trainings * (offsets[validationStart] - offsets[firstSession]);
  const notMeasured = whyNotMeasured(sessionCount, views, settings) ?? whyNotAsked(kinds, settings);
  const { candidates, skipped } =
    notMeasured === undefined ? chooseCandidates(views, settings) : { candidates: [], skipped: [] };
  return {
    firstSession,
    firstMeasured: measuredPart(offsets, 0, testStart, settings).firstSession,
    validationStart,
    testStart,
    candidates,
    skippedCandidates: skipped.length,
    skipped,
    estimatedSeconds: candidates.reduce((sum, candidate) => sum + estimateSeconds(views, candidate.settings), 0),
    ...(notMeasured !== undefined && { notMeasured }),
  };
}

/**
 * The newest sessions before `testStart` that a model with these settings is trained on twice to be measured, once for the
 * blend's weights, and in folds where the shop is small, and the epochs that it has for that: all trainings together end
 * in time.
 *
 * @param offsets of the trained views: `trainedOffsets`. @param earliest no session before it.
 */
export function measuredPart(
  offsets: Uint32Array,
  earliest: number,
  testStart: number,
  settings: TrainingSettings,
): { firstSession: number; settings: TrainingSettings } {
  const trainings = TRAININGS_TO_MEASURE + (needsCrossValidation({ offsets }) ? FOLDS : 0);
  const mostViews = Math.min(MOST_VIEWS_MEASURED, mostViewsInTime(settings) / trainings);
  const firstSession = Math.max(earliest, firstWithin(mostViews, offsets, testStart));
  const views = trainings * (offsets[testStart] - offsets[firstSession]);
  return { firstSession, settings: withEpochsInTime(settings, views) };
}

function whyNotMeasured(sessionCount: number, views: number, settings: TrainingSettings): string | undefined {
  if (!settings.backtest) return 'the setting backtest is false';
  if (sessionCount < FEWEST_SESSIONS) {
    return `${sessionCount} sessions, ${FEWEST_SESSIONS} are needed`;
  }
  if (views > 0) return undefined;
  const { vector_size, window, negative } = settings;
  return (
    `one epoch over a single session is expected to take more than ${MOST_TRAINING_SECONDS} s with vector_size=${vector_size}, ` +
    `window=${window}, negative=${negative}: lower one of them`
  );
}

function whyNotAsked(kinds: Uint8Array | undefined, { question }: TrainingSettings): string | undefined {
  if (question !== 'purchase' || kinds?.includes(KIND_NUMBER.purchase)) return undefined;
  return 'question=purchase asks about purchases, and no event of the clicks is one: name it with a weight of its own, such as --events view_item=1,purchase=5';
}

function chooseCandidates(views: number, settings: TrainingSettings) {
  const candidates: Candidate[] = [newCandidate(0, withEpochsInTime(settings, views))];
  const skipped: SkippedCandidate[] = [];
  for (const changes of ALTERNATIVES.slice(0, settings.max_trials - 1)) {
    const alternative = { ...settings, ...changes };
    const estimatedSeconds = estimateSeconds(views, alternative);
    const most = Math.min(settings.search_seconds, MOST_TRAINING_SECONDS);
    if (estimatedSeconds <= most) candidates.push(newCandidate(candidates.length, alternative));
    else {
      const reason =
        `its training on ${views.toLocaleString('en-US')} views is expected to take ${Number(estimatedSeconds.toPrecision(2))} s, ` +
        (most < settings.search_seconds ? `a Lambda has ${most} s` : `search_seconds allows ${most} s`);
      skipped.push({ settings: alternative, estimatedSeconds, reason });
    }
  }
  return { candidates, skipped };
}

/** @returns the first session of the newest before `end` that have no more than so many views. */
function firstWithin(mostViews: number, offsets: Uint32Array, end: number): number {
  return offsets.findIndex((offset) => offsets[end] - offset <= mostViews);
}

function newCandidate(position: number, settings: TrainingSettings): Candidate {
  return { id: `candidate-${position + 1}`, settings };
}
