import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitFrom, fitKMeans } from '../../../lambdas/cluster/k-means.ts';
import { rowOf, type Vectors } from '../../../lambdas/cluster/vectors.ts';
import { seededRandom } from '../../../lambdas/shared/random.ts';
import { anyVectors, REFERENCE_VECTORS, squaredDistance, vectorsOf } from './example-vectors.ts';

const SETTINGS = { k: 3, max_iter: 300, tol: 1e-4 };

function distinctCount(vectors: Vectors): number {
  // `+ 0` makes −0 and 0 one.
  const rows = Array.from({ length: vectors.count }, (_, row) => rowOf(vectors, row).map((value) => value + 0));
  return new Set(rows.map((row) => row.join())).size;
}

describe('any vectors, any k, however many iterations', () => {
  const anyFit = fc
    .record({
      vectors: anyVectors,
      k: fc.integer({ min: 1, max: 40 }),
      max_iter: fc.integer({ min: 1, max: 20 }),
      seed: fc.nat(),
    })
    .map(({ vectors, seed, ...settings }) => {
      const fit = fitKMeans(vectors, { ...settings, tol: 0 }, seededRandom(seed));
      return { vectors, ...settings, fit };
    });

  test('there are k clusters, or one for each different vector when these are fewer, and none is empty', () => {
    fc.assert(
      fc.property(anyFit, ({ vectors, k, fit }) => {
        expect(fit.centroids).toHaveLength(Math.min(k, distinctCount(vectors)));
        expect(Math.min(...fit.sizes)).toBeGreaterThan(0);
      }),
    );
  });

  test('every vector is in the cluster of its nearest centroid, and counted there', () => {
    fc.assert(
      fc.property(anyFit, ({ vectors, fit }) => {
        const sizes = fit.centroids.map(() => 0);
        fit.clusterOf.forEach((cluster, row) => {
          const distances = fit.centroids.map((centroid) => squaredDistance(rowOf(vectors, row), centroid));
          expect(distances.indexOf(Math.min(...distances))).toBe(cluster);
          sizes[cluster]++;
        });
        expect(Array.from(fit.sizes)).toEqual(sizes);
      }),
    );
  });

  test('the inertia is the sum of the squared distances', () => {
    fc.assert(
      fc.property(anyFit, ({ vectors, fit }) => {
        let inertia = 0;
        fit.clusterOf.forEach((cluster, row) => {
          inertia += squaredDistance(rowOf(vectors, row), fit.centroids[cluster]);
        });
        expect(fit.inertia).toBeCloseTo(inertia, 9);
      }),
    );
  });

  test('a converged fit has its centroids at the means of its clusters', () => {
    fc.assert(
      fc.property(anyFit, ({ vectors, fit }) => {
        fc.pre(fit.converged);
        fit.centroids.forEach((centroid, cluster) => {
          const members = Array.from({ length: vectors.count }, (_, row) => row).filter(
            (row) => fit.clusterOf[row] === cluster,
          );
          centroid.forEach((value, d) => {
            const mean = members.reduce((sum, row) => sum + rowOf(vectors, row)[d], 0) / members.length;
            expect(value).toBeCloseTo(mean, 9);
          });
        });
      }),
    );
  });
});

describe('from a given start', () => {
  test('gives what scikit-learn gives from the same start', () => {
    // KMeans(5, init=x[:5], n_init=1, tol=0).fit(x): inertia_, n_iter_, labels_
    const start = [0, 1, 2, 3, 4].map((row) => rowOf(REFERENCE_VECTORS, row));

    const fit = fitFrom(REFERENCE_VECTORS, start, { max_iter: 300, tol: 0 });

    expect(fit.inertia).toBeCloseTo(10.361130930196216, 9);
    expect(fit.iterations).toBe(5);
    expect(Array.from(fit.clusterOf)).toEqual([
      0, 1, 2, 3, 4, 3, 0, 0, 2, 0, 3, 2, 1, 0, 1, 1, 0, 3, 4, 3, 2, 3, 4, 0, 1, 0, 4, 2, 2, 0, 0, 3, 3, 4, 3, 3, 2, 2,
      1, 4, 2, 4, 1, 2, 2, 3, 0, 3, 2, 2, 2, 1, 1, 0, 1, 4, 3, 2, 0, 3,
    ]);
  });

  test('a cluster that is empty starts again at the furthest vector', () => {
    const vectors = vectorsOf([[0], [1], [2], [100]]);

    const fit = fitFrom(vectors, [[1], [-1000]], SETTINGS);

    expect(fit).toMatchObject({ centroids: [[1], [100]], inertia: 2, converged: true });
    expect(Array.from(fit.clusterOf)).toEqual([0, 0, 0, 1]);
  });

  test('an empty cluster is filled also when no iteration is left', () => {
    const vectors = vectorsOf([[0], [1], [2], [100]]);

    const fit = fitFrom(vectors, [[1], [-1000]], { ...SETTINGS, max_iter: 1 });

    expect(Array.from(fit.sizes)).toEqual([3, 1]);
    expect(fit).toMatchObject({ iterations: 1, converged: false });
  });
});

describe('settings', () => {
  test('max_iter bounds the iterations, and the listener hears of each', () => {
    const done: number[] = [];

    const fit = fitKMeans(REFERENCE_VECTORS, { k: 5, max_iter: 2, tol: 0 }, seededRandom(1), (n) => done.push(n));

    expect(fit).toMatchObject({ iterations: 2, converged: false });
    expect(done).toEqual([1, 2]);
  });

  test('tol is a distance that a centroid may still move', () => {
    // The centroid moves from 0 to 0.5 in the first iteration and stays there.
    const vectors = vectorsOf([[0], [1]]);

    expect(fitFrom(vectors, [[0]], { max_iter: 9, tol: 0.5 }).iterations).toBe(1);
    expect(fitFrom(vectors, [[0]], { max_iter: 9, tol: 0.49 }).iterations).toBe(2);
  });

  test('another seed gives another start', () => {
    const inertias = [1, 2, 3, 4].map(
      (seed) => fitKMeans(REFERENCE_VECTORS, { ...SETTINGS, k: 8 }, seededRandom(seed)).inertia,
    );

    expect(new Set(inertias).size).toBeGreaterThan(1);
  });
});
