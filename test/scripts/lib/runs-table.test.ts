import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../engine/artifacts/training-request.ts';
import type { RunReport } from '../../../engine/evaluation/run-report.ts';
import { compareRuns, describeRun, type RunFigures, tableOfRuns } from '../../../scripts/lib/runs-table.ts';

function run(runId: string, change: { sha256?: string; k?: number; rows?: number } = {}): RunFigures {
  const columns = { session: 's', product: 'p', order: 'o' };
  return {
    runId,
    status: 'ready',
    manifest: {
      runId,
      inputs: [{ name: 'raw/clicks.csv', sizeBytes: 9, sha256: change.sha256 ?? 'a'.repeat(64) }],
      request: { source: 'raw/', columns, encoding: 'utf-8', preset: 'layer', settings: {}, force: false },
      settings: { ...PRESETS.layer, k: change.k ?? 10 },
      codeVersion: '1',
      stages: [],
      counts: { rows: change.rows ?? 1000, products: 7 },
      artifacts: {},
      lineage: { previous: null, period: null },
    },
    report: undefined,
    failure: undefined,
  };
}

function reportOf010(): RunReport {
  const path = `${import.meta.dirname}/../../golden/0.1.0/runs/20261126T023502126Z-347f256c/report.json`;
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('comparing two runs', () => {
  it('shows what differs and counts what does not', () => {
    const text = compareRuns(run('a'), run('b', { sha256: 'b'.repeat(64), k: 20, rows: 1_234_567 }));
    expect(text).toContain('input raw/clicks.csv  aaaaaaaaaaaa  bbbbbbbbbbbb');
    expect(text).toContain('setting k             10            20');
    expect(text).toContain('count rows            1,000         1,234,567');
    expect(text).not.toContain('setting window');
    expect(text).not.toContain('count products');
  });
});

describe('the table of runs', () => {
  it('has a line a run, with a blank where a run has not come so far', () => {
    const lines = tableOfRuns(
      [run('a'), { runId: 'b', status: 'unfinished', manifest: undefined, report: undefined, failure: undefined }],
      '/shop',
      '',
    ).split('\n');
    expect(lines[1]).toMatch(/^a +ready +1,000 +7 +layer$/);
    expect(lines[2]).toMatch(/^b +unfinished$/);
    expect(lines[3]).toBe('');
  });

  const failed: RunFigures = {
    runId: 'c',
    status: 'failed',
    manifest: undefined,
    report: undefined,
    failure: {
      runId: 'c',
      stage: 'ingest',
      error: 'InputError',
      cause: 'There is no column "sku".',
      reads: [],
      writes: [],
      failedAt: '2026-11-26T00:00:00.000Z',
    },
  };

  it('says of a failed run which stage it was and why, and of the newest what to do', () => {
    const text = tableOfRuns([failed, run('a')], '/shop', '');
    expect(text.split('\n')[1]).toMatch(/^c +failed +ingest: There is no column "sku"\.$/);
    expect(text).toContain(
      'Run c failed in ingest.\nCause: There is no column "sku".\nFix:   Correct the data, or the options',
    );
    expect(tableOfRuns([failed], '/shop', ' --stage live')).toContain('Fix:   Upload corrected data');
    expect(tableOfRuns([run('z'), failed], '/shop', '')).not.toContain('Fix:');
  });

  it('says of a run that ended before training why', () => {
    const unchanged: RunFigures = { ...run('a'), status: 'unchanged', manifest: undefined };
    expect(tableOfRuns([unchanged], '/shop', '').split('\n')[1]).toMatch(
      /^a +unchanged +Nothing was new since the live run\.$/,
    );
  });

  it('says of a run that somebody stopped that it was stopped', () => {
    const stopped: RunFigures = { ...failed, failure: { ...failed.failure!, error: 'RunStopped' } };
    const text = tableOfRuns([stopped], '/shop', ' --workspace my/shop');
    expect(text.split('\n')[1]).toMatch(/^c +stopped +/);
    expect(text).toContain('Run c was stopped in ingest.');
    expect(text).toContain('Go on with it (npm run train -- --resume c --workspace my/shop), or train again');
    expect(describeRun(stopped, '')).toMatch(/^status +stopped$/m);
  });

  it.each([
    ['live', 'Promoted by hand; the gate had refused it: It is worse.'],
    ['previous', 'Was promoted by hand; the gate had refused it: It is worse.'],
    ['ready', 'Refused: It is worse.'],
  ] as const)('says of a %s run that the gate refused who made it live', (status, reason) => {
    const report = reportOf010();
    report.verdict = { promoted: false, reason: 'Refused: It is worse.', checks: [] };
    const refused = { ...run('a'), status, report };
    expect(tableOfRuns([refused], '/shop', '').split('\n')[1]).toContain(reason);
    expect(describeRun(refused, '')).toContain(reason);
  });

  it.each([
    ['live', { promoted: true, reason: 'Promoted: it is the first.', checks: [] }],
    ['live', { promoted: true, forced: true as const, reason: 'Promoted, since it was forced.', checks: [] }],
  ] as const)('says nothing of a hand where the run went live by itself', (status, verdict) => {
    const report = { ...reportOf010(), verdict: { ...verdict, checks: [] } };
    expect(tableOfRuns([{ ...run('a'), status, report }], '/shop', '')).not.toContain('by hand');
  });

  it('tells all about one run', () => {
    expect(describeRun(run('a', { k: 20 }), '')).toMatch(/^run +a\nstatus +ready\n/);
    expect(describeRun(run('a', { k: 20 }), '')).toMatch(/^setting k +20$/m);
    expect(describeRun(failed, '')).toMatch(
      /^Run c failed in ingest\.\nCause: .*\nFix: .*\n\nrun +c\nstatus +failed\n$/,
    );
  });

  it('gives the figures as served and with viewed products allowed', () => {
    const report = reportOf010();
    const best = report.evaluation.backtest!.evaluations[report.evaluation.backtest!.best];
    best.asServed = { ...best, gains: { ...best.all, 'HR@20': { value: 0.987, low: 0.9, high: 1 } } };
    const [header, line] = tableOfRuns([{ ...run('a'), report }], '/shop', '').split('\n');
    expect(header).toMatch(/HR@20 as served +MRR@20 as served +HR@20 viewed allowed +MRR@20 viewed allowed/);
    expect(line).toMatch(/ 0\.987 +\d\.\d{3} +\d\.\d{3} +\d\.\d{3} /);
  });

  it('reads a report of release 0.1.0, which has no figures as served', () => {
    const { all } = Object.values(reportOf010().evaluation.backtest!.evaluations)[0];
    expect(all).toBeDefined();
    const [, line] = tableOfRuns([{ ...run('a'), report: reportOf010() }], '/shop', '').split('\n');
    expect(line).toMatch(/^a +ready +1,000 +7 +layer +\d\.\d{3} +\d\.\d{3} +\D/);
  });

  it('says what to do when there is none', () => {
    expect(tableOfRuns([], '/shop', '')).toBe('There are no runs in /shop yet. Train one: npm run train -- --help\n');
  });
});
