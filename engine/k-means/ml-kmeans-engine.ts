import { kmeansGenerator } from 'ml-kmeans';
import { rowOf, type Vectors } from '../numeric/vectors.ts';
import { assignToNearest } from './assignment.ts';
import type { KMeansEngine } from './k-means-engine.ts';
import { candidatesAmong, kMeansPlusPlus } from './k-means-plus-plus.ts';

/** ml-kmeans in float64: the reference, and the faster one for some thousand vectors. */
export function mlKMeansEngine(vectors: Vectors): KMeansEngine {
  return {
    chooseStarts: (k, random) => kMeansPlusPlus(candidatesAmong(vectors), k, random),

    async iterate(start, { max_iter, tol }, onIteration) {
      const rows = Array.from({ length: vectors.count }, (_, row) => rowOf(vectors, row));
      const steps = kmeansGenerator(rows, start.length, {
        initialization: start,
        maxIterations: max_iter,
        // ml-kmeans compares squared distances.
        tolerance: tol ** 2,
      });
      let centroids = start;
      let iterations = 0;
      let converged = false;
      for (const step of steps) {
        ({ centroids, converged } = step);
        onIteration(++iterations);
      }
      // ml-kmeans moves the centroids once more after its last assignment.
      return { centroids, assignment: assignToNearest(vectors, centroids), iterations, converged };
    },

    close: async () => {},
  };
}
