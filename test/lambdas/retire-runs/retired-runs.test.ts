import { expect, test } from 'vitest';
import { retiredRuns } from '../../../lambdas/retire-runs/retired-runs.ts';

const RUNS = ['r1', 'r2', 'r3', 'r4', 'r5'];
const pointer = (runId: string, previous: string | null) => ({ runId, previous, publishedAt: '2026-11-23T10:00:00Z' });

test('older runs retire; the live one, the previous one and newer ones stay', () => {
  expect(retiredRuns(RUNS, pointer('r4', 'r2'))).toEqual(new Set(['r1', 'r3']));
});

test('after a rollback the run that it left stays, and what became live again is no longer retired', () => {
  expect(retiredRuns(RUNS, pointer('r3', 'r5'))).toEqual(new Set(['r1', 'r2']));
});

test('the first run retires nothing', () => {
  expect(retiredRuns(['r1'], pointer('r1', null))).toEqual(new Set());
});
