import { expect, it } from 'vitest';
import type { StageRecord } from '../../../engine/artifacts/stage-record.ts';
import { costOf } from '../../../lambdas/publish/run-cost.ts';

const record = (stage: string, durationMs: number): StageRecord => ({
  stage,
  result: { runId: 'run-1', keys: {}, counts: {} },
  startedAt: '2026-11-23T10:00:00.000Z',
  durationMs,
  peakResidentMb: 100,
  codeVersion: '1',
});

it('adds up the stages that train and those that measure, candidate by candidate', () => {
  const cost = costOf([
    record('ingest', 1000),
    record('backtest', 2000),
    record('backtest', 4000),
    record('embed', 500),
  ]);
  expect(cost).toMatchObject({ trainingSeconds: 1.5, backtestSeconds: 6 });
  // 3,538 MB are 3.455 GB: 6 s · 3.455 GB · $0.0000133334 = $0.0002764.
  expect(cost.backtestUsd).toBeCloseTo(0.000_276_4, 7);
  expect(cost.trainingUsd).toBeCloseTo(0.000_069_1, 7);
});
