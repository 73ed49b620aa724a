import { expect, test } from 'vitest';
import { ApiFixture } from '../../../support/api-fixture.ts';

/**
 * The sample model's vectors are (1, i) and (−1, −i), i = 0…3: mean 0, covariance [[1, 1.5], [1.5, 3.5]]. By hand, its
 * eigenvalues are (4.5 ± √15.25) / 2 = 4.2026 and 0.2974, so the first component has 93.4 % of the variance.
 */
test('the map is the projection on the two principal components, whole on one page or on several', async () => {
  const api = await ApiFixture.published('run-1');
  const { json } = await api.get('/v1/map');
  expect(json).toMatchObject({ modelVersion: 'run-1', pointCount: 8, nextCursor: null });
  expect(json.productIds).toEqual(['P0', 'P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7']);
  expect(json.explainedVariance[0]).toBeCloseTo(0.9339, 3);
  expect(json.explainedVariance[0] + json.explainedVariance[1]).toBeCloseTo(1, 6);
  expect(Math.max(...json.x.map(Math.abs))).toBe(10_000);
  // P7 is −P3, and so on.
  expect(json.x.slice(4).map((x: number) => -x)).toEqual(json.x.slice(0, 4));
  expect(json.clusterNos).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  expect(json.views).toEqual([100, 99, 98, 97, 96, 95, 94, 93]);

  const first = (await api.get('/v1/map', 'limit=5')).json;
  const second = (await api.get('/v1/map', `limit=5&cursor=${first.nextCursor}`)).json;
  expect([...first.x, ...second.x]).toEqual(json.x);
  expect(second.nextCursor).toBeNull();
  // Of products and of a cluster the numbers say something else.
  for (const path of ['/v1/products', '/v1/clusters/0']) {
    expect((await api.get(path, `cursor=${first.nextCursor}`)).statusCode).toBe(400);
  }
});
