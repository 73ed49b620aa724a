import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { StageResult } from '../../lambdas/shared/stage-record.ts';
import type { RunEvents, RunSummary } from './local-run.ts';

/** What each state hands on; see `infra/training-state-machine.ts`. */
interface RunState {
  results?: Record<string, StageResult>;
  failure?: Record<string, { Cause?: string }>;
}

/** The time of the run, event by event: what is read late still took as long as it took. */
export interface RunClock {
  nowMs: number;
}

/** Turns the history of a deployed run into the events of a local one. */
export class ExecutionHistory {
  readonly results: RunSummary['results'] = {};
  /** What the stage that failed said. */
  failure: string | undefined;
  readonly #events: RunEvents;
  readonly #clock: RunClock;
  #takenId = 0;

  constructor(events: RunEvents, clock: RunClock) {
    this.#events = events;
    this.#clock = clock;
  }

  /** Each event counts once, however often it is read. */
  take(event: HistoryEvent): void {
    if (event.id! <= this.#takenId) return;
    this.#takenId = event.id!;
    this.#clock.nowMs = event.timestamp!.getTime();
    if (event.stateEnteredEventDetails !== undefined) {
      const name = event.stateEnteredEventDetails.name!;
      if (name !== REPORT_FAILURE) this.#events.stageStarted(name);
    } else if (event.stateExitedEventDetails !== undefined) {
      const { name, output } = event.stateExitedEventDetails;
      this.#leave(name!, JSON.parse(output ?? '{}'));
    }
  }

  #leave(stage: string, { results, failure }: RunState): void {
    const result = results?.[stage];
    if (result !== undefined) {
      this.results[stage] = result;
      this.#events.stageFinished(stage, result);
    } else if (failure?.[stage] !== undefined) {
      this.failure = `Stage ${stage} failed. ${explain(failure[stage].Cause)}`;
      this.#events.stageFailed(stage);
    }
  }
}

const REPORT_FAILURE = 'report-failure';

/** Lambda describes an error as JSON. */
function explain(cause = 'No cause was given.'): string {
  try {
    return String(JSON.parse(cause).errorMessage ?? cause);
  } catch {
    return cause;
  }
}
