import { kmeansGenerator } from 'ml-kmeans';
import type { Random } from '../shared/random.ts';
import { type Assignment, assignToNearest } from './assignment.ts';
import { kMeansPlusPlus } from './k-means-plus-plus.ts';
import { rowOf, type Vectors } from './vectors.ts';

export interface KMeansSettings {
  /** Clusters asked for. */
  k: number;
  max_iter: number;
  /** The fit has converged when no centroid moves further than this, in the vectors' own unit. */
  tol: number;
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

/** Called after each iteration with how many are done. */
export type IterationListener = (done: number) => void;

/**
 * K-Means from a k-means++ start. There are `k` clusters, or as many as there are different vectors when these are
 * fewer. The same random stream gives the same fit.
 */
export function fitKMeans(
  vectors: Vectors,
  settings: KMeansSettings,
  random: Random,
  onIteration: IterationListener = () => {},
): KMeansFit {
  const start = kMeansPlusPlus(vectors, settings.k, random).map((row) => rowOf(vectors, row));
  return fitFrom(vectors, start, settings, onIteration);
}

/**
 * Lloyd's algorithm from given centroids, no more than there are different vectors.
 *
 * A cluster that loses all its vectors starts again at the vector that is furthest from its centroid, as in
 * scikit-learn, and the fit goes on.
 */
export function fitFrom(
  vectors: Vectors,
  start: number[][],
  { max_iter, tol }: Omit<KMeansSettings, 'k'>,
  onIteration: IterationListener = () => {},
): KMeansFit {
  const rows = Array.from({ length: vectors.count }, (_, row) => rowOf(vectors, row));
  let centroids = start;
  let clusters = assignToNearest(vectors, centroids);
  let iterations = 0;
  let converged = false;
  while (!converged && iterations < max_iter) {
    const steps = kmeansGenerator(rows, centroids.length, {
      initialization: centroids,
      maxIterations: max_iter - iterations,
      // ml-kmeans compares squared distances.
      tolerance: tol ** 2,
    });
    for (const step of steps) {
      centroids = step.centroids;
      converged = step.converged;
      onIteration(++iterations);
    }
    // ml-kmeans moves the centroids once more after its last assignment.
    clusters = assignToNearest(vectors, centroids);
    converged &&= !clusters.sizes.includes(0);
    clusters = reviveEmptyClusters(vectors, centroids, clusters);
  }
  const { clusterOf, sizes, inertia } = clusters;
  return { centroids, clusterOf, sizes, inertia, iterations, converged };
}

/** Moves the centroids of empty clusters onto vectors. Each move lowers the inertia, so it comes to an end. */
function reviveEmptyClusters(vectors: Vectors, centroids: number[][], clusters: Assignment): Assignment {
  let current = clusters;
  for (let empty = current.sizes.indexOf(0); empty !== -1 && current.inertia > 0; empty = current.sizes.indexOf(0)) {
    const furthest = current.distances.indexOf(current.distances.reduce((a, b) => Math.max(a, b)));
    centroids[empty] = rowOf(vectors, furthest);
    current = assignToNearest(vectors, centroids);
  }
  return current;
}
