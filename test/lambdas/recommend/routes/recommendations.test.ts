import { beforeEach, describe, expect, test } from 'vitest';
import { decodeRecommendationId } from '../../../../engine/artifacts/recommendation-id.ts';
import { encodeServingIndex } from '../../../../engine/serving-index/serving-index-file.ts';
import { indexOf } from '../../../engine/ranking/example-index.ts';
import { ApiFixture } from '../../../support/api-fixture.ts';
import { ODD_PRODUCT_IDS, publish } from '../../../support/published-model.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.published();
});

const idsOf = (json: { items: { productId: string }[] }) => json.items.map((item) => item.productId);

describe('GET /v1/products/{productId}/recommendations', () => {
  test('answers with the contract: strategy, model, id, ranked items', async () => {
    const { statusCode, headers, json } = await api.get('/v1/products/P0/recommendations', 'count=2');
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
    });
    // cos((1, 0), (1, 1)) = 1/√2, cos((1, 0), (1, 2)) = 1/√5
    expect(json).toEqual({
      productId: 'P0',
      strategy: 'embedding',
      modelVersion: 'run-1',
      recommendationId: expect.any(String),
      items: [
        { productId: 'P1', rank: 1, score: expect.closeTo(Math.SQRT1_2, 5), source: 'model' },
        { productId: 'P2', rank: 2, score: expect.closeTo(1 / Math.sqrt(5), 5), source: 'model' },
      ],
    });
  });

  test('names itself by an id that says what made it', async () => {
    const { json } = await api.get('/v1/products/P0/recommendations', 'strategy=markov');
    expect(decodeRecommendationId(json.recommendationId)).toEqual({
      unique: 'id-1',
      runId: 'run-1',
      strategy: 'markov',
    });
  });

  test('gives five when no count is asked, and never the product itself', async () => {
    const { json } = await api.get('/v1/products/P3/recommendations');
    expect(json.items).toHaveLength(5);
    expect(idsOf(json)).not.toContain('P3');
    expect(new Set(idsOf(json)).size).toBe(5);
  });

  test('fills up with popular products past what the strategy can say', async () => {
    const { json } = await api.get('/v1/products/P0/recommendations', 'count=5&strategy=cluster-nearest');
    expect(json.items.map((item: { source: string }) => item.source)).toEqual([
      'model',
      'model',
      'model',
      'popular',
      'popular',
    ]);
    expect(idsOf(json).slice(3)).toEqual(['P4', 'P5']);
  });

  test('answers an unknown product with popular ones, under strict with 404', async () => {
    const lenient = await api.get('/v1/products/NEW/recommendations', 'count=3');
    expect(lenient.statusCode).toBe(200);
    expect(lenient.json.productId).toBe('NEW');
    expect(lenient.json.items).toEqual([
      { productId: 'P0', rank: 1, score: expect.any(Number), source: 'popular' },
      { productId: 'P1', rank: 2, score: expect.any(Number), source: 'popular' },
      { productId: 'P2', rank: 3, score: expect.any(Number), source: 'popular' },
    ]);
    const strict = await api.get('/v1/products/NEW/recommendations', 'strict=true');
    expect(strict.statusCode).toBe(404);
    expect(strict.json).toMatchObject({ status: 404, instance: 'request-1', detail: expect.stringContaining('"NEW"') });
  });

  test('repeats itself, recommendationId aside; cluster-sample needs a seed for that', async () => {
    const ask = async (query: string) => {
      const { json } = await api.get('/v1/products/P0/recommendations', query);
      return { ...json, recommendationId: undefined };
    };
    expect(await ask('count=10')).toEqual(await ask('count=10'));
    expect(await ask('strategy=cluster-sample&seed=7')).toEqual(await ask('strategy=cluster-sample&seed=7'));
    const samples = [];
    for (let i = 0; i < 20; i++) samples.push(idsOf((await ask('strategy=cluster-sample&count=2')) as never).join());
    expect(new Set(samples).size).toBeGreaterThan(1);
  });

  test('gives every answer another recommendationId', async () => {
    const answers = [
      await api.get('/v1/products/P0/recommendations'),
      await api.get('/v1/products/P0/recommendations'),
    ];
    expect(new Set(answers.map(({ json }) => json.recommendationId)).size).toBe(2);
  });

  test.each(ODD_PRODUCT_IDS)('knows the product %j as API Gateway delivers it: decoded', async (id) => {
    const { statusCode, json } = await api.get(`/v1/products/${id}/recommendations`, 'strict=true&count=100');
    expect(statusCode).toBe(200);
    expect(json.productId).toBe(id);
    expect(idsOf(json)).not.toContain(id);
  });
});

/** The case api-exclude-get. */
describe('exclude in an address', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => `X${i}`);

  test.each([
    [1_000, 'exclude='],
    [1_000, 'exclude=P1&exclude=', 'P1'],
    [1_000, 'exclude=,,&exclude='],
    [5_000, 'exclude='],
    [1_001, 'exclude=P1&exclude=', 'P1'],
  ])('bounds its ids, not how often it is given: %d in %s', async (count, query, ...own) => {
    const list = many(count - own.length).join(',');
    const { statusCode, json } = await api.get('/v1/products/P0/recommendations', query + list);
    if (count <= 1_000) expect(statusCode).toBe(200);
    else
      expect([statusCode, json.errors]).toEqual([
        400,
        [{ in: 'query', field: 'exclude', found: `${count} values`, allowed: 'up to 1000 values' }],
      ]);
  });

  test('given too often is refused in the same words', async () => {
    const query = many(1_001)
      .map((id) => `exclude=${id}`)
      .join('&');
    const { json } = await api.get('/v1/products/P0/recommendations', query);
    expect(json.detail).toBe('"exclude": found 1001 values; allowed is up to 1000 values.');
  });

  const excluding = async (query: string) =>
    idsOf((await api.get('/v1/products/P0/recommendations', `count=100&${query}`)).json);

  test.each([
    ['exclude=P1', ['P1']],
    ['exclude=P1&exclude=P2', ['P1', 'P2']],
    ['exclude=P1,P2', ['P1', 'P2']],
    ['exclude=P1%2CP2&exclude=P3', ['P1', 'P2', 'P3']],
    ['exclude=NEW,P1,,', ['P1']],
    ['exclude=two%20words,%F0%9F%91%9F', ['two words', '👟']],
  ])('%s', async (query, excluded) => {
    const all = await excluding('');
    expect(await excluding(query)).toEqual(all.filter((id) => !excluded.includes(id)));
  });

  test('an id that holds commas stands for itself', async () => {
    const commas = new ApiFixture();
    await publish(commas.store, 'run-1', {
      index: encodeServingIndex(indexOf([[0, 1, 2, 3, 4]], 5, ['A', 'B', 'A,B', 'C', 'D,E'])),
    });
    const ask = async (exclude: string) =>
      idsOf((await commas.get('/v1/products/C/recommendations', `exclude=${exclude}`)).json).sort();
    expect(await ask('A,B')).toEqual(['A', 'B', 'D,E']);
    expect(await ask('A,B&exclude=A&exclude=B')).toEqual(['D,E']);
    expect(await ask('B,A')).toEqual(['A,B', 'D,E']);
  });
});

describe('POST /v1/recommendations', () => {
  test('recommends for the whole session, without what was viewed', async () => {
    const { statusCode, json } = await api.post('/v1/recommendations', { viewed: ['P0', 'P1'], count: 2 });
    expect(statusCode).toBe(200);
    expect(json).toMatchObject({ strategy: 'embedding', modelVersion: 'run-1' });
    expect(decodeRecommendationId(json.recommendationId)).toMatchObject({ unique: 'id-1', strategy: 'embedding' });
    expect(idsOf(json)).toEqual(['P2', 'P3']);
  });

  /** The case api-long-viewed. */
  test('of a session of 9,000 views the newest count, and none of them is recommended', async () => {
    const long = { viewed: [...Array(8_000).fill('P7'), 'NEW', ...Array(1_000).fill('P0')], count: 2 };
    const { statusCode, json } = await api.post('/v1/recommendations', long);
    expect([statusCode, idsOf(json)]).toEqual([200, ['P1', 'P2']]);
    const all = await api.post('/v1/recommendations', { ...long, count: 100 });
    expect(idsOf(all.json)).not.toEqual(expect.arrayContaining(['P7']));
    const again = await api.post('/v1/recommendations', { ...long, count: 100, excludeViewed: false });
    expect(idsOf(again.json)).toEqual(expect.arrayContaining(['P0', 'P7']));
  });

  test('excludeViewed=false lets viewed products in', async () => {
    const all = { viewed: ['P0', 'P1'], count: 100 };
    const without = await api.post('/v1/recommendations', all);
    const within = await api.post('/v1/recommendations', { ...all, excludeViewed: false });
    expect(idsOf(without.json)).not.toEqual(expect.arrayContaining(['P0']));
    expect(idsOf(within.json)).toEqual(expect.arrayContaining(['P0', 'P1']));
  });

  test('never recommends what is excluded; unknown ids are passed over', async () => {
    const { statusCode, json } = await api.post('/v1/recommendations', {
      viewed: ['P0', 'unknown'],
      exclude: ['P1', 'P2', 'unknown, too'],
      count: 100,
    });
    expect(statusCode).toBe(200);
    expect(idsOf(json)).toHaveLength(8 + ODD_PRODUCT_IDS.length - 3);
    for (const id of ['P0', 'P1', 'P2']) expect(idsOf(json)).not.toContain(id);
  });

  test.each([[[]], [['unknown']]])(
    'answers viewed = %j with popular products, under strict with 404',
    async (viewed) => {
      const lenient = await api.post('/v1/recommendations', { viewed, count: 2 });
      expect(lenient.json.items).toEqual([
        { productId: 'P0', rank: 1, score: expect.any(Number), source: 'popular' },
        { productId: 'P1', rank: 2, score: expect.any(Number), source: 'popular' },
      ]);
      const strict = await api.post('/v1/recommendations', { viewed }, 'strict=true');
      expect(strict.statusCode).toBe(404);
    },
  );

  test('a seed makes cluster-sample repeatable', async () => {
    const ask = async () =>
      idsOf((await api.post('/v1/recommendations', { viewed: ['P0'], strategy: 'cluster-sample', seed: 3 })).json);
    expect(await ask()).toEqual(await ask());
  });

  test.each(ODD_PRODUCT_IDS)('takes the product %j as it is', async (id) => {
    const { statusCode, json } = await api.post('/v1/recommendations', { viewed: [id], count: 100 }, 'strict=true');
    expect(statusCode).toBe(200);
    expect(idsOf(json)).not.toContain(id);
  });
});

describe('what the operator sees', () => {
  test('of an answer: its items, how many are merely popular, the age of the model', async () => {
    await api.get('/v1/products/P0/recommendations', 'count=2');
    await api.get('/v1/products/unknown/recommendations', 'count=3');
    expect(api.recommended).toEqual([
      { items: 2, fallbackItems: 0, modelAgeSeconds: 600 },
      { items: 3, fallbackItems: 3, modelAgeSeconds: 600 },
    ]);
  });
});
