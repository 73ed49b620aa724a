import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitFrom, fitKMeans } from '../../../engine/k-means/k-means.ts';
import type { KMeansEngine, LloydSettings } from '../../../engine/k-means/k-means-engine.ts';
import { mlKMeansEngine } from '../../../engine/k-means/ml-kmeans-engine.ts';
import { simdEngine } from '../../../engine/k-means/simd-engine.ts';
import { type Random, seededRandom } from '../../../engine/numeric/random.ts';
import { rowOf, type Vectors } from '../../../engine/numeric/vectors.ts';
import { startKernelThreads } from '../../../lambdas/shared/kernel-threads.ts';
import { anyVectors, groupedProducts, REFERENCE_VECTORS, squaredDistance, vectorsOf } from './example-vectors.ts';

type MakeEngine = (vectors: Vectors, k: number) => Promise<KMeansEngine>;

const simd =
  (workers: number): MakeEngine =>
  (vectors, k) =>
    simdEngine(vectors, { k, workers }, startKernelThreads);

const ENGINES: [name: string, makeEngine: MakeEngine, decimals: number][] = [
  ['ml-kmeans', async (vectors) => mlKMeansEngine(vectors), 9],
  ['WebAssembly', simd(1), 4],
];

async function fitWith(
  makeEngine: MakeEngine,
  vectors: Vectors,
  settings: LloydSettings & { k: number },
  random: Random,
) {
  const engine = await makeEngine(vectors, settings.k);
  try {
    const start = engine.chooseStarts(settings.k, random).map((row) => rowOf(vectors, row));
    return await fitFrom(vectors, start, settings, engine);
  } finally {
    await engine.close();
  }
}

async function fitFromWith(makeEngine: MakeEngine, vectors: Vectors, start: number[][], settings: LloydSettings) {
  const engine = await makeEngine(vectors, start.length);
  try {
    return await fitFrom(vectors, start, settings, engine);
  } finally {
    await engine.close();
  }
}

describe.each(ENGINES)('%s', (_, makeEngine, decimals) => {
  describe('any vectors, any k, however many iterations', () => {
    const anyCase = fc.record({
      vectors: anyVectors,
      k: fc.integer({ min: 1, max: 40 }),
      max_iter: fc.integer({ min: 1, max: 20 }),
      seed: fc.nat(),
    });
    const checkFits = (check: (vectors: Vectors, fit: Awaited<ReturnType<typeof fitWith>>, k: number) => void) =>
      fc.assert(
        fc.asyncProperty(anyCase, async ({ vectors, k, max_iter, seed }) => {
          check(vectors, await fitWith(makeEngine, vectors, { k, max_iter, tol: 0 }, seededRandom(seed)), k);
        }),
      );

    test('there are k clusters, or one for each different vector when these are fewer, and none is empty', () =>
      checkFits((vectors, fit, k) => {
        expect(fit.centroids).toHaveLength(Math.min(k, distinctCount(vectors)));
        expect(Math.min(...fit.sizes)).toBeGreaterThan(0);
      }));

    test('every vector is in the cluster of its nearest centroid, and counted there', () =>
      checkFits((vectors, fit) => {
        const sizes = fit.centroids.map(() => 0);
        fit.clusterOf.forEach((cluster, row) => {
          const distances = fit.centroids.map((centroid) => squaredDistance(rowOf(vectors, row), centroid));
          expect(distances.indexOf(Math.min(...distances))).toBe(cluster);
          sizes[cluster]++;
        });
        expect(Array.from(fit.sizes)).toEqual(sizes);
      }));

    test('the inertia is the sum of the squared distances', () =>
      checkFits((vectors, fit) => {
        let inertia = 0;
        fit.clusterOf.forEach((cluster, row) => {
          inertia += squaredDistance(rowOf(vectors, row), fit.centroids[cluster]);
        });
        expect(fit.inertia).toBeCloseTo(inertia, 9);
      }));

    test('a converged fit has its centroids at the means of its clusters', () =>
      checkFits((vectors, fit) => {
        // Of a vector between two centroids, rounding decides whose mean it was in.
        if (!fit.converged || rowsOf(vectors).some((row) => isBetween(row, fit.centroids))) return;
        fit.centroids.forEach((centroid, cluster) => {
          const members = rowsOf(vectors).filter((_, row) => fit.clusterOf[row] === cluster);
          centroid.forEach((value, d) => {
            expect(value).toBeCloseTo(members.reduce((sum, row) => sum + row[d], 0) / members.length, decimals);
          });
        });
      }));
  });

  test('gives what scikit-learn gives from the same start', async () => {
    // KMeans(5, init=x[:5], n_init=1, tol=0).fit(x): inertia_, n_iter_, labels_
    const start = rowsOf(REFERENCE_VECTORS).slice(0, 5);

    const fit = await fitFromWith(makeEngine, REFERENCE_VECTORS, start, { max_iter: 300, tol: 0 });

    expect(fit.inertia).toBeCloseTo(10.361130930196216, decimals);
    expect(fit.iterations).toBe(5);
    expect(Array.from(fit.clusterOf)).toEqual([
      0, 1, 2, 3, 4, 3, 0, 0, 2, 0, 3, 2, 1, 0, 1, 1, 0, 3, 4, 3, 2, 3, 4, 0, 1, 0, 4, 2, 2, 0, 0, 3, 3, 4, 3, 3, 2, 2,
      1, 4, 2, 4, 1, 2, 2, 3, 0, 3, 2, 2, 2, 1, 1, 0, 1, 4, 3, 2, 0, 3,
    ]);
  });

  test('a cluster that is empty starts again at the furthest vector', async () => {
    const vectors = vectorsOf([[0], [1], [2], [100]]);

    const fit = await fitFromWith(makeEngine, vectors, [[1], [-1000]], { max_iter: 300, tol: 1e-4 });

    expect(fit).toMatchObject({ inertia: 2, converged: true });
    expect(fit.centroids[0][0]).toBeCloseTo(1, decimals);
    expect(fit.centroids[1][0]).toBeCloseTo(100, decimals);
    expect(Array.from(fit.clusterOf)).toEqual([0, 0, 0, 1]);
  });

  test('an empty cluster is filled also when no iteration is left', async () => {
    const vectors = vectorsOf([[0], [1], [2], [100]]);

    const fit = await fitFromWith(makeEngine, vectors, [[1], [-1000]], { max_iter: 1, tol: 1e-4 });

    expect(Array.from(fit.sizes)).toEqual([3, 1]);
    expect(fit).toMatchObject({ iterations: 1, converged: false });
  });

  test('tol is a distance that a centroid may still move', async () => {
    // The centroid moves from 0 to 0.5 in the first iteration and stays there.
    const vectors = vectorsOf([[0], [1]]);
    const iterationsWith = async (tol: number) =>
      (await fitFromWith(makeEngine, vectors, [[0]], { max_iter: 9, tol })).iterations;

    expect(await iterationsWith(0.5)).toBe(1);
    expect(await iterationsWith(0.49)).toBe(2);
  });

  test('another seed gives another start', async () => {
    const inertias = await Promise.all(
      [1, 2, 3, 4].map(async (seed) => {
        const settings = { k: 8, max_iter: 300, tol: 1e-4 };
        return (await fitWith(makeEngine, REFERENCE_VECTORS, settings, seededRandom(seed))).inertia;
      }),
    );

    expect(new Set(inertias).size).toBeGreaterThan(1);
  });
});

describe('a large catalogue', () => {
  // 2,500 · 40 · 200 multiplications an iteration: above what ml-kmeans is given.
  const { vectors: values } = groupedProducts(2_500, 40, 150);
  const vectors = { count: 2_500, dimensions: 40, values };
  const settings = { k: 200, max_iter: 8, tol: 0, workers: 1 };

  test('both engines give the same from the same start, whatever the number of threads', async () => {
    const start = rowsOf(vectors).slice(0, 200);
    const makers = [async () => mlKMeansEngine(vectors), simd(1), simd(3)];

    const [reference, ...others] = await Promise.all(
      makers.map((makeEngine) => fitFromWith(makeEngine, vectors, start, settings)),
    );

    for (const fit of others) {
      // A vector halfway between two centroids may go to either, and what follows differs.
      expect(Math.abs(fit.inertia / reference.inertia - 1)).toBeLessThan(1e-3);
      const same = fit.clusterOf.filter((cluster, row) => cluster === reference.clusterOf[row]).length;
      expect(same).toBeGreaterThan(2_375);
    }
  });

  test('the kernel gives the same to the bit on any number of threads', async () => {
    // GIVEN values of such different sizes that float64 sums of them depend on their order; their mean is 0
    const random = seededRandom(5);
    const half = Float32Array.from({ length: 1_250 * 40 }, () => (random() - 0.5) * Math.exp(-25 * random()));
    const uneven = { count: 2_500, dimensions: 40, values: Float32Array.of(...half, ...half.map((x) => -x)) };
    const start = rowsOf(uneven).slice(0, 200);

    const [alone, ...together] = await Promise.all(
      [1, 2, 3].map((workers) => fitFromWith(simd(workers), uneven, start, settings)),
    );

    for (const fit of together) expect(fit).toEqual(alone);
  });

  test('goes to the kernel, tells of each iteration, and gives the same each time', async () => {
    const jobs: number[] = [];
    const done: number[] = [];
    const fit = () =>
      fitKMeans(
        vectors,
        settings,
        seededRandom(1),
        (job) => {
          jobs.push(job.globals.length);
          return startKernelThreads(job);
        },
        (iterations) => done.push(iterations),
      );

    const first = await fit();

    expect(jobs).toEqual([1]);
    expect(done).toEqual(Array.from({ length: first.iterations }, (_, i) => i + 1));
    expect(first.centroids).toHaveLength(200);
    expect(await fit()).toEqual(first);
  });

  test('k-means++ looks at every vector when its sample holds too few different ones', async () => {
    // GIVEN 12 different vectors, 11 of them once among 20,000
    const rare = vectorsOf(Array.from({ length: 20_000 }, (_, i) => [i % 1_800 === 7 ? i : 0]));

    const fit = await fitWith(simd(1), rare, { k: 12, max_iter: 5, tol: 0 }, seededRandom(2));

    expect(Array.from(fit.sizes).sort((a, b) => a - b)).toEqual([...Array(11).fill(1), 19_988 + 1]);
  });
});

test('max_iter bounds the iterations, and the listener hears of each', async () => {
  const done: number[] = [];
  const settings = { k: 5, max_iter: 2, tol: 0, workers: 1 };

  const fit = await fitKMeans(REFERENCE_VECTORS, settings, seededRandom(1), startKernelThreads, (n) => done.push(n));

  expect(fit).toMatchObject({ iterations: 2, converged: false });
  expect(done).toEqual([1, 2]);
});

function rowsOf(vectors: Vectors): number[][] {
  return Array.from({ length: vectors.count }, (_, row) => rowOf(vectors, row));
}

function distinctCount(vectors: Vectors): number {
  // `+ 0` makes −0 and 0 one.
  return new Set(rowsOf(vectors).map((row) => row.map((value) => value + 0).join())).size;
}

function isBetween(row: number[], centroids: number[][]): boolean {
  const [nearest, second] = centroids.map((centroid) => squaredDistance(row, centroid)).sort((a, b) => a - b);
  return second <= nearest * (1 + 1e-5) + 1e-5;
}
