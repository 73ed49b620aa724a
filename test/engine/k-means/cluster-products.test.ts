import { describe, expect, test } from 'vitest';
import { InputError } from '../../../engine/errors.ts';
import { type ClusterSettings, clusterProducts } from '../../../engine/k-means/cluster-products.ts';
import type { ProductVectors } from '../../../engine/word2vec/product-vectors.ts';
import { startKernelThreads } from '../../../lambdas/shared/kernel-threads.ts';
import { groupedProducts } from './example-vectors.ts';

const SETTINGS = { k: 4, max_iter: 300, tol: 1e-4, workers: 1, seed: 1 };

function cluster(products: ProductVectors, settings: Partial<ClusterSettings> = {}) {
  return clusterProducts(products, { ...SETTINGS, ...settings }, startKernelThreads);
}

test('finds groups that are there, and logs the fit', async () => {
  const { model, clusterOf } = await cluster(groupedProducts(80, 6, 4));

  expect(model).toMatchObject({ k: 4, dimensions: 6, sizes: [20, 20, 20, 20], silhouetteSampleSize: 80 });
  expect(model.converged).toBe(true);
  // Groups are at least 10 apart and at most 2·√6 wide.
  expect(model.silhouette).toBeGreaterThan(0.5);
  clusterOf.forEach((cluster, product) => {
    expect(cluster).toBe(clusterOf[product % 4]);
  });
});

test('the same seed gives the same clusters, another seed numbers them differently', async () => {
  const products = groupedProducts(200, 8, 8);
  const fit = (seed: number) => cluster(products, { k: 8, seed });

  expect(await fit(5)).toEqual(await fit(5));
  expect((await fit(6)).clusterOf).not.toEqual((await fit(5)).clusterOf);
});

test('the silhouette of a large catalogue is that of a sample', async () => {
  const { model } = await cluster(groupedProducts(5_000, 4, 4));

  expect(model.silhouetteSampleSize).toBe(4_000);
  expect(model.silhouette).toBeGreaterThan(0.5);
});

test('clusters that are not rated are the same', async () => {
  const products = groupedProducts(200, 8, 4);
  const { model, clusterOf } = await cluster(products);
  const unrated = await clusterProducts(products, SETTINGS, startKernelThreads, undefined, false);

  expect(unrated.clusterOf).toEqual(clusterOf);
  expect(unrated.model).toEqual({ ...model, silhouette: null, silhouetteSampleSize: 0 });
});

test('k = auto takes the number of groups that are there, and tells what it tried', async () => {
  const { model } = await cluster(groupedProducts(160, 8, 8), { k: 'auto' });

  expect(model.k).toBe(8);
  expect(model.sizes).toHaveLength(8);
  // 2 · √160 is 25.3.
  expect(model.triedK?.map(({ k }) => k)).toEqual([2, 3, 4, 6, 8, 11, 16, 23]);
  expect(model.triedK?.find(({ k }) => k === 8)).toEqual({
    k: 8,
    inertia: model.inertia,
    silhouette: model.silhouette,
  });
  expect(Math.max(...model.triedK!.map(({ silhouette }) => silhouette!))).toBe(model.silhouette);
});

test('k = auto of a large catalogue is chosen on a sample, and no cluster holds more than 300 products on average', async () => {
  const { model, clusterOf } = await cluster(groupedProducts(4_800, 4, 24), { k: 'auto' });

  // 4,800 / 300 is 16, and 2 · √4,800 is 138.6.
  expect(model.triedK?.map(({ k }) => k)).toEqual([16, 23, 32, 45, 64, 91, 128]);
  const highest = Math.max(...model.triedK!.map(({ silhouette }) => silhouette!));
  expect(model.triedK?.find(({ silhouette }) => silhouette === highest)?.k).toBe(model.k);
  expect(model.silhouetteSampleSize).toBe(4_000);
  expect(clusterOf).toHaveLength(4_800);
  expect(model.sizes.reduce((sum, size) => sum + size, 0)).toBe(4_800);
});

describe('catalogues at the edge', () => {
  const productsOf = (vectors: number[]): ProductVectors => {
    const productIds = vectors.map((_, i) => `P${i}`);
    return {
      productIds,
      dimensions: 1,
      vectors: Float32Array.from(vectors),
      contextVectors: new Float32Array(vectors.length),
    };
  };

  test('a single product is a cluster of its own', async () => {
    const { model, clusterOf } = await cluster(productsOf([3]));

    expect(model).toMatchObject({ k: 4, centroids: [[3]], sizes: [1], inertia: 0, silhouette: null, converged: true });
    expect(Array.from(clusterOf)).toEqual([0]);
  });

  test('k = 1 puts everything together', async () => {
    const { model } = await cluster(productsOf([1, 2, 6]), { k: 1 });

    expect(model).toMatchObject({ centroids: [[3]], sizes: [3], inertia: 14, silhouette: null });
  });

  test('k = auto on one product, or on equal products, gives one cluster', async () => {
    expect((await cluster(productsOf([3]), { k: 'auto' })).model).toMatchObject({ sizes: [1], silhouette: null });
    expect((await cluster(productsOf([3, 3, 3]), { k: 'auto' })).model).toMatchObject({ sizes: [3], silhouette: null });
  });

  test('more clusters than products, and products with equal vectors, give a cluster for each different vector', async () => {
    const { model, clusterOf } = await cluster(productsOf([7, 7, 2, 7, 2]), { k: 40 });

    expect(model).toMatchObject({ k: 40, inertia: 0, silhouette: 1 });
    expect(model.sizes.toSorted()).toEqual([2, 3]);
    expect(clusterOf[1]).toBe(clusterOf[0]);
    expect(clusterOf[4]).toBe(clusterOf[2]);
  });

  test('no product is refused with the fix', async () => {
    await expect(cluster(productsOf([]))).rejects.toThrow(InputError);
    await expect(cluster(productsOf([]))).rejects.toThrow('lower min_count');
  });

  test('a vector that is not finite is refused with its product and the fix', async () => {
    await expect(cluster(productsOf([1, Number.NaN]))).rejects.toThrow(
      'The vector of product "P1" holds NaN, which cannot be clustered: Word2Vec diverged; lower alpha.',
    );
  });
});
