import { expect, it } from 'vitest';
import { PRESETS } from '../../../engine/artifacts/training-request.ts';
import { planExperiments } from '../../../engine/evaluation/plan-experiments.ts';
import { notesOf } from '../../../lambdas/plan/plan-notes.ts';

const sessions = (count: number) => ({
  offsets: Uint32Array.from({ length: count + 1 }, (_, s) => 5 * s),
  views: new Uint32Array(0),
});

it('names each candidate that was not tried, and why', () => {
  const plan = planExperiments(sessions(1_000), { ...PRESETS.tuned, search_seconds: 0, max_trials: 3 });
  expect(notesOf(plan)).toEqual([
    'Not tried: skip-gram, 64 dimensions, window 3, 20 epochs; its training on 4,000 views is expected to take 0.19 s, search_seconds allows 0 s.',
    'Not tried: skip-gram, 32 dimensions, window 2, 50 epochs; its training on 4,000 views is expected to take 0.15 s, search_seconds allows 0 s.',
  ]);
});

it('says why nothing was measured', () => {
  expect(notesOf(planExperiments(sessions(60), PRESETS.tuned))).toEqual([
    'Nothing was measured: 60 sessions, 100 are needed.',
  ]);
});

it('is silent where everything was tried', () => {
  expect(notesOf(planExperiments(sessions(1_000), PRESETS.tuned))).toEqual([]);
});
