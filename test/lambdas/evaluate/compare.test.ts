import { expect, it } from 'vitest';
import type { HeldOut } from '../../../engine/evaluation/backtest.ts';
import { compareWith } from '../../../lambdas/evaluate/compare.ts';
import type { LiveModel } from '../../../lambdas/evaluate/live-model.ts';
import { indexOf, sessionsOf } from '../../engine/ranking/example-index.ts';

const SESSIONS = 60;
/** After product 0 comes 1. */
const index = indexOf(
  Array.from({ length: 20 }, () => [0, 1]),
  3,
);
const heldOut: HeldOut = {
  index,
  later: sessionsOf(Array.from({ length: SESSIONS }, () => [0, 1])),
  sessions: { earlier: 20, heldOut: SESSIONS },
  blendWeights: undefined,
  question: 'view',
  sessionKnn: undefined,
  reranker: undefined,
  attributes: undefined,
};
const live: LiveModel = {
  runId: 'run-1',
  index,
  lastSessionMs: 5,
  question: 'view',
  reference: [['product 0', 'product 1']],
  answered: [[2]],
};
const startTimesMs = Float64Array.from({ length: SESSIONS }, (_, session) => session);
const compare = (changes: Partial<LiveModel>, times: Float64Array | undefined = startTimesMs) =>
  compareWith({ ...live, ...changes }, heldOut, 'markov', times, 1);

it('asks about new sessions and about those that the live model was measured on', () => {
  const { comparison, reference, notCompared } = compare({});
  expect(comparison).toMatchObject({ runId: 'run-1', sessions: SESSIONS - 6 });
  expect(reference).toMatchObject({ runId: 'run-1', sessions: 1, positions: 1 });
  // Ours has it first, theirs had it second.
  expect(reference!.difference['MRR@20'].value).toBe(0.5);
  expect(notCompared).toBeUndefined();
});

it('says why there is no comparison on new sessions', () => {
  expect(compare({ lastSessionMs: 49 })).toMatchObject({
    comparison: null,
    notCompared: '10 held-out sessions are newer than its last one of 1970-01-01T00:00:00.049Z, 50 are needed',
  });
  for (const found of [compare({ lastSessionMs: undefined }), compareWith(live, heldOut, 'markov', undefined, 1)]) {
    expect(found.comparison).toBeNull();
    expect(found.notCompared).toContain('without a time of each session');
  }
});

it('asks a live model that was not measured nothing', () => {
  expect(compare({ reference: [], answered: undefined }).reference).toBeNull();
});

it('compares no answers about views with answers about purchases', () => {
  const { comparison, reference } = compare({ question: 'purchase' });
  expect(reference).toBeNull();
  // New sessions can be asked about anything.
  expect(comparison).not.toBeNull();
  expect(compare({ question: 'purchase', lastSessionMs: 49 }).notCompared).toMatch(
    /50 are needed; on its own sessions it was asked about purchases, this run about views$/,
  );
});
