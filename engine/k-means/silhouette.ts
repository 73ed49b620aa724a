import type { Vectors } from '../numeric/vectors.ts';

/**
 * Mean silhouette coefficient with Euclidean distances (Rousseeuw 1987, "Silhouettes: a graphical aid to the
 * interpretation and validation of cluster analysis"): for each vector (b − a) / max(a, b), where a is its mean
 * distance to the others of its cluster and b the mean distance to the cluster next to it; 0 in a cluster of one.
 *
 * Compares all pairs: time grows with count².
 *
 * @param clusterOf (count)
 * @returns −1…1; null when the vectors are all of one cluster, where it is not defined.
 */
export function silhouette(vectors: Vectors, clusterOf: Uint32Array, clusterCount: number): number | null {
  const { count } = vectors;
  const sizes = new Uint32Array(clusterCount);
  for (const cluster of clusterOf) sizes[cluster]++;
  if (sizes.filter((size) => size > 0).length < 2) return null;

  const sums = distanceSums(vectors, clusterOf, clusterCount);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const own = clusterOf[i];
    if (sizes[own] === 1) continue;
    const within = sums[i * clusterCount + own] / (sizes[own] - 1);
    let between = Number.POSITIVE_INFINITY;
    for (let cluster = 0; cluster < clusterCount; cluster++) {
      if (cluster !== own && sizes[cluster] > 0) {
        between = Math.min(between, sums[i * clusterCount + cluster] / sizes[cluster]);
      }
    }
    // Both are 0 when the clusters next to each other hold copies of one vector.
    if (within !== between) total += (between - within) / Math.max(within, between);
  }
  return total / count;
}

/** (count, clusterCount) sum of the distances of each vector to the members of each cluster. */
function distanceSums(vectors: Vectors, clusterOf: Uint32Array, clusterCount: number): Float64Array {
  const { count, dimensions, values } = vectors;
  const sums = new Float64Array(count * clusterCount);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      let squared = 0;
      for (let d = 0; d < dimensions; d++) squared += (values[i * dimensions + d] - values[j * dimensions + d]) ** 2;
      const distance = Math.sqrt(squared);
      sums[i * clusterCount + clusterOf[j]] += distance;
      sums[j * clusterCount + clusterOf[i]] += distance;
    }
  }
  return sums;
}
