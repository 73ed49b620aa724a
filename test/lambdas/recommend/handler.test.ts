import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openArtifactStore } from '../../../lambdas/shared/store/open-artifact-store.ts';
import { type HttpBridge, startHttpBridge } from '../../../scripts/lib/http-bridge.ts';
import { publish } from '../../support/published-model.ts';

describe('the Lambda handler over a store in a folder', () => {
  let folder: string;
  let bridge: HttpBridge;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'alike-recommend-'));
    const storeUri = pathToFileURL(folder).href;
    await publish(await openArtifactStore(storeUri), 'run-1');
    vi.stubEnv('ALIKE_STORE_URI', storeUri);
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
    const { handler } = await import('../../../lambdas/recommend/handler.ts');
    bridge = await startHttpBridge({
      handler,
      port: 0,
      onError(error) {
        throw error;
      },
    });
  });
  afterAll(async () => {
    await bridge.close();
    await rm(folder, { recursive: true });
    vi.unstubAllEnvs();
  });

  test('answers over HTTP', async () => {
    const response = await fetch(`${bridge.url}/v1/products/P0/recommendations?count=1`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      productId: 'P0',
      strategy: 'embedding',
      modelVersion: 'run-1',
      recommendationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      items: [{ productId: 'P1', rank: 1, score: expect.closeTo(Math.SQRT1_2, 5), source: 'model' }],
    });
  });

  test("a problem's instance is the gateway's request id", async () => {
    const response = await fetch(`${bridge.url}/v1/nothing`);
    expect(await response.json()).toMatchObject({ status: 404, instance: response.headers.get('apigw-requestid') });
  });
});

test('without its environment variable the handler fails at start and names it', async () => {
  vi.resetModules();
  vi.stubEnv('ALIKE_STORE_URI', undefined);
  await expect(import('../../../lambdas/recommend/handler.ts')).rejects.toThrow('ALIKE_STORE_URI');
  vi.unstubAllEnvs();
});
