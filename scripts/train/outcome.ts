import { outcomeOf } from '../../engine/evaluation/run-report.ts';
import { promoteCommand } from '../lib/local-model.ts';
import type { TrainingSummary } from '../lib/train-locally.ts';

/** The run was refused and nothing was live before it: whoever goes on to serve has nothing to serve. */
const EXIT_NOTHING_LIVE = 3;

const HEADLINES = {
  promoted: 'is live',
  refused: 'did not go live',
  unchanged: 'ended before training',
} as const;

type Ended = Pick<TrainingSummary, 'runId' | 'verdict' | 'live' | 'seconds'>;

/** What became of a run, and what a person may do about it. @param where options of the workspace or the deployment. */
export function describeOutcome({ runId, verdict, live, seconds }: Ended, where: string): string {
  const outcome = outcomeOf(verdict);
  const headline = `Run ${runId} ${HEADLINES[outcome]}: ${verdict.reason} ${seconds.toFixed(1)} s.\n`;
  if (outcome !== 'refused') return headline;
  const stays = live === null ? 'nothing is' : `run ${live} still is`;
  return `${headline}To make it live all the same:\n  ${promoteCommand(runId, where)}\nRun ${runId} is NOT live: ${stays}.\n`;
}

export function exitCodeOf({ verdict, live }: Pick<TrainingSummary, 'verdict' | 'live'>): number {
  return outcomeOf(verdict) === 'refused' && live === null ? EXIT_NOTHING_LIVE : 0;
}
