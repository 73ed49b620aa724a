import { expect, test } from 'vitest';
import type { Deployment } from '../../../scripts/lib/deployment.ts';
import type { RunFigures } from '../../../scripts/lib/runs-table.ts';
import { describeStatus, type Status } from '../../../scripts/status/deployment-status.ts';
import { monthlyCost } from '../../../scripts/status/monthly-cost.ts';

const NOW_MS = Date.UTC(2026, 10, 16);
const run = (runId: string, status: RunFigures['status'], failure?: RunFigures['failure']): RunFigures => ({
  runId,
  status,
  manifest: undefined,
  report: undefined,
  failure,
});
const failed = run('20261115T000000000Z-b', 'failed', {
  runId: '20261115T000000000Z-b',
  stage: 'ingest',
  error: 'InputError',
  cause: 'There is no column "sku".',
  reads: [],
  writes: [],
  failedAt: '2026-11-15T00:00:00.000Z',
});
const deployment: Deployment = {
  stackName: 'alike-prod',
  apiUrl: 'https://api.example',
  bucket: 'a-bucket',
  stateMachineArn: 'arn',
  isProtected: true,
  access: 'public',
  removalPolicy: 'retain',
  console: { url: 'https://d1.cloudfront.net/', bucket: 'pages' },
  settings: { access: 'public', corsOrigins: ['https://shop.example'] },
};
const status: Status = {
  deployment,
  store: 's3://a-bucket',
  runs: [failed, run('20261114T000000000Z-a', 'live')],
  liveRunId: '20261114T000000000Z-a',
  publishedAt: '2026-11-14T12:00:00.000Z',
  underWaySince: '2026-11-15T23:59:00.000Z',
  alarms: { 'alike-prod-gate-refused': 'A run did not go live.' },
  cost: undefined,
};

test('tells address, settings, the live run and its age, failures with cause and fix, and alarms', () => {
  const text = describeStatus(status, NOW_MS, ' --stage prod');
  expect(text).toContain(
    'API         https://api.example (access public)\nconsole     https://d1.cloudfront.net/\nbucket      a-bucket\n',
  );
  expect(text).toContain('settings    access=public corsOrigins=["https://shop.example"]\n');
  expect(text).toContain('live run    20261114T000000000Z-a, live for 1.5 days\n');
  expect(text).toContain('under way   a run, since 2026-11-15T23:59:00.000Z\n');
  expect(text).toContain('20261115T000000000Z-b failed     ingest: There is no column "sku".\n');
  expect(text).toMatch(/Cause: There is no column "sku"\.\nFix: {3}Upload corrected data/);
  expect(text).toContain('alarms      alike-prod-gate-refused: A run did not go live.\n');
});

test('prints a cause of several lines once, and none of its control characters', () => {
  const cause = `raw/a.csv has no column "sku": \u001b[2J\uFFFD${'ab'.repeat(300)}\nIts header has others.\nName them.`;
  const again = (id: string) => run(id, 'failed', { ...failed.failure!, cause });
  const text = describeStatus({ ...status, runs: [again('c'), again('b'), again('a')] }, NOW_MS, ' --stage prod');
  expect(text.split('Its header has others.')).toHaveLength(2);
  const lines = text.split('\n').filter((line) => / failed +ingest: raw\/a\.csv/.test(line));
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(line.length).toBeLessThan(200);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\uFFFD]/u);
});

test('says of a live run that the gate refused that somebody promoted it', () => {
  const report = {
    verdict: { promoted: false, reason: 'Refused: It is worse.', checks: [] },
  } as unknown as RunFigures['report'];
  const text = describeStatus({ ...status, runs: [{ ...run('r2', 'live'), report }] }, NOW_MS, '');
  expect(text).toContain('live run    r2, live for 1.5 days, promoted by hand\n');
  expect(text).toContain('r2 live       Promoted by hand; the gate had refused it: It is worse.\n');
});

test('GIVEN a live run whose files somebody deleted THEN it is named, with the command that makes another one live', () => {
  const text = describeStatus({ ...status, runs: [failed], liveRunId: 'r1' }, NOW_MS, ' --workspace shop');
  expect(text).toMatch(/live run {4}r1, whose files are gone: .* "npm run promote -- RUN --workspace shop"/);
});

test('GIVEN a live run that a wrong clock published THEN its age is not a negative number', () => {
  const text = describeStatus({ ...status, publishedAt: '2026-11-17T00:00:00.000Z' }, NOW_MS, '');
  expect(text).toContain('a, went live at 2026-11-17T00:00:00.000Z, ahead of this clock\n');
});

test('names the files that the last run left out, why, and what to do', () => {
  const quarantine = {
    runId: 'r2',
    files: [{ name: 'raw/b.gz', sizeBytes: 9, sha256: '', reason: 'It is cut off.\nMore', firstRun: 'r1' }],
  };
  const text = describeStatus({ ...status, runs: [{ ...run('r2', 'live'), quarantine }] }, NOW_MS, '');
  expect(text).toContain(
    'Run r2 left out a file that cannot be read:\n  raw/b.gz: It is cut off. (since run r1)\nFix:   Upload it again under the same name, or delete it.',
  );
});

test('says of a workspace what there is, and no more', () => {
  const workspace: Status = {
    ...status,
    deployment: undefined,
    runs: [],
    publishedAt: undefined,
    underWaySince: undefined,
  };
  expect(describeStatus(workspace, NOW_MS, '')).toBe(
    'artifacts   s3://a-bucket\nlive run    none: the API answers 503\n',
  );
});

test('the cost of the month is that of its calls, its runs, and its share of what is billed by the hour', () => {
  const report = { cost: { trainingUsd: 0.25, backtestUsd: 0.5 } } as RunFigures['report'];
  const runs = [
    { ...failed, report },
    { ...run('20261031T235959999Z-x', 'ready'), report },
  ];
  // Half of November is over: 10 alarms at $0.10, of which half.
  const { parts, totalUsd } = monthlyCost(
    { apiCalls: 2_000_000, recommendMemoryMb: 1_769, tracesAnswers: false, alarms: 10, dashboards: 0, runs },
    NOW_MS,
  );
  expect(parts['10 alarms']).toBeCloseTo(0.5);
  expect(parts['training runs']).toBeCloseTo(0.75);
  // $1.00 HTTP API, $0.20 requests, 3 ms of 1.73 GB at $0.0000133334, 155 B at $0.50 a GB, 930 B at $0.09 a GB.
  expect(parts['calls']).toBeCloseTo(2 * (1 + 0.2 + 0.0691 + 0.0775 + 0.0837), 2);
  expect(totalUsd).toBeCloseTo(0.5 + 0.75 + 2.861, 2);
});
