import { beforeEach, describe, expect, test } from 'vitest';
import { STRATEGIES } from '../../../../engine/serving-index/strategy.ts';
import { ApiFixture } from '../../../support/api-fixture.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.published();
});

const RECOMMEND = '/v1/products/P0/recommendations';

describe('a query parameter', () => {
  test.each([
    ['count=0', 'count', '0', 'a whole number from 1 to 100'],
    ['count=101', 'count', '101', 'a whole number from 1 to 100'],
    ['count=-1', 'count', '-1', 'a whole number from 1 to 100'],
    ['count=2.5', 'count', '"2.5"', 'a whole number from 1 to 100'],
    ['count=many', 'count', '"many"', 'a whole number from 1 to 100'],
    ['count=0x10', 'count', '"0x10"', 'a whole number from 1 to 100'],
    ['count=1&count=2', 'count', '2 values', 'one value'],
    ['seed=4294967296', 'seed', '4294967296', 'a whole number from 0 to 4294967295'],
    ['strict=yes', 'strict', '"yes"', 'true or false'],
    ['strategy=magic', 'strategy', '"magic"', `one of ${STRATEGIES.join(', ')}`],
  ])('%s is refused, naming the field, what was found and what is allowed', async (query, field, found, allowed) => {
    const { statusCode, headers, json } = await api.get(RECOMMEND, query);
    expect(statusCode).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(json).toEqual({
      type: 'urn:problem-type:alike:invalid-request',
      title: 'The request is not valid',
      status: 400,
      detail: `"${field}": found ${found}; allowed is ${allowed}.`,
      instance: 'request-1',
      errors: [{ in: 'query', field, found, allowed }],
    });
  });

  test.each(['count=1', 'count=100', 'seed=0', 'seed=4294967295', 'strategy=popularity', 'utm_source=x'])(
    '%s is allowed',
    async (query) => {
      expect((await api.get(RECOMMEND, query)).statusCode).toBe(200);
    },
  );
});

describe('a body', () => {
  const refuse = async (body: unknown) => {
    const { statusCode, json } = await api.post('/v1/recommendations', body);
    expect(statusCode).toBe(400);
    return json.errors.map((error: Record<string, string>) => [error['field'], error['found'], error['allowed']]);
  };

  test('is refused field by field', async () => {
    const id = 'a product id: text of at least one character';
    expect(await refuse({})).toEqual([['viewed', 'nothing', 'a list of up to 10000 product ids']]);
    expect(await refuse({ viewed: 'P0' })).toEqual([['viewed', '"P0"', 'a list of up to 10000 product ids']]);
    expect(await refuse({ viewed: ['P0', 7] })).toEqual([['viewed[1]', '7', id]]);
    expect(await refuse({ viewed: [''] })).toEqual([['viewed[0]', '""', id]]);
    expect(await refuse({ viewed: [], count: '5', excludeViewed: 1 })).toEqual([
      ['count', '"5"', 'a whole number from 1 to 100'],
      ['excludeViewed', '1', 'true or false'],
    ]);
    expect(await refuse({ viewed: Array(10_001).fill('P0') })).toEqual([
      ['viewed', 'a list of 10001', 'a list of up to 10000 product ids'],
    ]);
    expect(await refuse({ viewed: [], veiwed: [] })).toEqual([
      [
        'veiwed',
        'an unknown field',
        'one of viewed, count, strategy, placement, exclude, excludeViewed, seed, explain, filter, relax, includeUnavailable, explore, fields',
      ],
    ]);
    expect(await refuse([])).toEqual([['body', 'a list of 0', 'an object with the field "viewed"']]);
    expect(await refuse(null)).toEqual([['body', 'null', 'an object with the field "viewed"']]);
  });

  test('names at most ten faults and repeats at most 80 characters of each', async () => {
    const { json, body } = await api.post('/v1/recommendations', {
      viewed: Array(10_000).fill(7),
      strategy: 'x'.repeat(100_000),
    });
    expect(json.errors).toHaveLength(10);
    expect(body.length).toBeLessThan(3_000);
    const long = await api.post('/v1/recommendations', {
      viewed: [],
      ['k'.repeat(100_000)]: 1,
      strategy: 'x'.repeat(1e5),
    });
    expect(long.body.length).toBeLessThan(2_000);
  });

  const send = (headers: Record<string, string>, body?: string, isBase64Encoded = false) =>
    api.request('POST', '/v1/recommendations', { headers, isBase64Encoded, ...(body !== undefined && { body }) });

  test('must be JSON', async () => {
    for (const body of [undefined, '', '{', '{"viewed": [NaN]}']) {
      const { statusCode, json } = await send({ 'content-type': 'application/json' }, body);
      expect(statusCode).toBe(400);
      expect(json.detail).toMatch(/^The body is not JSON/);
    }
  });

  test.each([undefined, 'application/x-www-form-urlencoded', 'text/plain', 'application/jsonp'])(
    'sent as %s is refused with 415 and the fix',
    async (type) => {
      const { statusCode, json } = await send(type === undefined ? {} : { 'content-type': type }, '{"viewed": []}');
      expect(statusCode).toBe(415);
      expect(json.detail).toContain('content-type: application/json');
    },
  );

  test.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.shop+json'])(
    'sent as %s is read',
    async (type) => {
      expect((await send({ 'content-type': type }, '{"viewed": []}')).statusCode).toBe(200);
    },
  );

  test('may come as base64', async () => {
    const body = Buffer.from('{"viewed": ["👟"]}').toString('base64');
    const { json } = await send({ 'content-type': 'application/json' }, body, true);
    expect(json.items.map((item: { productId: string }) => item.productId)).not.toContain('👟');
  });

  test.each([false, true])('may begin with a byte order mark, as base64: %s', async (isBase64) => {
    const text = '\uFEFF{"viewed": ["P0"], "count": 1}';
    const body = isBase64 ? Buffer.from(text).toString('base64') : text;
    const { statusCode, json } = await send({ 'content-type': 'application/json' }, body, isBase64);
    expect([statusCode, json.items?.length]).toEqual([200, 1]);
    expect((await send({ 'content-type': 'application/json' }, `\uFEFF${text}`)).statusCode).toBe(400);
  });

  test('past 1 MiB is refused with 413', async () => {
    const { statusCode, json } = await send({ 'content-type': 'application/json' }, ' '.repeat(1_048_577));
    expect(statusCode).toBe(413);
    expect(json.detail).toBe('The body has 1048577 bytes; allowed are up to 1048576.');
  });
});
