import { expect, it } from 'vitest';
import { type ArtifactName, artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { PIPELINE } from '../../../lambdas/pipeline.ts';
import { buildFailureReport } from '../../../lambdas/report-failure/failure-report.ts';

const AT = '2026-11-23T10:00:00.000Z';

it('names the stage, the error, what the stage said, and the artifacts it reads and writes', () => {
  const cause = JSON.stringify({ errorType: 'InputError', errorMessage: 'raw/a.csv is empty.', trace: ['at x'] });
  expect(buildFailureReport('r1', { ingest: { Error: 'InputError', Cause: cause } }, AT)).toEqual({
    runId: 'r1',
    stage: 'ingest',
    error: 'InputError',
    cause: 'raw/a.csv is empty.',
    fix: expect.stringMatching(/^Upload corrected data/),
    reads: [
      'the uploaded clickstream',
      'current.json',
      'runs/<live run>/manifest.json',
      'runs/<live run>/serving/index.bin',
      'catalogue/current.json',
    ],
    writes: ['raw_session_based_clickstream_data', 'rejected_rows', 'quarantine', 'marks', 'views', 'unchanged'].map(
      (name) => (name === 'marks' ? 'quarantine/' : artifactKey('r1', name as ArtifactName)),
    ),
    failedAt: AT,
  });
});

it.each([
  ['plain text', 'Lambda was killed', 'Lambda was killed'],
  ['JSON without a message', '{"a":1}', '{"a":1}'],
  ['no object', 'null', 'null'],
  ['nothing', undefined, 'no cause was given: the stage timed out or its Lambda could not run'],
  ['empty', '', 'no cause was given: the stage timed out or its Lambda could not run'],
])('explains a cause that is %s', (_, Cause, cause) => {
  expect(buildFailureReport('r1', { embed: { Error: 'States.Timeout', Cause } }, AT)).toMatchObject({
    stage: 'embed',
    error: 'States.Timeout',
    cause,
  });
});

it('takes the last failure when a run was redriven and failed again', () => {
  const failure = { embed: { Error: 'A' }, cluster: { Error: 'B' } };
  expect(buildFailureReport('r1', failure, AT)).toMatchObject({ stage: 'cluster', error: 'B' });
});

it("tells the live run's artifacts from its own", () => {
  const { reads } = buildFailureReport('r1', { evaluate: { Error: 'X' } }, AT);
  expect(reads).toEqual(
    expect.arrayContaining(['runs/r1/corpus/corpus.bin', 'runs/<live run>/serving/index.bin', 'current.json']),
  );
});

it('stands for what the state machine cannot say either', () => {
  expect(buildFailureReport('r1', {}, AT)).toMatchObject({ stage: 'unknown', error: 'unknown', reads: ['runs/r1/'] });
});

it.each(PIPELINE.map(({ name }) => name))('knows the keys of %s', (stage) => {
  const { reads, writes } = buildFailureReport('r1', { [stage]: { Error: 'X' } }, AT);
  expect(reads.length).toBeGreaterThan(0);
  expect(writes.length).toBeGreaterThan(0);
});

it.each([
  ['InputError', /raw\//],
  ['ConfigurationError', /--set/],
  ['ArtifactError', /train again/],
  ['Sandbox.Timedout', /trainingMemoryMb/],
  ['Lambda.ServiceException', /[Rr]edrive/],
  [undefined, /[Rr]edrive/],
])('says what to do after %s', (error, fix) => {
  expect(buildFailureReport('r1', { embed: { Error: error } }, AT).fix).toMatch(fix);
});
