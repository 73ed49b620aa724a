import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { StageResult } from '../../engine/artifacts/stage-record.ts';
import { PIPELINE } from '../../lambdas/pipeline.ts';
import { messageOfCause } from '../../lambdas/shared/lambda-error.ts';
import type { RunEvents, RunSummary } from './local-run.ts';

/** What each state hands on, and the invocation for one item by itself; see `infra/training/training-state-machine.ts`. */
interface RunState extends Partial<StageResult> {
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
      if (STAGES.has(name)) this.#events.stageStarted(name);
    } else if (event.stateExitedEventDetails !== undefined) {
      const { name, output } = event.stateExitedEventDetails;
      this.#leave(name!, JSON.parse(output ?? '{}'));
    }
  }

  #leave(stage: string, { results, failure, ...ofItem }: RunState): void {
    const result = results?.[stage];
    if (result !== undefined) {
      this.results[stage] = result;
      this.#events.stageFinished(stage, undefined, result);
    } else if (STAGES.has(stage) && ofItem.counts !== undefined) {
      this.#events.stageFinished(stage, undefined, ofItem as StageResult);
    } else if (failure?.[stage] !== undefined) {
      this.failure = `Stage ${stage} failed. ${messageOfCause(failure[stage].Cause)}`;
      this.#events.stageFailed(stage);
    }
  }
}

const STAGES: ReadonlySet<string> = new Set(PIPELINE.map(({ name }) => name));
