import type { Corpus, Sessions } from '../../../engine/clicks/corpus.ts';
import type { ProductClusters } from '../../../engine/k-means/cluster-model.ts';
import { buildServingIndex, type ServingIndex } from '../../../engine/serving-index/serving-index.ts';
import type { ProductVectors } from '../../../engine/word2vec/product-vectors.ts';

export function sessionsOf(sessions: readonly (readonly number[])[]): Sessions {
  const offsets = new Uint32Array(sessions.length + 1);
  sessions.forEach((session, s) => {
    offsets[s + 1] = offsets[s] + session.length;
  });
  return { offsets, views: Uint32Array.from(sessions.flat()) };
}

/** Sessions of (product, weight). */
export function weightedSessionsOf(sessions: readonly (readonly (readonly [number, number])[])[]): Sessions {
  return {
    ...sessionsOf(sessions.map((session) => session.map(([product]) => product))),
    weights: Float32Array.from(sessions.flat(), ([, weight]) => weight),
  };
}

/** An index of these sessions; only the first product has a vector. @param weights of all views. */
export function indexOf(
  sessions: number[][],
  productCount: number,
  ids = Array.from({ length: productCount }, (_, product) => `product ${product}`),
  weights?: number[],
): ServingIndex {
  const viewCounts = ids.map((_, product) => sessions.flat().filter((viewed) => viewed === product).length);
  return buildServingIndex(
    { ...corpusOf(ids, viewCounts, sessions), weights: weights && Float32Array.from(weights) },
    vectorsOf([ids[0]], [[1]]),
    clustersOf([0], [[1]]),
    'markov',
  );
}

/** A corpus of these sessions; products are numbered as they are, so the most viewed must be 0 and so on. */
export function corpusOf(productIds: string[], viewCounts: number[], sessions: number[][] = []): Corpus {
  return {
    productIds,
    viewCounts: Uint32Array.from(viewCounts),
    sessionIds: sessions.map((_, s) => `session ${s}`),
    startTimesMs: undefined,
    ...sessionsOf(sessions),
  };
}

export function vectorsOf(productIds: string[], rows: number[][]): ProductVectors {
  const vectors = Float32Array.from(rows.flat());
  return { productIds, dimensions: rows[0].length, vectors, contextVectors: vectors.slice().reverse() };
}

/** @param clusters of each product that has a vector. */
export function clustersOf(clusters: number[], centroids: number[][]): ProductClusters {
  const model = {
    k: centroids.length,
    dimensions: centroids[0].length,
    centroids,
    sizes: centroids.map(() => 0),
    inertia: 0,
    silhouette: null,
    silhouetteSampleSize: 0,
    iterations: 1,
    converged: true,
  };
  return { model, clusterOf: Uint32Array.from(clusters) };
}

/**
 * Six products, the last without a vector, `c` with a zero vector, in two clusters by direction:
 * right of the plane a (3, 4), b (4, 3), c (0, 0); left of it d (-1, 0), e (-3, 4).
 */
export function exampleIndex(): ServingIndex {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  return buildServingIndex(
    corpusOf(ids, [40, 25, 15, 10, 8, 2]),
    vectorsOf(ids.slice(0, 5), [
      [3, 4],
      [4, 3],
      [0, 0],
      [-1, 0],
      [-3, 4],
    ]),
    clustersOf(
      [0, 0, 1, 1, 1],
      [
        [2.5, 2.5],
        [-2, 2],
      ],
    ),
    'embedding',
  );
}
