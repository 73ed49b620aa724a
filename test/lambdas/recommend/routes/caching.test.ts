import { beforeEach, describe, expect, test } from 'vitest';
import { MAX_AGE_SECONDS } from '../../../../lambdas/shared/http/caching.ts';
import { ApiFixture } from '../../../support/api-fixture.ts';
import { publish } from '../../../support/published-model.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.published();
});

const RECOMMEND = '/v1/products/P0/recommendations';
const askAgain = (etag: string, path = RECOMMEND, query = 'count=3') =>
  api.request('GET', path, { query, headers: { 'if-none-match': etag } });

/** The case api-cache. */
describe('an answer to GET', () => {
  test('may be kept for a short while, and has a weak ETag', async () => {
    const { statusCode, headers } = await api.get(RECOMMEND, 'count=3');
    expect([statusCode, headers['cache-control'], headers['vary']]).toEqual([
      200,
      `max-age=${MAX_AGE_SECONDS}`,
      'origin',
    ]);
    expect(headers['etag']).toMatch(/^W\/"[\w-]{22}"$/);
  });

  test('asked for by its ETag is 304 without a body, and keeps its headers', async () => {
    const first = await api.get(RECOMMEND, 'count=3');
    const etag = first.headers['etag'] as string;
    for (const tags of [etag, etag.replace('W/', ''), `"other", ${etag}`, '*']) {
      const { statusCode, headers, body } = await askAgain(tags);
      expect([statusCode, body, headers['etag'], headers['cache-control']]).toEqual([304, '', etag, 'max-age=30']);
      expect(headers).not.toHaveProperty('content-type');
    }
    const head = await api.request('HEAD', RECOMMEND, { query: 'count=3', headers: { 'if-none-match': etag } });
    expect([head.statusCode, head.body]).toEqual([304, '']);
  });

  test('has the same ETag when it says the same, whatever its recommendationId', async () => {
    const [one, two] = [await api.get(RECOMMEND), await api.get(RECOMMEND)];
    expect(one.json.recommendationId).not.toBe(two.json.recommendationId);
    expect(one.headers['etag']).toBe(two.headers['etag']);
  });

  test('has another one when it says something else, and when another model is live', async () => {
    const { headers } = await api.get(RECOMMEND, 'count=3');
    for (const query of ['count=2', 'count=3&explain=true', 'count=3&strategy=markov', 'count=3&exclude=P1']) {
      expect((await api.get(RECOMMEND, query)).headers['etag']).not.toBe(headers['etag']);
    }
    await publish(api.store, 'run-2');
    api.nowMs += 60_000;
    const { statusCode, json } = await askAgain(headers['etag'] as string);
    expect([statusCode, json.modelVersion]).toEqual([200, 'run-2']);
  });
});

describe('never kept is', () => {
  test.each([
    ['a random sample', RECOMMEND, 'strategy=cluster-sample'],
    ['the age of the model', '/v1/model', ''],
    ['whether it is healthy', '/v1/health', ''],
    ['the list of runs', '/v1/runs', ''],
    ['a problem', RECOMMEND, 'count=0'],
    ['a problem, asked for by any tag', '/v1/nothing', ''],
  ])('%s', async (_, path, query) => {
    const { statusCode, headers } = await askAgain('*', path, query);
    expect(statusCode).not.toBe(304);
    expect([headers['cache-control'], headers['etag']]).toEqual(['no-store', undefined]);
  });

  test('an answer to POST', async () => {
    const { headers } = await api.post('/v1/recommendations', { viewed: ['P0'] });
    expect([headers['cache-control'], headers['etag']]).toEqual(['no-store', undefined]);
  });
});

test.each(['/v1/products', '/v1/products/P0', '/v1/clusters', '/v1/clusters/0', '/v1/openapi.json'])(
  '%s is kept, too; so is a sample by its seed',
  async (path) => {
    for (const [of, query] of [
      [path, ''],
      [RECOMMEND, 'strategy=cluster-sample&seed=7'],
    ]) {
      const { headers } = await api.get(of, query);
      expect((await askAgain(headers['etag'] as string, of, query)).statusCode).toBe(304);
    }
  },
);
