import type { Random } from '../numeric/random.ts';
import type { Assignment } from './assignment.ts';

export interface LloydSettings {
  max_iter: number;
  /** The fit has converged when no centroid moves further than this, in the vectors' own unit. */
  tol: number;
}

interface LloydFit {
  /** (clusters, dimensions) */
  centroids: number[][];
  /** Of every vector to the nearest of these centroids. */
  assignment: Assignment;
  iterations: number;
  converged: boolean;
}

/** Called after each iteration with how many are done. */
export type IterationListener = (done: number) => void;

/** What does the work of K-Means on a set of vectors. */
export interface KMeansEngine {
  /** @returns the rows of at most `k` pairwise different vectors, by k-means++; fewer when there are no more. */
  chooseStarts(k: number, random: Random): number[];
  /** Lloyd's iterations from given centroids. Clusters may come out empty. */
  iterate(centroids: number[][], settings: LloydSettings, onIteration: IterationListener): Promise<LloydFit>;
  close(): Promise<void>;
}
