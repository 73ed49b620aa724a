import type { ServingIndex } from '../serving-index/serving-index.ts';

export interface ClusterPrediction {
  cluster: number;
  /** Euclidean, to the cluster's centroid. */
  distance: number;
}

/** K-Means's predict: the nearest centroid, the lower number when two are equally near. @param vector (dimensions) */
export function predictCluster(
  { centroids, dimensions }: Pick<ServingIndex, 'centroids' | 'dimensions'>,
  vector: readonly number[],
): ClusterPrediction {
  let cluster = 0;
  let nearest = Number.POSITIVE_INFINITY;
  for (let start = 0; start < centroids.length; start += dimensions) {
    let squared = 0;
    for (let d = 0; d < dimensions; d++) squared += (vector[d] - centroids[start + d]) ** 2;
    if (squared < nearest) {
      nearest = squared;
      cluster = start / dimensions;
    }
  }
  return { cluster, distance: Math.sqrt(nearest) };
}
