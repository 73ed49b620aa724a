import { beforeEach, describe, expect, test } from 'vitest';
import { decodeRecommendationId } from '../../../../engine/artifacts/recommendation-id.ts';
import { ApiFixture } from '../../../support/api-fixture.ts';
import { ODD_PRODUCT_IDS } from '../../../support/published-model.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.published();
});

const BATCH = '/v1/recommendations/batch';
const ask = (requests: unknown[]) => api.post(BATCH, { requests });
const withoutId = ({ recommendationId: _, ...answer }: { recommendationId: string }) => answer;

/** The case api-batch. */
describe('POST /v1/recommendations/batch', () => {
  test('answers each request as it would be answered alone, in order', async () => {
    const { statusCode, json } = await ask([
      { viewed: ['P0', 'P1'], count: 2 },
      { productId: 'P5', count: 3, strategy: 'cluster-nearest', exclude: ['P4'], explain: true },
      { viewed: [] },
    ]);
    expect(statusCode).toBe(200);
    const alone = [
      await api.post('/v1/recommendations', { viewed: ['P0', 'P1'], count: 2 }),
      await api.get('/v1/products/P5/recommendations', 'count=3&strategy=cluster-nearest&exclude=P4&explain=true'),
      await api.post('/v1/recommendations', { viewed: [] }),
    ];
    expect(json.answers.map(withoutId)).toEqual(alone.map(({ json }) => withoutId(json)));
  });

  test('takes the list alone, too', async () => {
    const { statusCode, json } = await api.post(BATCH, [
      { viewed: ['P0'], count: 1 },
      { viewed: ['P4'], count: 1 },
    ]);
    expect(statusCode).toBe(200);
    expect(json.answers.map(({ items }: { items: object[] }) => items)).toMatchObject([
      [{ productId: 'P1' }],
      [{ productId: 'P5' }],
    ]);
  });

  test('gives every answer an id of its own', async () => {
    const { json } = await ask([{ viewed: ['P0'] }, { viewed: ['P0'], strategy: 'markov' }]);
    const origins = json.answers.map((answer: { recommendationId: string }) =>
      decodeRecommendationId(answer.recommendationId),
    );
    expect(origins).toMatchObject([
      { runId: 'run-1', strategy: 'embedding' },
      { runId: 'run-1', strategy: 'markov' },
    ]);
    expect(origins[0].unique).not.toBe(origins[1].unique);
  });

  test('puts what only the data knows in the place of that answer: the others are answered', async () => {
    const { statusCode, json } = await ask([
      { productId: 'NEW', strict: true },
      { productId: 'NEW', count: 1 },
      { viewed: ['P0'], count: 1 },
    ]);
    expect(statusCode).toBe(200);
    expect(json.answers[0]).toEqual({
      problem: {
        type: 'urn:problem-type:alike:not-found',
        title: 'There is no such thing',
        status: 404,
        detail: 'Model run-1 has no product "NEW"; leave strict out for popular ones.',
      },
    });
    expect(json.answers[1]).toMatchObject({ productId: 'NEW', items: [{ source: 'popular' }] });
    expect(json.answers[2]).toMatchObject({ items: [{ productId: 'P1' }] });
  });

  test.each([
    [[{ viewed: [] }, { viewed: [], count: 0 }], 'requests[1].count', '0', 'a whole number from 1 to 100'],
    [[{ viewed: [], productId: 'P0' }], 'requests[0]', 'an object', 'an object with either "viewed" or "productId"'],
    [[{}], 'requests[0]', 'an object', 'an object with either "viewed" or "productId"'],
    [[7], 'requests[0]', '7', 'an object with either "viewed" or "productId"'],
    [Array(101).fill({ viewed: [] }), 'requests', 'a list of 101', 'a list of up to 100 requests'],
    [
      Array(26).fill({ viewed: [], count: 100 }),
      'requests',
      'counts that add up to 2600',
      'up to 2500 items in a batch',
    ],
  ])('refuses the whole of it for what is written wrong, and says where', async (requests, field, found, allowed) => {
    const { statusCode, json } = await ask(requests);
    expect(statusCode).toBe(400);
    expect(json.errors).toEqual([{ in: 'body', field, found, allowed }]);
  });

  test('names the field of a request that it does not know, and the nearest one', async () => {
    const { json } = await ask([{ viewed: [] }, { veiwed: [] }]);
    expect(json.errors[0]).toMatchObject({
      field: 'requests[1].veiwed',
      found: 'an unknown field',
      allowed: expect.stringContaining('one of viewed, productId'),
      nearest: 'viewed',
    });
  });

  test('takes as many as it says', async () => {
    const { statusCode, json } = await ask(Array(100).fill({ productId: 'P0', count: 25 }));
    expect([statusCode, json.answers.length]).toEqual([200, 100]);
    expect(json.answers[99].items).toHaveLength(8 + ODD_PRODUCT_IDS.length - 1);
  });

  test('says that there is no model as every route does', async () => {
    const { statusCode } = await new ApiFixture().post(BATCH, { requests: [] });
    expect(statusCode).toBe(503);
  });
});
