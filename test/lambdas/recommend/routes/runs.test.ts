import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { artifactKey, stageRecordKey } from '../../../../engine/artifacts/artifact-keys.ts';
import { profileOf } from '../../../../engine/clicks/data-profile.ts';
import { putJson } from '../../../../lambdas/shared/store/artifact-store.ts';
import { ApiFixture } from '../../../support/api-fixture.ts';

const RUN = 'run-1';

/** A run with two stages, of which one ran over items, and the artifacts that a run leaves. */
async function finishedRun() {
  const api = await ApiFixture.published(RUN);
  const report = artifactKey(RUN, 'report');
  await putJson(api.store, report, { runId: RUN, verdict: { reason: 'Promoted: it is the first run.' } });
  await putJson(api.store, artifactKey(RUN, 'request'), { preset: 'tuned' });
  const written = { [report]: { sha256: createHash('sha256').update('x').digest('hex'), sizeBytes: 1 } };
  const record = (stage: string, startedAt: string) => ({
    stage,
    result: { runId: RUN, keys: {}, counts: { rows: 3 } },
    startedAt,
    durationMs: 12,
    peakResidentMb: 100,
    codeVersion: 'test',
  });
  await putJson(api.store, stageRecordKey(RUN, 'publish'), { ...record('publish', '2026-11-23T10:00:02Z'), written });
  await putJson(api.store, stageRecordKey(RUN, 'backtest', 'candidate-1'), record('backtest', '2026-11-23T10:00:01Z'));
  return { api, written };
}

test('a run has its stages in the order of their start, and its artifacts with what was recorded of them', async () => {
  const { api, written } = await finishedRun();
  const { json } = await api.get(`/v1/runs/${RUN}`);
  expect(json).toMatchObject({ runId: RUN, status: 'live', request: { preset: 'tuned' }, failure: null });
  expect(json.stages.map(({ stage, item }: { stage: string; item: string }) => [stage, item])).toEqual([
    ['backtest', 'candidate-1'],
    ['publish', null],
  ]);
  expect(json.stages[0]).toMatchObject({ durationMs: 12, counts: { rows: 3 } });
  const report = json.artifacts.find(({ name }: { name: string }) => name === 'report');
  expect(report).toMatchObject({
    key: `runs/${RUN}/report.json`,
    sha256: written[artifactKey(RUN, 'report')].sha256,
    stage: 'publish',
  });
  expect(json.artifacts.map(({ name }: { name: string }) => name)).toEqual([
    'manifest',
    'report',
    'request',
    'serving',
  ]);
});

test('"live" is the run that is', async () => {
  const { api } = await finishedRun();
  expect((await api.get('/v1/runs/live/report')).json).toMatchObject({
    runId: RUN,
    report: { verdict: { reason: 'Promoted: it is the first run.' } },
  });
});

test('a report that is torn is null, and the operator is told', async () => {
  const { api } = await finishedRun();
  await api.store.put(artifactKey(RUN, 'report'), '{"runId": ');
  expect((await api.get(`/v1/runs/${RUN}/report`)).json).toEqual({ runId: RUN, report: null });
  expect(api.faults).toHaveLength(1);
});

test('the data profile is passed on, and null where a run has none', async () => {
  const { api } = await finishedRun();
  expect((await api.get(`/v1/runs/${RUN}/data`)).json).toEqual({ runId: RUN, profile: null });
  const profile = profileOf(
    { productIds: ['a'], viewCounts: Uint32Array.of(2), offsets: Uint32Array.of(0, 2), startTimesMs: undefined },
    undefined,
  );
  await putJson(api.store, artifactKey(RUN, 'data_profile'), profile);
  expect((await api.get(`/v1/runs/${RUN}/data`)).json).toEqual({ runId: RUN, profile });
});

test.each(['', '/report', '/data', '/rejected-rows'])('an unknown run is a 404 (%s)', async (path) => {
  const { api } = await finishedRun();
  const { statusCode, json } = await api.get(`/v1/runs/none${path}`);
  expect([statusCode, json.detail]).toEqual([404, 'There is no run "none"; GET /v1/runs lists all.']);
});
