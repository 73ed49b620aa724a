import type { StartThreads } from '../numeric/kernel.ts';
import type { Random } from '../numeric/random.ts';
import { rowOf, type Vectors } from '../numeric/vectors.ts';
import { type Assignment, assignToNearest } from './assignment.ts';
import type { IterationListener, KMeansEngine, LloydSettings } from './k-means-engine.ts';
import { mlKMeansEngine } from './ml-kmeans-engine.ts';
import { simdEngine } from './simd-engine.ts';

/** Multiplications an iteration from which ml-kmeans takes more than six times as long as the kernel, and soon twenty times. */
const LARGE = 1_000_000;

export interface KMeansSettings extends LloydSettings {
  /** Clusters asked for. */
  k: number;
  /** Threads, for a large catalogue only; the fit is the same to the bit however many they are. */
  workers: number;
}

export interface KMeansFit {
  /** (clusters, dimensions) */
  centroids: number[][];
  /** (count) cluster of each vector: that of the nearest centroid, the lower number when two are equally near. */
  clusterOf: Uint32Array;
  /** (clusters) vectors in each; never 0. */
  sizes: Uint32Array;
  /** Sum of squared Euclidean distances of the vectors to their centroid. */
  inertia: number;
  iterations: number;
  converged: boolean;
}

/**
 * K-Means from a k-means++ start. There are `k` clusters, or as many as there are different vectors when these are
 * fewer. The same random stream gives the same fit.
 */
export async function fitKMeans(
  vectors: Vectors,
  settings: KMeansSettings,
  random: Random,
  startThreads: StartThreads,
  onIteration?: IterationListener,
): Promise<KMeansFit> {
  const large = vectors.count * vectors.dimensions * settings.k >= LARGE;
  const engine = large ? await simdEngine(vectors, settings, startThreads) : mlKMeansEngine(vectors);
  try {
    const start = engine.chooseStarts(settings.k, random).map((row) => rowOf(vectors, row));
    return await fitFrom(vectors, start, settings, engine, onIteration);
  } finally {
    await engine.close();
  }
}

/**
 * Lloyd's algorithm from given centroids, no more than there are different vectors.
 *
 * A cluster that loses all its vectors starts again at the vector that is furthest from its centroid, as in
 * scikit-learn, and the fit goes on.
 */
export async function fitFrom(
  vectors: Vectors,
  start: number[][],
  { max_iter, tol }: LloydSettings,
  engine: KMeansEngine,
  onIteration: IterationListener = () => {},
): Promise<KMeansFit> {
  let centroids = start;
  let iterations = 0;
  let converged = false;
  let assignment: Assignment;
  do {
    const done = iterations;
    const fit = await engine.iterate(centroids, { max_iter: max_iter - done, tol }, (more) => onIteration(done + more));
    iterations += fit.iterations;
    converged = fit.converged && !fit.assignment.sizes.includes(0);
    ({ centroids, assignment } = reviveEmptyClusters(vectors, fit.centroids, fit.assignment));
  } while (!converged && iterations < max_iter);
  const { clusterOf, sizes, inertia } = assignment;
  return { centroids, clusterOf, sizes, inertia, iterations, converged };
}

/** Moves the centroids of empty clusters onto vectors. Each move lowers the inertia, so it comes to an end. */
function reviveEmptyClusters(vectors: Vectors, centroids: number[][], assignment: Assignment) {
  const revived = { centroids: [...centroids], assignment };
  for (;;) {
    const { sizes, distances, inertia } = revived.assignment;
    const empty = sizes.indexOf(0);
    if (empty === -1 || inertia === 0) return revived;
    const furthest = distances.indexOf(distances.reduce((a, b) => Math.max(a, b)));
    revived.centroids[empty] = rowOf(vectors, furthest);
    revived.assignment = assignToNearest(vectors, revived.centroids);
  }
}
