import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../engine/artifacts/training-request.ts';
import type { Drift } from '../../../engine/evaluation/drift.ts';
import type { Estimate, Gains } from '../../../engine/evaluation/figures.ts';
import { judge } from '../../../engine/evaluation/gate.ts';
import type { GateFacts, LiveFacts, RunFacts } from '../../../engine/evaluation/gate-facts.ts';
import type { Backtest, RunEvaluation } from '../../../engine/evaluation/run-evaluation.ts';

const about = (value: number): Estimate => ({ value, low: value - 0.01, high: value + 0.01 });
const gains = (value: number): Gains => {
  const estimate = about(value);
  return { 'HR@5': estimate, 'HR@10': estimate, 'HR@20': estimate, 'MRR@20': estimate, 'NDCG@20': estimate };
};

function backtest(leads: Record<string, number>): Backtest {
  const evaluation = { all: gains(0.7), newProducts: gains(0.7) } as Backtest['evaluations'][string];
  return {
    sessions: { earlier: 900, heldOut: 100 },
    evaluations: { blend: evaluation },
    blendWeights: null,
    best: 'blend',
    leads: Object.fromEntries(Object.entries(leads).map(([name, lead]) => [name, gains(lead)])),
  };
}

const GOOD = backtest({ popularity: 0.2, 'cluster-sample': 0.1 });

const onNew = (difference: number, changes: Partial<RunEvaluation['comparison']> = {}) => ({
  runId: 'run-1',
  sessions: 80,
  positions: 500,
  difference: gains(difference),
  familiarShare: 1,
  theirs: gains(0.7),
  ...changes,
});
const onReference = (difference: number) => ({
  runId: 'run-1',
  sessions: 500,
  positions: 3_000,
  knownShare: 1,
  ours: gains(0.7 + difference),
  theirs: gains(0.7),
  difference: gains(difference),
});

const evaluation = (changes: Partial<RunEvaluation> = {}): RunEvaluation => ({
  settings: PRESETS.tuned,
  trials: [],
  backtest: GOOD,
  blendWeights: null,
  comparison: onNew(0),
  reference: onReference(0),
  ...changes,
});
const UNMEASURED = evaluation({
  backtest: null,
  comparison: null,
  reference: null,
  notMeasured: '60 sessions, 100 are needed',
});
const UNCOMPARED = evaluation({ comparison: null, reference: null, notCompared: '12 new sessions, 50 are needed' });

const run = (sequences: number, period: RunFacts['lineage']['period'] = null): RunFacts => ({
  counts: { sequences, rows: 10 * sequences },
  lineage: { previous: null, period },
});
const until = (to: string, from = '2026-01-01T00:00:00.000Z') => ({ from, to });
const JULY = until('2026-07-31T00:00:00.000Z');
const AUGUST = until('2026-08-31T00:00:00.000Z');

const SAME: Drift = {
  keptViews: 1,
  familiarViews: 1,
  turnover: { kept: 1, familiar: 1 },
  risen: { productId: 'a', from: 0.02, to: 0.025, by: 0, next: 0 },
  popularity: 0,
  direction: 0.98,
  shape: { lengths: 0, viewLengths: 0, repeatShare: { live: 0.06, ours: 0.06 } },
  unseen: undefined,
  alikeShare: { live: 0, ours: 0 },
  seenShare: 0.1,
  containedShare: 1,
};

function live(changes: Partial<LiveFacts> = {}, drift: Partial<Drift> = {}): LiveFacts {
  return {
    runId: 'run-1',
    manifest: run(1000, JULY),
    evaluation: evaluation(),
    drift: { ...SAME, ...drift },
    ...changes,
  };
}

function facts(changes: Partial<GateFacts> = {}): GateFacts {
  return { force: false, candidate: run(1150, AUGUST), evaluation: evaluation(), live: live(), ...changes };
}

describe('the gate lets a run go live', () => {
  it('when it is the first and beats the baselines', () => {
    const verdict = judge(facts({ live: undefined }));
    expect(verdict).toMatchObject({ promoted: true, outcome: 'promoted' });
    expect(verdict.reason).toMatch(
      /^Promoted: it is the first run; blend leads popularity by \+0\.200 MRR@20 \(95 % interval \+0\.190 to \+0\.210/,
    );
  });

  it('by what was asked of both, and says so where it is purchases', () => {
    const ofPurchases: Backtest = { ...GOOD, question: 'purchase' };
    const verdict = judge(facts({ evaluation: evaluation({ backtest: ofPurchases }) }));
    expect(verdict.promoted).toBe(true);
    expect(verdict.reason).toContain('of purchases, blend leads popularity');
    expect(verdict.reason).toContain('on 500 purchases that neither has seen');
    // The live model's own figures are of views: they say nothing about how it should answer about purchases.
    const names = (found: Backtest) =>
      judge(facts({ evaluation: evaluation({ backtest: found }) })).checks.map(({ name }) => name);
    expect(names(GOOD)).toContain('new sessions are of the same kind');
    expect(names(ofPurchases)).not.toContain('new sessions are of the same kind');
  });

  it('when it is the first and was not measured, and says the true reason', () => {
    expect(judge(facts({ live: undefined, evaluation: UNMEASURED }))).toMatchObject({
      promoted: true,
      reason: 'Promoted: it is the first run; it was not measured (60 sessions, 100 are needed).',
    });
  });

  it.each([
    ['when it is as good as the live model', facts(), 'differs from the live model by +0.000 HR@20'],
    [
      'when it is slightly worse, as a model is that was measured without its newest sessions',
      facts({ evaluation: evaluation({ comparison: onNew(-0.05), reference: onReference(-0.05) }) }),
      '−0.050 MRR@20',
    ],
    [
      'when no session is new, by the sessions that the live model was measured on',
      facts({ candidate: run(1000, JULY), evaluation: evaluation({ comparison: null }) }),
      'on 3,000 views of the sessions that the live model was measured on',
    ],
    [
      'when neither it nor the live model was measured',
      facts({ evaluation: UNMEASURED, live: live({ evaluation: UNMEASURED }) }),
      'it was not measured (60 sessions, 100 are needed), nor was live run run-1',
    ],
    [
      'when it was measured and the live model was not, although they could not be compared',
      facts({ evaluation: UNCOMPARED, live: live({ evaluation: UNMEASURED }) }),
      'which was not measured either',
    ],
    [
      'when the live run is damaged',
      facts({ live: live({ manifest: undefined, evaluation: undefined, drift: undefined }) }),
      'live run run-1 cannot be read, so there is nothing to compare with',
    ],
    [
      'when it has half or three times the traffic',
      facts({ candidate: run(3_400, AUGUST) }),
      "its input is like the live model's",
    ],
    [
      'when a season has lifted many products',
      facts({ live: live({}, { risen: { productId: 'a', from: 0.02, to: 0.06, by: 0.03, next: 0.02 } }) }),
      'Promoted',
    ],
    [
      'when new products come as fast as they always do in this shop',
      facts({ live: live({}, { turnover: { kept: 0.5, familiar: 0.5 }, keptViews: 0.45, familiarViews: 0.4 }) }),
      'Promoted',
    ],
    [
      'when the live model was measured by release 0.1.0, whose comparison has fewer figures',
      facts({ evaluation: evaluation({ comparison: onNew(0, { theirs: undefined, familiarShare: undefined }) }) }),
      'Promoted',
    ],
  ])('%s', (_, given, found) => {
    const verdict = judge(given);
    expect(verdict.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict).toMatchObject({ promoted: true, outcome: 'promoted' });
    expect(verdict.reason).toContain(found);
  });
});

it('GIVEN a live run that cannot be read THEN nobody is told that the input is like its', () => {
  const verdict = judge(facts({ live: live({ manifest: undefined, evaluation: undefined, drift: undefined }) }));
  expect(verdict.reason).not.toContain('is like');
});

it('GIVEN no session that is newer than those of the live run THEN a person is told, in whatever is promoted', () => {
  const told = 'no session is newer than those of the live run, the newest of which began 2026-07-31T00:00:00.000Z.';
  expect(judge(facts({ candidate: run(1150, JULY) })).reason).toContain(told);
  expect(judge(facts({ candidate: run(1150, AUGUST) })).reason).not.toContain('no session');
  expect(judge(facts({ candidate: run(1150) })).reason).not.toContain('no session');
});

describe('the gate lets a shop change:', () => {
  it.each([
    ['its new sessions are harder for the live model', onNew(0.02, { theirs: gains(0.64) }), onReference(0)],
    ['what is new costs a little on what was', onNew(0, { theirs: gains(0.7) }), onReference(-0.06)],
    ['both a little', onNew(0.02, { theirs: gains(0.67) }), onReference(-0.02)],
  ])('%s', (_, comparison, reference) => {
    const verdict = judge(facts({ evaluation: evaluation({ comparison, reference }) }));
    expect(verdict.promoted, verdict.reason).toBe(true);
  });
});

describe('the gate refuses a run', () => {
  it.each<[string, GateFacts, string]>([
    [
      'that does not beat popularity clearly',
      facts({ evaluation: evaluation({ backtest: backtest({ popularity: 0.005, 'cluster-sample': 0.1 }) }) }),
      'blend leads popularity by +0.005 MRR@20 (95 % interval −0.005 to +0.015',
    ],
    [
      'that does not beat cluster-sample clearly',
      facts({ evaluation: evaluation({ backtest: backtest({ popularity: 0.1, 'cluster-sample': -0.1 }) }) }),
      'blend leads cluster-sample by −0.100',
    ],
    [
      'that is popularity itself',
      facts({ evaluation: evaluation({ backtest: backtest({ 'cluster-sample': 0.1 }) }) }),
      'nothing is better than popularity',
    ],
    [
      'that is clearly worse on new sessions',
      facts({ evaluation: evaluation({ comparison: onNew(-0.1) }) }),
      'on 500 views that neither has seen it differs from the live model by −0.100 HR@20',
    ],
    [
      "that is clearly worse on the live model's own",
      facts({ evaluation: evaluation({ reference: onReference(-0.1) }) }),
      'on 3,000 views of the sessions that the live model was measured on it differs from it by −0.100 HR@20',
    ],
    [
      'whose new sessions the live model cannot make sense of',
      facts({ evaluation: evaluation({ comparison: onNew(0.1, { theirs: gains(0.3) }) }) }),
      'the live model answers the new sessions with HR@20 0.300, its own with 0.700: ids or orders are mixed up',
    ],
    [
      'whose new sessions are of products that the live model does not know',
      facts({ evaluation: evaluation({ comparison: onNew(0.1, { familiarShare: 0.2 }) }) }),
      'the live model knows the products of 20.0 % of the views in sessions that are new to it: ids have changed',
    ],
    [
      'that was not measured, against a live model that was',
      facts({ evaluation: UNMEASURED }),
      'it was not measured (60 sessions, 100 are needed), and live run run-1 was',
    ],
    [
      'that was not measured, against a live model that may have been',
      facts({ evaluation: UNMEASURED, live: live({ evaluation: undefined }) }),
      'and live run run-1 was',
    ],
    [
      'that could not be compared',
      facts({ evaluation: UNCOMPARED }),
      'it could not be compared with live run run-1 (12 new sessions, 50 are needed)',
    ],
    [
      'that was compared with a run that is live no longer',
      facts({ live: live({ runId: 'run-2' }) }),
      'it could not be compared with live run run-2 (another run went live meanwhile)',
    ],
    [
      'whose export is older than the live one',
      facts({ candidate: run(1000, until('2026-06-11T00:00:00.000Z')) }),
      'its newest session began 2026-06-11T00:00:00.000Z, that of the live run 2026-07-31T00:00:00.000Z',
    ],
    [
      'with a fifth of the traffic',
      facts({ candidate: run(220, AUGUST) }),
      'it has 1 sessions a day, that of the live run 5',
    ],
    [
      'with less than half of the sessions where there is no time',
      facts({ candidate: run(440), live: live({ manifest: run(1000) }) }),
      'the input has 440 sessions, that of the live run 1,000',
    ],
    [
      'most of which no shopper made',
      facts({
        candidate: { ...run(1150, AUGUST), counts: { sequences: 1150, rows: 10_000, implausibleViews: 5_500 } },
      }),
      "55.0 % of its rows were left out as no shopper's, of the live run's 0.0 %",
    ],
    [
      'a third of which has placeholders for ids',
      facts({
        candidate: { ...run(1150, AUGUST), counts: { sequences: 1150, rows: 6_700, placeholderRows: 3_300 } },
      }),
      "33.0 % of its rows have a placeholder in place of an id, of the live run's 0.0 %",
    ],
    [
      "whose sessions the live model answers worse, as it does the live model's: a tenth of the ids exchanged",
      facts({
        evaluation: evaluation({ comparison: onNew(0.09, { theirs: gains(0.64) }), reference: onReference(-0.06) }),
      }),
      "the live model loses 8.6 % of its HR@20 on the new sessions, and this one 8.6 % on the live model's",
    ],
    ['that lost products', facts({ live: live({}, { keptViews: 0.73 }) }), "73.0 % of the live model's recent views"],
    [
      'with other ids in part',
      facts({ live: live({}, { familiarViews: 0.5 }) }),
      '50.0 % of its views are of products that the live model knows',
    ],
    [
      'with a placeholder',
      facts({ live: live({}, { risen: { productId: '(not set)', from: 0, to: 0.33, by: 0.3, next: 0.2 } }) }),
      'product "(not set)" has 33.0 % of all views, in the live model 0.0 %',
    ],
    [
      'in which one product alone has risen',
      facts({ live: live({}, { risen: { productId: 'a', from: 0.004, to: 0.03, by: 0.02, next: 0.001 } }) }),
      'product "a" has 3.0 % of all views, in the live model 0.4 %',
    ],
    ['with ids exchanged', facts({ live: live({}, { popularity: 0.3 }) }), 'distance 0.30, 0.13 at most'],
    ['in reversed order', facts({ live: live({}, { direction: -0.99 }) }), 'the order is reversed'],
    ['without order', facts({ live: live({}, { direction: 0.01 }) }), 'the order is lost'],
    [
      'of merged sessions',
      facts({ live: live({}, { shape: { ...SAME.shape, lengths: 0.6 } }) }),
      'distance 0.60, 0.1 at most',
    ],
    [
      'of a few robots with most views',
      facts({ live: live({}, { shape: { ...SAME.shape, viewLengths: 0.8 } }) }),
      'distance 0.80',
    ],
    [
      'that goes round and round',
      facts({ live: live({}, { shape: { ...SAME.shape, repeatShare: { live: 0.06, ours: 0.55 } } }) }),
      '55.0 % of the steps in sessions lead to a product viewed before',
    ],
    [
      'whose newest sessions were cut',
      facts({ live: live({}, { unseen: { shape: { ...SAME.shape, lengths: 0.5 }, direction: 0.9 } }) }),
      "new sessions are of other lengths than the live model's (distance 0.50, 0.25 at most): merged, cut, or robots",
    ],
    [
      'whose newest sessions go back and forth',
      facts({
        live: live(
          {},
          { unseen: { shape: { ...SAME.shape, repeatShare: { live: 0.06, ours: 0.4 } }, direction: 0.9 } },
        ),
      }),
      '40.0 % of the steps in new sessions lead to a product viewed before, in the live model 6.0 %: sessions were merged',
    ],
    [
      'whose newest sessions are in reversed order',
      facts({ live: live({}, { unseen: { shape: SAME.shape, direction: -0.9 } }) }),
      'of what began after its last session, −90.0 % of the direction between frequent pairs is left: the order is reversed',
    ],
    [
      'whose sessions are all alike',
      facts({ live: live({}, { alikeShare: { live: 0.01, ours: 0.98 } }) }),
      '98.0 % of the sessions repeat another',
    ],
    [
      'whose sessions are old ones',
      facts({ live: live({}, { seenShare: 1, containedShare: 0 }) }),
      'the live model has seen 100.0 % of its newest sessions',
    ],
  ])('%s', (_, given, found) => {
    const verdict = judge(given);
    expect(verdict).toMatchObject({ promoted: false, outcome: 'refused' });
    expect(verdict.reason).toMatch(/^Refused: /);
    expect(verdict.reason).toContain(found);
    expect(verdict.checks.filter(({ passed }) => !passed)).toHaveLength(1);
  });

  it('and the checks that pass are not worded as faults', () => {
    const { checks } = judge(facts({ live: live({}, {}) }));
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    const sentences = checks.map(({ finding }) => finding).join('\n');
    expect(sentences).toContain('views are spread over the products as in the live model');
    expect(sentences).toContain("sessions are as long as the live model's");
    for (const fault of ['robots', 'placeholder, or', 'tracking has broken', 'ids have changed', 'was cut', 'merged']) {
      expect(sentences).not.toContain(fault);
    }
  });

  it('but not against force, which stands on the record', () => {
    const verdict = judge(facts({ force: true, evaluation: UNCOMPARED }));
    expect(verdict).toMatchObject({ promoted: true, outcome: 'promoted', forced: true });
    expect(verdict.reason).toMatch(/^Promoted by force, although it could not be compared with live run run-1/);
  });

  it('and force stands nowhere when it was not needed', () => {
    expect(judge(facts({ force: true })).forced).toBeUndefined();
  });
});

describe('files that could not be read', () => {
  const leftOut = (files: number, ofFiles: number, bytes: number, ofBytes: number) =>
    judge(facts({ leftOut: { files, ofFiles, bytes, ofBytes } }));

  it('are named in the verdict when they are few', () => {
    const { promoted, reason } = leftOut(1, 4, 25, 100);
    expect(promoted).toBe(true);
    expect(reason).toContain('1 of 4 files, with 25.0 % of the bytes, cannot be read and were left out');
  });

  it.each([
    ['more than a quarter of the bytes', leftOut(1, 4, 26, 100)],
    ['more than half of the files, however small', leftOut(3, 5, 0, 100)],
  ])('keep a run from going live when they are %s', (_, { promoted, reason }) => {
    expect(promoted).toBe(false);
    expect(reason).toMatch(/^Refused: \d of \d files, .* cannot be read and were left out \(at most a quarter/);
  });

  it('are forgiven by force, on the record', () => {
    const verdict = judge(facts({ force: true, leftOut: { files: 1, ofFiles: 2, bytes: 50, ofBytes: 100 } }));
    expect(verdict).toMatchObject({ promoted: true, forced: true });
  });
});
