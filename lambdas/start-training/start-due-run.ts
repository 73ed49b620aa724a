import { crc32 } from 'node:zlib';

/** A run of the state machine, as far as starting another one depends on it. */
export interface TrainingRun {
  arn: string;
  /** Milliseconds since the epoch. */
  startedAtMs: number;
  /** `succeeded`: it came to its end, also where the gate refused its model or nothing was new. */
  state: 'running' | 'succeeded' | 'failed';
}

/** The state machine's executions and the uploads that they read. */
export interface TrainingRuns {
  /** Newest first; at least all that are running and the last that was started. */
  latest(): Promise<TrainingRun[]>;
  /** Whether the run reads all uploads, rather than something that somebody named. */
  readsAllUploads(run: TrainingRun): Promise<boolean>;
  hasUploads(): Promise<boolean>;
  /** Starting the same name twice starts one run. */
  start(name: string): Promise<void>;
}

/**
 * `covered`: a run that started later read the data and came to its end. `postponed`: a run is under way. `failing`: runs
 * that started later read the data and failed. `empty`: there is nothing to train on.
 */
export type TriggerOutcome = 'started' | 'covered' | 'postponed' | 'failing' | 'empty';

/** Each failure has already told somebody, and whatever mends the data is an upload of its own. */
const MOST_FAILURES = 2;

/**
 * Ten uploads start one run, never two runs work at once, and no upload is forgotten: a trigger is done when a run has
 * started after it that read all uploads and came to its end, live or not.
 *
 * Two calls at the same time start one run: its name follows from the run before it.
 *
 * @param uploadedBeforeMs when the data was there, or the schedule due. Milliseconds since the epoch.
 */
export async function startDueRun(uploadedBeforeMs: number, runs: TrainingRuns): Promise<TriggerOutcome> {
  const latest = await runs.latest();
  const later: TrainingRun[] = [];
  for (const run of latest) {
    if (run.startedAtMs > uploadedBeforeMs && (await runs.readsAllUploads(run))) later.push(run);
  }
  if (later.some(({ state }) => state === 'succeeded')) return 'covered';
  if (latest.some(({ state }) => state === 'running')) return 'postponed';
  if (later.length >= MOST_FAILURES) return 'failing';
  if (!(await runs.hasUploads())) return 'empty';
  await runs.start(nameAfter(latest[0]?.arn));
  return 'started';
}

/** How often a postponed trigger asks whether the run under way has ended. */
const RETRY_MS = 120_000;
/** Triggers that are postponed within it ask again together. */
const RETRY_STEP_MS = 10_000;

/**
 * When to ask again for a trigger that was postponed. Many that are due together, such as those of a folder that is
 * uploaded, become one: they wait for the same run, and no run starts before it has ended.
 *
 * @param uploadedBeforeMs of the trigger. It is raised to a time up to which no other run has started since: the same runs
 * count for it as before.
 */
export async function askAgain(uploadedBeforeMs: number, nowMs: number, runs: TrainingRuns): Promise<Settlement> {
  const starts = (await runs.latest()).map(({ startedAtMs }) => startedAtMs).filter((at) => at > uploadedBeforeMs);
  const lastStepMs = Math.floor(nowMs / RETRY_STEP_MS) * RETRY_STEP_MS;
  const raisedMs = starts.length > 0 ? Math.min(...starts) - 1 : Math.max(uploadedBeforeMs, lastStepMs);
  const dueMs = nextMultiple(nowMs + RETRY_MS, RETRY_STEP_MS);
  return { uploadedBeforeMs: raisedMs, name: `again-${raisedMs}-${dueMs}`, dueMs };
}

/**
 * Whoever starts a run gives it this name, so that one of two who saw no run under way at the same moment is refused by Step
 * Functions.
 *
 * @param latestArn of the execution that was started last.
 */
export function nameAfter(latestArn: string | undefined): string {
  return `after-${latestArn === undefined ? 'none' : crc32(latestArn).toString(16).padStart(8, '0')}`;
}

/**
 * Uploads of so many seconds have one trigger, due once. A run that starts by hand that soon after an upload is followed by
 * another; with a finer step, a folder that is uploaded would make more triggers, all of which are due at once.
 */
export const UPLOAD_STEP_SECONDS = 5;

/** When to look at an upload, and which uploads are then looked at together. Milliseconds since the epoch. */
export interface Settlement {
  /** All that come before this, and after the step before, are looked at together, and its name is the same for all of them. */
  uploadedBeforeMs: number;
  name: string;
  dueMs: number;
}

/**
 * All that are uploaded within the same `settleSeconds` are due at once: the first of them starts a run, which reads them
 * all. Each still has its own time, so that a run that began after it counts.
 *
 * @param uploadedAtMs milliseconds since the epoch, of whole seconds: anything within them. @param settleSeconds files
 * that follow within this time are in one run. @param nowMs when the upload was heard of.
 */
export function settlementOf(uploadedAtMs: number, settleSeconds: number, nowMs: number = uploadedAtMs): Settlement {
  const settleMs = Math.max(1, settleSeconds) * 1_000;
  const uploadedBeforeMs = Math.min(
    nextMultiple(uploadedAtMs, UPLOAD_STEP_SECONDS * 1_000),
    nextMultiple(uploadedAtMs, settleMs),
  );
  const dueMs = nextMultiple(Math.max(uploadedAtMs, nowMs), settleMs) + settleSeconds * 1_000;
  return { uploadedBeforeMs, name: `uploads-${uploadedBeforeMs}`, dueMs };
}

function nextMultiple(ofMs: number, stepMs: number): number {
  return (Math.floor(ofMs / stepMs) + 1) * stepMs;
}
