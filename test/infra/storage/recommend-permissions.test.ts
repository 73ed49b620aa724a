import { beforeAll, beforeEach, expect, it } from 'vitest';
import { type ArtifactName, artifactKey, stageRecordKey } from '../../../engine/artifacts/artifact-keys.ts';
import { writeParquet } from '../../../engine/artifacts/parquet.ts';
import { profileOf } from '../../../engine/clicks/data-profile.ts';
import { ROUTES } from '../../../lambdas/recommend/routes/table.ts';
import { putJson } from '../../../lambdas/shared/store/artifact-store.ts';
import { API_CALLS } from '../../support/api-calls.ts';
import { ApiFixture } from '../../support/api-fixture.ts';
import { publishCatalogue, SAMPLE_FEED } from '../../support/published-catalogue.ts';
import { publishTestRules } from '../../support/published-rules.ts';
import { SYNTH_TIMEOUT_MS, synthesize } from '../synthesize.ts';

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: { StringLike: { 's3:prefix': string[] } };
}

/** What the deployed function may read, and which prefixes it may list. */
let mayRead: (key: string) => boolean;
let mayList: (prefix: string) => boolean;
beforeAll(() => {
  const statements = Object.entries(synthesize())
    .filter(([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith('FunctionsrecommendRole'))
    .flatMap(([, { Properties }]) => Properties['PolicyDocument'].Statement as Statement[]);
  const of = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));
  const keys = of('s3:GetObject').flatMap(({ Resource }) =>
    [Resource].flat().map((resource) => /"\/([^"]+)"\]\]/.exec(JSON.stringify(resource))![1]),
  );
  const prefixes = of('s3:ListBucket').flatMap(({ Condition }) => Condition!.StringLike['s3:prefix']);
  mayRead = (key) => keys.some((pattern) => isLike(key, pattern));
  mayList = (prefix) => prefixes.some((pattern) => isLike(prefix, pattern));
}, SYNTH_TIMEOUT_MS);

/** As IAM compares: `*` stands for any text, slashes too. */
function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}

const PROFILE = profileOf(
  { productIds: ['a'], viewCounts: Uint32Array.of(2), offsets: Uint32Array.of(0, 2), startTimesMs: undefined },
  undefined,
);
const RUNS = { live: 'run-1', failed: 'run-2', unchanged: 'run-3' };

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.published(RUNS.live);
  const { store } = api;
  const put = (runId: string, name: ArtifactName, value: object) => putJson(store, artifactKey(runId, name), value);
  for (const runId of Object.values(RUNS)) {
    await put(runId, 'request', { preset: 'tuned' });
    await putJson(store, stageRecordKey(runId, 'ingest'), {
      stage: 'ingest',
      result: { runId, keys: {}, counts: { rows: 3 } },
      startedAt: '2026-11-23T10:00:01Z',
      durationMs: 12,
      peakResidentMb: 100,
      codeVersion: 'test',
    });
    const rejects = writeParquet([{ name: 'reason', type: 'STRING', values: ['no product'] }]);
    await store.put(artifactKey(runId, 'rejected_rows'), rejects);
  }
  await put(RUNS.live, 'report', { runId: RUNS.live });
  await put(RUNS.live, 'data_profile', PROFILE);
  await put(RUNS.failed, 'failure', { runId: RUNS.failed, error: 'InputError' });
  await put(RUNS.unchanged, 'unchanged', { runId: RUNS.unchanged });
});

/** What S3 refuses is thrown, and ends in a 500. */
function enforcePermissions() {
  const { store } = api;
  const list = store.list.bind(store);
  store.beforeRead = (key) => {
    if (!mayRead(key)) throw new Error(`AccessDenied: s3:GetObject ${key}`);
  };
  store.list = async (prefix) => {
    if (!mayList(prefix)) throw new Error(`AccessDenied: s3:ListBucket ${prefix}`);
    return list(prefix);
  };
}

it('GIVEN the rights of the deployed function THEN every route is answered as it is without a limit', async () => {
  enforcePermissions();
  for (const call of API_CALLS) {
    const { statusCode } = await api.call(call);
    expect([call.method, call.path, statusCode]).not.toContain(500);
  }
  expect(api.faults).toEqual([]);
});

it('GIVEN a catalogue and rules as well THEN they are read', async () => {
  await publishCatalogue(api.store, SAMPLE_FEED, '20261123T100500000Z-00000000');
  await publishTestRules(api.store, '20261123T100600000Z-00000000', { timeZone: 'UTC', placements: {}, rules: [] });
  enforcePermissions();
  expect((await api.get('/v1/catalogue')).statusCode).toBe(200);
  expect((await api.get('/v1/rules')).statusCode).toBe(200);
  expect(api.faults).toEqual([]);
});

it.each(Object.entries(RUNS))('GIVEN a run that is %s THEN all that is shown of it is read', async (status, runId) => {
  enforcePermissions();
  const { json } = await api.get('/v1/runs');
  expect(json.items).toContainEqual(expect.objectContaining({ runId, status }));
  const paths = ROUTES.map(({ path }) => path).filter((path) => path.startsWith('/v1/runs/'));
  for (const path of paths) {
    const { statusCode } = await api.get(path.replace('{runId}', runId));
    expect([path, statusCode]).toEqual([path, 200]);
  }
  expect((await api.get(`/v1/runs/${runId}`)).json).toMatchObject({ request: { preset: 'tuned' }, status });
});
