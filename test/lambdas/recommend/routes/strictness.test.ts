import { beforeAll, describe, expect, test, vi } from 'vitest';
import { nearestName } from '../../../../engine/nearest-name.ts';
import { ROUTES } from '../../../../lambdas/recommend/routes/table.ts';
import { GOOD_CALLS } from '../../../support/api-calls.ts';
import { ApiFixture } from '../../../support/api-fixture.ts';
import { publishCatalogue, SAMPLE_FEED } from '../../../support/published-catalogue.ts';

vi.mock(import('../../../../engine/nearest-name.ts'), { spy: true });

let api: ApiFixture;
beforeAll(async () => {
  api = await ApiFixture.published();
  await publishCatalogue(api.store, SAMPLE_FEED);
});

/** Parameters that hold a list. */
const REPEATABLE = new Set(['exclude', 'relax', 'fields']);

test('there is a call of each route', () => {
  const called = GOOD_CALLS.map(({ method, route }) => `${method} ${route}`);
  expect(called.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});

describe.each(GOOD_CALLS)('$method $route', (call) => {
  const { query } = ROUTES.find(({ method, path }) => method === call.method && path === call.route)!;
  const known = Object.keys(query?.shape ?? {});
  const withQuery = (parameters: string) =>
    api.call({ ...call, query: [call.query, parameters].filter(Boolean).join('&') });

  test('refuses a query parameter that it does not know, by name', async () => {
    const { statusCode, json } = await withQuery('nonsense=1');
    expect(statusCode).toBe(400);
    const allowed = known.length === 0 ? 'no parameter' : `one of ${known.join(', ')}`;
    expect(json.errors).toEqual([{ in: 'query', field: 'nonsense', found: 'an unknown parameter', allowed }]);
  });

  test.each(['=5', '&=5', '=', 'utm_source=x&=5', '=5&='])('refuses a parameter without a name: %s', async (query) => {
    const { statusCode, json } = await withQuery(query);
    expect([statusCode, json.errors]).toMatchObject([400, [{ in: 'query', field: '', found: 'an unknown parameter' }]]);
  });

  test('lets pass what is no parameter at all', async () => {
    for (const query of ['&&', 'utm_source=a?=b', '_==']) expect((await withQuery(query)).statusCode).toBe(200);
  });

  test('lets pass what signatures, trackers and cache busters add', async () => {
    const added = 'X-Amz-Signature=abc&X-Amz-Date=&x-amz-security-token=x&utm_source=mail&utm_medium=&_=1700000000';
    expect((await withQuery(added)).statusCode).toBe(200);
  });

  test.each(known.filter((name) => !REPEATABLE.has(name)))('refuses %s given twice', async (name) => {
    const twice = await api.call({ ...call, query: `${name}=1&${name}=1` });
    expect(twice.json.errors).toEqual([{ in: 'query', field: name, found: '2 values', allowed: 'one value' }]);
  });

  test.each(known)('refuses %s without a value', async (name) => {
    const empty = await api.call({ ...call, query: `${name}=` });
    expect([empty.statusCode, empty.json.errors[0]]).toMatchObject([400, { field: name, found: '""' }]);
    const bare = await api.call({ ...call, query: name });
    expect(bare.statusCode).toBe(400);
  });

  test('HEAD and OPTIONS', async () => {
    const { headers } = await api.call(call);
    const head = await api.request('HEAD', call.path, { query: call.query ?? '' });
    if (call.method === 'GET') expect(head).toMatchObject({ statusCode: 200, headers, body: '' });
    else expect([head.statusCode, head.headers['allow'], head.body]).toEqual([405, 'POST, OPTIONS', '']);
    const options = await api.request('OPTIONS', call.path, { query: 'nonsense=1' });
    const allow = call.method === 'GET' ? 'GET, HEAD, OPTIONS' : 'POST, OPTIONS';
    expect([options.statusCode, options.headers['allow'], options.body]).toEqual([204, allow, '']);
  });
});

test.each(GOOD_CALLS.filter(({ body }) => body !== undefined))(
  '$method $route refuses a body of another type, too large, and none',
  async (call) => {
    const send = (headers: Record<string, string>, text?: string) =>
      api.request('POST', call.path, { headers, ...(text !== undefined && { body: text }) });
    const json = { 'content-type': 'application/json' };
    expect((await send({}, JSON.stringify(call.body))).statusCode).toBe(415);
    expect((await send(json, ' '.repeat(1_048_577))).statusCode).toBe(413);
    expect((await send(json)).statusCode).toBe(400);
  },
);

describe('an unknown name', () => {
  test('is told which known one is near', async () => {
    const { json } = await api.get('/v1/products/P0/recommendations', 'cuont=3');
    const allowed =
      'one of count, strategy, placement, seed, strict, explain, exclude, filter, relax, includeUnavailable, explore, fields';
    expect(json.errors).toEqual([
      { in: 'query', field: 'cuont', found: 'an unknown parameter', allowed, nearest: 'count' },
    ]);
    expect(json.detail).toBe(`"cuont": found an unknown parameter; allowed is ${allowed}. Did you mean "count"?`);
    const body = await api.post('/v1/recommendations', { viewed: [], exclude_viewed: true });
    expect(body.json.errors[0]).toMatchObject({ field: 'exclude_viewed', nearest: 'excludeViewed' });
  });

  test('is named even where JavaScript has a meaning for it', async () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__']) {
      const { statusCode, json } = await api.get('/v1/health', `${name}=1`);
      expect([statusCode, json.errors[0].field]).toEqual([400, name]);
    }
  });

  test('among 50,000 others costs no more than ten do', async () => {
    const names = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`field${i}`, 0]));
    vi.mocked(nearestName).mockClear();
    const { statusCode, json } = await api.post('/v1/recommendations', { viewed: [], ...names });
    expect([statusCode, json.errors.length]).toEqual([400, 10]);
    expect(nearestName).toHaveBeenCalledTimes(10);
  });
});

describe('a long list is refused by its length, before its items are looked at', () => {
  // Of what no list may hold, so that an item that is looked at is a violation.
  const MANY = Array(200_000).fill(null);
  test.each([
    ['/v1/clusters/predict', { vector: MANY }, 'vector', 'a list of as many numbers as the model has dimensions'],
    ['/v1/recommendations', { viewed: MANY }, 'viewed', 'a list of up to 10000 product ids'],
    ['/v1/recommendations', { viewed: [], exclude: MANY }, 'exclude', 'a list of up to 10000 product ids'],
  ])('%s', async (path, body, field, allowed) => {
    const { statusCode, json } = await api.post(path, body);
    expect(statusCode).toBe(400);
    // One violation and not ten: no item was judged.
    expect(json.errors).toEqual([{ in: 'body', field, found: 'a list of 200000', allowed }]);
  });
});
