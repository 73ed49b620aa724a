import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { STRATEGIES } from '../../../engine/serving-index/strategy.ts';
import { ROUTES } from '../../../lambdas/recommend/routes/table.ts';
import { ApiFixture, type RequestOptions } from '../../support/api-fixture.ts';
import { ODD_PRODUCT_IDS } from '../../support/published-model.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await ApiFixture.published();
});

describe('methods', () => {
  test.each([
    ['DELETE', '/v1/health', 'GET, HEAD, OPTIONS'],
    ['POST', '/v1/products/P0/recommendations', 'GET, HEAD, OPTIONS'],
    ['GET', '/v1/recommendations', 'POST, OPTIONS'],
    ['PATCH', '/v1/clusters/predict', 'POST, OPTIONS'],
  ])('%s %s is refused with 405 and Allow', async (method, path, allow) => {
    const { statusCode, headers, json } = await api.request(method, path);
    expect(statusCode).toBe(405);
    expect(headers['allow']).toBe(allow);
    expect(json.detail).toContain(allow);
  });

  test('HEAD answers as GET does, without a body', async () => {
    const { statusCode, headers, body } = await api.request('HEAD', '/v1/health');
    expect([statusCode, headers['content-type'], body]).toEqual([200, 'application/json', '']);
    expect((await api.request('HEAD', '/v1/products/NEW')).statusCode).toBe(404);
  });

  test('OPTIONS tells the methods', async () => {
    const { statusCode, headers, body } = await api.request('OPTIONS', '/v1/recommendations');
    expect([statusCode, headers['allow'], body]).toEqual([204, 'POST, OPTIONS', '']);
    expect((await api.request('OPTIONS', '/v2')).statusCode).toBe(404);
  });

  test.each(['/', '/v1', '/v1/', '/v2/health', '/v1/products/', '/v1/clusters/1/2', '//v1/health', '/V1/health'])(
    '%s is no route',
    async (path) => {
      const { statusCode, headers, json } = await api.get(path);
      expect([statusCode, headers['content-type']]).toEqual([404, 'application/problem+json']);
      expect(json.detail).toContain(JSON.stringify(path));
    },
  );
});

test('what fails in the server stays in the server', async () => {
  const broken = await ApiFixture.published();
  broken.store.beforeRead = (key) => {
    if (key === artifactKey('run-1', 'manifest')) throw new SyntaxError('a secret of the server');
  };
  const { statusCode, json } = await broken.get('/v1/model');
  expect(statusCode).toBe(500);
  expect(json).toEqual({
    type: 'urn:problem-type:alike:internal-error',
    title: 'The server failed',
    status: 500,
    detail: 'The request could not be answered; the logs say why under this request id.',
    instance: 'request-1',
  });
  expect(broken.faults).toEqual([expect.any(SyntaxError)]);
});

describe('whatever comes', () => {
  const method = fc.oneof(
    fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'),
    fc.string({ minLength: 1 }),
  );
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('P0', ...ODD_PRODUCT_IDS), fc.webSegment());
  const path = fc.oneof(
    text.map((rest) => `/${rest}`),
    fc
      .tuple(fc.constantFrom(...ROUTES.map((route) => route.path)), text)
      .map(([template, value]) => template.replace(/\{\w+\+?\}/, () => value)),
  );
  const query = fc.oneof(
    fc.webQueryParameters(),
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.tuple(fc.constantFrom('count', 'strategy', 'seed', 'strict', 'limit', 'cursor', 'vector'), fc.string()))
      .map((entries) => new URLSearchParams(entries).toString()),
  );
  const fields = fc.constantFrom(
    'viewed',
    'count',
    'strategy',
    'exclude',
    'excludeViewed',
    'seed',
    'vector',
    '__proto__',
  );
  const body = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.dictionary(fields, fc.jsonValue()).map((value) => JSON.stringify(value)),
    fc.constant('['.repeat(100_000)),
    fc.constant(`{"viewed": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
  );
  const headers: fc.Arbitrary<Record<string, string>> = fc.oneof(
    fc.constant({ 'content-type': 'application/json' }),
    fc.record({ 'content-type': fc.string() }),
    fc.constant({}),
  );

  test('is answered below 500, with well-formed JSON that is a problem exactly when it says so', async () => {
    await fc.assert(
      fc.asyncProperty(
        method,
        path,
        fc.record<RequestOptions>({ query, headers, body, isBase64Encoded: fc.boolean() }),
        async (method, path, options) => {
          const { statusCode, headers, json } = await api.request(method, path, options);
          expect(statusCode).toBeLessThan(500);
          if (method.toUpperCase() === 'HEAD' || statusCode === 204) return;
          const isProblem = headers['content-type'] === 'application/problem+json';
          expect(isProblem).toBe(statusCode >= 400);
          if (isProblem) expect(json).toMatchObject({ status: statusCode, instance: 'request-1' });
        },
      ),
      { numRuns: 2_000 },
    );
    expect(api.faults).toEqual([]);
  });

  test('any session gets unique, ranked, allowed products, as many as there are', async () => {
    const known = [...Array.from({ length: 8 }, (_, i) => `P${i}`), ...ODD_PRODUCT_IDS];
    const ids = fc.array(fc.oneof(fc.constantFrom(...known), fc.string({ minLength: 1 })), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          viewed: ids,
          exclude: ids,
          count: fc.integer({ min: 1, max: 100 }),
          excludeViewed: fc.boolean(),
          strategy: fc.constantFrom(...STRATEGIES),
        }),
        async (request) => {
          const { statusCode, json } = await api.post('/v1/recommendations', request);
          expect(statusCode).toBe(200);
          const banned = new Set([...request.exclude, ...(request.excludeViewed ? request.viewed : [])]);
          const allowed = known.filter((id) => !banned.has(id));
          const got: string[] = json.items.map((item: { productId: string }) => item.productId);
          expect(got).toHaveLength(Math.min(request.count, allowed.length));
          expect(new Set(got).size).toBe(got.length);
          expect(allowed).toEqual(expect.arrayContaining(got));
          expect(json.items.map((item: { rank: number }) => item.rank)).toEqual(got.map((_, i) => i + 1));
        },
      ),
    );
  });
});
