import { beforeEach, describe, expect, test } from 'vitest';
import { artifactKey } from '../../../../engine/artifacts/artifact-keys.ts';
import { STRATEGIES } from '../../../../engine/serving-index/strategy.ts';
import { putJson } from '../../../../lambdas/shared/store/artifact-store.ts';
import { ApiFixture } from '../../../support/api-fixture.ts';
import { ODD_PRODUCT_IDS, PUBLISHED_AT, publish } from '../../../support/published-model.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.published();
});

describe('GET /v1/model', () => {
  test('says what is live, with the manifest and the report of its run', async () => {
    await putJson(api.store, artifactKey('run-1', 'report'), { metrics: { hitRate: 0.5 } });
    const { json } = await api.get('/v1/model');
    expect(json).toEqual({
      catalogue: null,
      modelVersion: 'run-1',
      publishedAt: PUBLISHED_AT,
      modelAgeSeconds: 600,
      productCount: 8 + ODD_PRODUCT_IDS.length,
      embeddedCount: 8,
      dimensions: 2,
      clusterCount: 2,
      defaultStrategy: 'embedding',
      strategies: [...STRATEGIES],
      manifest: { runId: 'run-1', seed: 1 },
      report: { metrics: { hitRate: 0.5 } },
    });
  });

  test('reads manifest and report once a model', async () => {
    await putJson(api.store, artifactKey('run-1', 'report'), {});
    for (let i = 0; i < 3; i++) await api.get('/v1/model');
    expect(api.store.reads.filter((key) => key.endsWith('manifest.json'))).toHaveLength(1);
    await publish(api.store, 'run-2');
    api.nowMs += 60_000;
    expect((await api.get('/v1/model')).json.manifest.runId).toBe('run-2');
  });

  test('gives null for a torn manifest and logs its name', async () => {
    await api.store.put(artifactKey('run-1', 'manifest'), '{ torn');
    const { statusCode, json } = await api.get('/v1/model');
    expect([statusCode, json.modelVersion, json.manifest]).toEqual([200, 'run-1', null]);
    expect(api.faults.map(String)).toEqual([expect.stringContaining('runs/run-1/manifest.json in memory://test')]);
  });

  test('gives null for a report that was not written yet', async () => {
    expect((await api.get('/v1/model')).json.report).toBeNull();
    await putJson(api.store, artifactKey('run-1', 'report'), { metrics: {} });
    expect((await api.get('/v1/model')).json.report).toEqual({ metrics: {} });
  });
});

describe('GET /v1/health', () => {
  test('says which model answers and how old it is', async () => {
    expect((await api.get('/v1/health')).json).toEqual({
      status: 'ok',
      modelVersion: 'run-1',
      publishedAt: PUBLISHED_AT,
      modelAgeSeconds: 600,
    });
  });

  test('is degraded while the published model cannot be read', async () => {
    await api.get('/v1/health');
    await publish(api.store, 'run-2', { index: Uint8Array.of(1, 2, 3), previous: 'run-1' });
    api.nowMs += 60_000;
    expect((await api.get('/v1/health')).json).toMatchObject({ status: 'degraded', modelVersion: 'run-1' });
  });
});

describe('before the first publish', () => {
  test.each(['/v1/health', '/v1/model', '/v1/products', '/v1/products/P0/recommendations', '/v1/clusters'])(
    '%s answers 503 with Retry-After',
    async (path) => {
      const empty = new ApiFixture();
      const { statusCode, headers, json } = await empty.get(path);
      expect(empty.faults).toEqual([]);
      expect(statusCode).toBe(503);
      expect(headers['retry-after']).toBe('30');
      expect(json).toMatchObject({ type: 'urn:problem-type:alike:no-model', status: 503, instance: 'request-1' });
    },
  );

  test('GET /v1/runs is empty', async () => {
    expect((await new ApiFixture().get('/v1/runs')).json).toEqual({ items: [], nextCursor: null });
  });
});

describe('GET /v1/runs', () => {
  beforeEach(async () => {
    await publish(api.store, 'run-2');
    await publish(api.store, 'run-4', { previous: 'run-2' });
    await putJson(api.store, artifactKey('run-3', 'failure'), {});
    await putJson(api.store, artifactKey('run-5', 'request'), {});
  });

  test('lists the newest first, with what each is', async () => {
    const { json } = await api.get('/v1/runs');
    expect(json.nextCursor).toBeNull();
    expect(json.items.map((run: Record<string, unknown>) => [run['runId'], run['status']])).toEqual([
      ['run-5', 'unfinished'],
      ['run-4', 'live'],
      ['run-3', 'failed'],
      ['run-2', 'previous'],
      ['run-1', 'ready'],
    ]);
    expect(json.items[1].manifest).toEqual({ runId: 'run-4', seed: 1 });
    expect(json.items[2].manifest).toBeNull();
  });

  test('tells a run that somebody stopped from one that failed, as npm run runs does', async () => {
    await putJson(api.store, artifactKey('run-3', 'failure'), { error: 'RunStopped' });
    const { json } = await api.get('/v1/runs');
    expect(json.items[2]).toMatchObject({ runId: 'run-3', status: 'stopped' });
    expect((await api.get('/v1/runs/run-3')).json.status).toBe('stopped');
  });

  test('shows all runs when one of their manifests is torn, and logs its name', async () => {
    await api.store.put(artifactKey('run-1', 'manifest'), '{"runId": "run-1", ');
    const { statusCode, json } = await api.get('/v1/runs');
    expect(statusCode).toBe(200);
    const torn = json.items.filter(({ runId }: { runId: string }) => runId === 'run-1');
    expect(torn).toEqual([{ runId: 'run-1', status: expect.any(String), manifest: null }]);
    expect(json.items.length).toBeGreaterThan(1);
    expect(api.faults.map(String)).toEqual([expect.stringContaining('runs/run-1/manifest.json in memory://test')]);
  });

  test('pages stay stable while new runs begin', async () => {
    const first = await api.get('/v1/runs', 'limit=2');
    await putJson(api.store, artifactKey('run-6', 'request'), {});
    const second = await api.get('/v1/runs', `limit=2&cursor=${first.json.nextCursor}`);
    const third = await api.get('/v1/runs', `limit=2&cursor=${second.json.nextCursor}`);
    const ids = [first, second, third].map(({ json }) => json.items.map((run: { runId: string }) => run.runId));
    expect(ids).toEqual([['run-5', 'run-4'], ['run-3', 'run-2'], ['run-1']]);
    expect(third.json.nextCursor).toBeNull();
  });

  test('refuses a cursor that it did not make', async () => {
    const forged = [[1], [], [''], ['\u0000'], ['zzzz'], ['run-4', 2], ['run-44'], ['20261123T101500123Z-9f3a02c1', 0]];
    const made = forged.map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url'));
    for (const path of ['/v1/products', '/v1/clusters/0', '/v1/map'])
      made.push((await api.get(path, 'limit=1')).json.nextCursor);
    for (const cursor of made) {
      const { statusCode, json } = await api.get('/v1/runs', `cursor=${cursor}`);
      expect([statusCode, json.errors]).toMatchObject([
        400,
        [{ field: 'cursor', found: expect.stringContaining('another list') }],
      ]);
    }
    expect((await api.get('/v1/runs', 'cursor=nonsense')).statusCode).toBe(400);
  });

  test('goes on after a run that has been removed since', async () => {
    const cursor = Buffer.from('["20261123T101500123Z-9f3a02c1"]').toString('base64url');
    expect((await api.get('/v1/runs', `cursor=${cursor}`)).statusCode).toBe(200);
  });
});
