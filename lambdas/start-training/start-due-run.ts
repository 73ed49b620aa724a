/** A run of the state machine, as far as starting another one depends on it. */
export interface TrainingRun {
  arn: string;
  /** Milliseconds since the epoch. */
  startedAtMs: number;
  isRunning: boolean;
}

/** The state machine's executions. */
export interface TrainingRuns {
  /** Newest first; at least all that are running and the last that was started. */
  latest(): Promise<TrainingRun[]>;
  /** Starting the same name twice starts one run. Resolves when `latest` shows the run. */
  start(name: string): Promise<void>;
}

/** An upload or a due schedule, from the queue. */
export interface TrainingTrigger {
  /** Names the run; the same when the queue delivers the trigger again. */
  name: string;
  /** When the data was there, or the schedule due. Milliseconds since the epoch. */
  atMs: number;
}

/** `covered`: a run that started later has seen the data. `postponed`: a run is under way that may have missed it. */
export type TriggerOutcome = 'started' | 'covered' | 'postponed';

/**
 * Ten uploads start one run, never two runs work at once, and no upload is forgotten: a trigger is done when a run has
 * started after it, since a run reads all data that is there when it starts. Meanwhile it waits in the queue.
 *
 * Call it for one trigger at a time; the queue's single message group sees to that.
 */
export async function startDueRun(trigger: TrainingTrigger, runs: TrainingRuns): Promise<TriggerOutcome> {
  const latest = await runs.latest();
  if (latest.some((run) => run.startedAtMs > trigger.atMs)) return 'covered';
  if (latest.some((run) => run.isRunning)) return 'postponed';
  await runs.start(trigger.name);
  return 'started';
}
