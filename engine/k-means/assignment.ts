import type { Vectors } from '../numeric/vectors.ts';

export interface Assignment {
  /** (count) the nearest centroid, the lower number when two are equally near. */
  clusterOf: Uint32Array;
  /** (clusters) */
  sizes: Uint32Array;
  /** (count) squared Euclidean distance to the nearest centroid. */
  distances: Float64Array;
  /** Sum of `distances`. */
  inertia: number;
}

export function assignToNearest(vectors: Vectors, centroids: readonly (readonly number[])[]): Assignment {
  const { count, dimensions, values } = vectors;
  const clusterOf = new Uint32Array(count);
  const sizes = new Uint32Array(centroids.length);
  const distances = new Float64Array(count);
  let inertia = 0;
  for (let i = 0; i < count; i++) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let cluster = 0; cluster < centroids.length; cluster++) {
      const centroid = centroids[cluster];
      let distance = 0;
      for (let d = 0; d < dimensions; d++) distance += (values[i * dimensions + d] - centroid[d]) ** 2;
      if (distance < nearest) {
        nearest = distance;
        clusterOf[i] = cluster;
      }
    }
    sizes[clusterOf[i]]++;
    distances[i] = nearest;
    inertia += nearest;
  }
  return { clusterOf, sizes, distances, inertia };
}
