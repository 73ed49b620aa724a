import { describe, expect, it } from 'vitest';
import { describeOutcome, exitCodeOf } from '../../../scripts/train/outcome.ts';

const ended = (outcome: 'promoted' | 'refused' | 'unchanged', live: string | null) => ({
  runId: 'run-2',
  live,
  seconds: 1.25,
  verdict: { promoted: outcome === 'promoted', outcome, reason: 'A reason.', checks: [] },
});

describe('the outcome of a run', () => {
  it.each([
    ['promoted', 'run-2', 'Run run-2 is live: A reason. 1.3 s.\n', 0],
    ['unchanged', 'run-1', 'Run run-2 ended before training: A reason. 1.3 s.\n', 0],
    [
      'refused',
      'run-1',
      'Run run-2 did not go live: A reason. 1.3 s.\nTo make it live all the same:\n  npm run promote -- run-2 --workspace "shop"\nRun run-2 is NOT live: run run-1 still is.\n',
      0,
    ],
    [
      'refused',
      null,
      'Run run-2 did not go live: A reason. 1.3 s.\nTo make it live all the same:\n  npm run promote -- run-2 --workspace "shop"\nRun run-2 is NOT live: nothing is.\n',
      3,
    ],
  ] as const)('%s with %s live', (outcome, live, text, exitCode) => {
    expect(describeOutcome(ended(outcome, live), ' --workspace "shop"')).toBe(text);
    expect(exitCodeOf(ended(outcome, live))).toBe(exitCode);
  });

  it('of a summary of release 0.1.0 follows from whether it was promoted', () => {
    const { outcome: _, ...verdict } = ended('refused', null).verdict;
    expect(exitCodeOf({ verdict, live: null })).toBe(3);
  });
});
