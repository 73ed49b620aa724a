import { beforeEach, describe, expect, test } from 'vitest';
import { ApiFixture } from '../../../support/api-fixture.ts';
import { ODD_PRODUCT_IDS, publish } from '../../../support/published-model.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.published();
});

const PRODUCTS = [...Array.from({ length: 8 }, (_, i) => `P${i}`), ...ODD_PRODUCT_IDS];

async function readPages(path: string, limit: number, itemsOf: (json: never) => unknown[]) {
  const items: unknown[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const from: string = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { statusCode, json } = await api.get(path, `limit=${limit}${from}`);
    expect(statusCode).toBe(200);
    items.push(...itemsOf(json as never));
    cursor = json.nextCursor;
  }
  return items;
}

describe('GET /v1/products', () => {
  test('pages through the whole catalogue, most viewed first, each product once', async () => {
    for (const limit of [1, 7, PRODUCTS.length, 1_000]) {
      const ids = await readPages('/v1/products', limit, ({ items }: { items: { productId: string }[] }) =>
        items.map(({ productId }) => productId),
      );
      expect(ids).toEqual(PRODUCTS);
    }
  });

  test('refuses a cursor that it did not make, or made for another model', async () => {
    const { json: page } = await api.get('/v1/products', 'limit=2');
    for (const cursor of [
      'nonsense',
      'W10',
      Buffer.from('["run-1",-1]').toString('base64url'),
      `${page.nextCursor}x`,
    ]) {
      const { statusCode, json } = await api.get('/v1/products', `cursor=${cursor}`);
      expect([statusCode, json.errors[0].field]).toEqual([400, 'cursor']);
    }
    await publish(api.store, 'run-2');
    api.nowMs += 60_000;
    const { statusCode, json } = await api.get('/v1/products', `cursor=${page.nextCursor}`);
    expect(statusCode).toBe(400);
    expect(json.detail).toContain('start again without a cursor');
  });
});

describe('GET /v1/products/{productId}', () => {
  test('gives cluster and popularity, and the vector on request', async () => {
    const plain = await api.get('/v1/products/P5');
    expect(plain.json).toEqual({ productId: 'P5', clusterNo: 1, views: 95, popularityRank: 6, modelVersion: 'run-1' });
    const withVector = await api.get('/v1/products/P5', 'vector=true');
    expect(withVector.json).toEqual({ ...plain.json, vector: [-1, -1] });
  });

  test('gives null where a product has no vector', async () => {
    const { json } = await api.get('/v1/products/50% off', 'vector=true');
    expect(json).toMatchObject({ productId: '50% off', clusterNo: null, vector: null });
  });

  test('does not know every product', async () => {
    const { statusCode, json } = await api.get(`/v1/products/${'y'.repeat(10_000)}`);
    expect([statusCode, json.title]).toEqual([404, 'There is no such thing']);
    expect(json.detail.length).toBeLessThan(200);
  });

  const encodedForms = (id: string) => [id, encodeURIComponent(id), encodeURIComponent(encodeURIComponent(id))];

  test.each(ODD_PRODUCT_IDS.filter((id) => !/^a.+b$/.test(id)))(
    'knows %j decoded, encoded once and encoded twice',
    async (id) => {
      for (const path of encodedForms(id)) {
        const { statusCode, json } = await api.get(`/v1/products/${path}`);
        expect([statusCode, json.productId]).toEqual([200, id]);
      }
    },
  );

  test('takes a path as it stands when one product id is the encoded form of another', async () => {
    for (const [path, id] of [
      ['a/b', 'a/b'],
      ['a%2Fb', 'a%2Fb'],
      ['a%252Fb', 'a%2Fb'],
    ]) {
      expect((await api.get(`/v1/products/${path}`)).json.productId).toBe(id);
    }
  });
});

/** By hand: the centres are (1, 1.5) and (−1, −1.5), the vectors (1, i) and (−1, −i) for i = 0…3. */
const cohesion = expect.closeTo(
  (1 / Math.sqrt(3.25)) * ((1 + 2.5 / Math.SQRT2 + 4 / Math.sqrt(5) + 5.5 / Math.sqrt(10)) / 4),
  6,
);

describe('GET /v1/clusters', () => {
  test('gives the sizes, how close together they are, and what is typical of each', async () => {
    const { json } = await api.get('/v1/clusters');
    expect(json).toEqual({
      modelVersion: 'run-1',
      items: [
        { clusterNo: 0, size: 4, cohesion, typical: ['P2', 'P1', 'P3', 'P0'] },
        { clusterNo: 1, size: 4, cohesion, typical: ['P6', 'P5', 'P7', 'P4'] },
      ],
    });
  });

  test('gives the members, in pages', async () => {
    const { json } = await api.get('/v1/clusters/1');
    expect(json).toEqual({
      modelVersion: 'run-1',
      clusterNo: 1,
      size: 4,
      cohesion,
      typical: ['P6', 'P5', 'P7', 'P4'],
      members: ['P4', 'P5', 'P6', 'P7'],
      nextCursor: null,
    });
    expect(await readPages('/v1/clusters/1', 3, ({ members }: { members: string[] }) => members)).toEqual(json.members);
  });

  test.each(['2', '-1', '1.0', '01', '00x', '99999999999999999999', 'first'])('has no cluster %s', async (no) => {
    const { statusCode, json } = await api.get(`/v1/clusters/${no}`);
    expect(statusCode).toBe(404);
    expect(json.detail).toBe(`Model run-1 has no cluster "${no}"; it has 0 to 1.`);
  });
});

describe('POST /v1/clusters/predict', () => {
  test('gives the nearest centroid and its distance', async () => {
    // Centroids (1, 1.5) and (−1, −1.5): (1, 5.5) is 4 from the first.
    const { json } = await api.post('/v1/clusters/predict', { vector: [1, 5.5] });
    expect(json).toEqual({ modelVersion: 'run-1', clusterNo: 0, distance: 4 });
    expect((await api.post('/v1/clusters/predict', { vector: [-3, 0] })).json.clusterNo).toBe(1);
    expect((await api.post('/v1/clusters/predict', { vector: [0, 0] })).json.clusterNo).toBe(0);
  });

  test('names the dimensions when the length is wrong', async () => {
    const { statusCode, json } = await api.post('/v1/clusters/predict', { vector: [1, 2, 3] });
    expect(statusCode).toBe(400);
    expect(json.errors).toEqual([
      { in: 'body', field: 'vector', found: '3 numbers', allowed: '2 numbers, the dimensions of model run-1' },
    ]);
  });

  test.each(['["NaN", 1]', '[null, 1]', '[1e999, 1]', '[1e39, 1]', '"1,2"', '{}'])('refuses %s', async (vector) => {
    const { statusCode, json } = await api.request('POST', '/v1/clusters/predict', {
      headers: { 'content-type': 'application/json' },
      body: `{"vector": ${vector}}`,
    });
    expect([statusCode, json.errors[0].field]).toEqual([400, expect.stringMatching(/^vector(\[0\])?$/)]);
  });
});
