import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../engine/artifacts/training-request.ts';
import type { Estimate, Gains } from '../../../engine/evaluation/figures.ts';
import { type GateFacts, judge, type LiveFacts } from '../../../engine/evaluation/gate.ts';
import type { Backtest } from '../../../engine/evaluation/run-evaluation.ts';

const about = (value: number): Estimate => ({ value, low: value - 0.01, high: value + 0.01 });
const gains = (value: number): Gains => {
  const estimate = about(value);
  return { 'HR@5': estimate, 'HR@10': estimate, 'HR@20': estimate, 'MRR@20': estimate, 'NDCG@20': estimate };
};

function measured(leads: Record<string, number>): Backtest {
  const evaluation = { all: gains(0.7) } as Backtest['evaluations'][string];
  return {
    sessions: { earlier: 900, heldOut: 100 },
    evaluations: { blend: evaluation },
    blendWeights: null,
    best: 'blend',
    leads: Object.fromEntries(Object.entries(leads).map(([name, lead]) => [name, gains(lead)])),
  };
}

const GOOD = measured({ popularity: 0.2, 'cluster-sample': 0.1 });

function facts(rows: number, sha256: string, changes: Partial<GateFacts> = {}): GateFacts {
  return { force: false, candidate: manifest(rows, sha256), backtest: GOOD, live: undefined, ...changes };
}

function manifest(rows: number, sha256: string) {
  const inputs = [{ name: 'raw/clicks.csv', sizeBytes: 1, sha256 }];
  return { inputs, settings: PRESETS.tuned, codeVersion: '1', counts: { rows } };
}

function live(changes: Partial<LiveFacts> = {}): LiveFacts {
  return {
    runId: 'run-1',
    manifest: manifest(1000, 'old'),
    keptProductShare: 1,
    comparison: undefined,
    ...changes,
  };
}

const comparison = (difference: number) => ({
  runId: 'run-1',
  sessions: 80,
  positions: 500,
  difference: gains(difference),
});

describe('the gate lets a run go live', () => {
  it('when it is the first and beats the baselines', () => {
    expect(judge(facts(1000, 'new'))).toMatchObject({ promoted: true });
    expect(judge(facts(1000, 'new')).reason).toMatch(
      /^Promoted: it is the first run; blend leads popularity by \+0\.200 MRR@20 \(95 % interval \+0\.190 to \+0\.210/,
    );
  });

  it('when it is as good as the live model within the interval', () => {
    const verdict = judge(facts(1000, 'new', { live: live({ comparison: comparison(-0.005) }) }));
    expect(verdict.promoted).toBe(true);
    expect(verdict.reason).toContain(
      'on 500 views that neither has seen it differs from the live model by −0.005 MRR@20',
    );
  });

  it('when the live model has seen all that was held out, and says so', () => {
    expect(judge(facts(1000, 'new', { live: live() })).reason).toContain('could not be compared with the live model');
  });

  it('when nothing was measured because the request asked for that, and says so', () => {
    expect(judge(facts(1000, 'new', { backtest: null }))).toMatchObject({
      promoted: true,
      reason: 'Promoted: it is the first run; it was not measured (backtest is off).',
    });
  });

  it('when the live run is damaged', () => {
    const damaged = live({ manifest: undefined, keptProductShare: undefined });
    expect(judge(facts(1000, 'new', { live: damaged })).promoted).toBe(true);
  });

  it('when the same file is trained with other settings', () => {
    const change = facts(1000, 'old', { live: live() });
    change.candidate = { ...change.candidate, settings: PRESETS.layer };
    expect(judge(change).promoted).toBe(true);
  });
});

describe('the gate refuses a run', () => {
  it.each([
    [
      'whose input is the same file again',
      facts(1000, 'old', { live: live() }),
      'byte for byte, as that of live run run-1',
    ],
    [
      'whose input lost more than half of its rows',
      facts(499, 'new', { live: live() }),
      'the input has 499 rows, that of the live run 1,000',
    ],
    [
      'that lost more than half of the products',
      facts(1000, 'new', { live: live({ keptProductShare: 0.49 }) }),
      "49.0 % of the live model's products",
    ],
    [
      'that does not beat popularity clearly',
      facts(1000, 'new', { backtest: measured({ popularity: 0.005, 'cluster-sample': 0.1 }) }),
      'blend leads popularity by +0.005 MRR@20 (95 % interval −0.005 to +0.015',
    ],
    [
      'that does not beat cluster-sample clearly',
      facts(1000, 'new', { backtest: measured({ popularity: 0.1, 'cluster-sample': -0.1 }) }),
      'blend leads cluster-sample by −0.100',
    ],
    [
      'that is popularity itself',
      facts(1000, 'new', { backtest: measured({ 'cluster-sample': 0.1 }) }),
      'nothing is better than popularity',
    ],
    [
      'that is worse than the live model beyond the interval',
      facts(1000, 'new', { live: live({ comparison: comparison(-0.02) }) }),
      'differs from the live model by −0.020 MRR@20 (95 % interval −0.030 to −0.010)',
    ],
  ])('%s', (_, given, found) => {
    const verdict = judge(given);
    expect(verdict.promoted).toBe(false);
    expect(verdict.reason).toMatch(/^Refused: /);
    expect(verdict.reason).toContain(found);
    expect(verdict.checks.filter(({ passed }) => !passed)).toHaveLength(1);
  });

  it('but not against force, which stands in the reason', () => {
    const verdict = judge(facts(10, 'new', { live: live(), force: true }));
    expect(verdict.promoted).toBe(true);
    expect(verdict.reason).toBe('Promoted by force, although the input has 10 rows, that of the live run 1,000.');
  });
});
