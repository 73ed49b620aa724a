import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openArtifactStore } from '../../../lambdas/shared/store/open-artifact-store.ts';
import { lambdaContext } from '../../../scripts/lib/lambda-context.ts';
import { eventOf } from '../../support/api-fixture.ts';
import { publish } from '../../support/published-model.ts';

describe('the Lambda handler over a store in a folder', () => {
  let folder: string;
  let call: (rawPath: string, query?: string) => Promise<{ statusCode: number; body: string }>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'alike-recommend-'));
    const storeUri = pathToFileURL(folder).href;
    await publish(await openArtifactStore(storeUri), 'run-1');
    vi.stubEnv('ALIKE_STORE_URI', storeUri);
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
    const { handler } = await import('../../../lambdas/recommend/handler.ts');
    call = (rawPath, query = '') => handler(eventOf('GET', rawPath, { query }), lambdaContext('recommend', 10));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    vi.unstubAllEnvs();
  });

  test('answers an event', async () => {
    const { statusCode, body } = await call('/v1/products/P0/recommendations', 'count=1');
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toEqual({
      productId: 'P0',
      strategy: 'embedding',
      modelVersion: 'run-1',
      recommendationId: expect.stringMatching(/^r1\.[\w-]{16}\.run-1\.embedding\.\.\.\w+$/),
      items: [{ productId: 'P1', rank: 1, score: expect.closeTo(Math.SQRT1_2, 5), source: 'model' }],
    });
  });

  test('answers below /console as it does without: there a hosted console asks', async () => {
    // An answer tells the model's age in seconds.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    for (const path of ['/v1/products/P0', '/v1/health', '/v1/model', '/v1/nothing']) {
      const [plain, asked] = [await call(path), await call(`/console${path}`)];
      expect(asked).toEqual(plain);
    }
    vi.useRealTimers();
    expect((await call('/console/v2/model')).statusCode).toBe(404);
  });

  test("a problem's instance is the gateway's request id", async () => {
    const { body } = await call('/v1/nothing');
    expect(JSON.parse(body)).toMatchObject({ status: 404, instance: 'request-1' });
  });
});

test('without its environment variable the handler fails at start and names it', async () => {
  vi.resetModules();
  vi.stubEnv('ALIKE_STORE_URI', undefined);
  await expect(import('../../../lambdas/recommend/handler.ts')).rejects.toThrow('ALIKE_STORE_URI');
  vi.unstubAllEnvs();
});
