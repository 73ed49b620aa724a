import type { Vectors } from '../numeric/vectors.ts';

/** The mean silhouette of some clusters of the same vectors; see `silhouettesOf`. */
export type Silhouettes = (clusterOf: Uint32Array, clusterCount: number) => number | null;

/**
 * Mean silhouette coefficient with Euclidean distances (Rousseeuw 1987, "Silhouettes: a graphical aid to the
 * interpretation and validation of cluster analysis"): for each vector (b − a) / max(a, b), where a is its mean
 * distance to the others of its cluster and b the mean distance to the cluster next to it; 0 in a cluster of one.
 *
 * Compares all pairs: time and memory grow with count². The distances are measured when they are first asked for, once for all
 * clusterings.
 *
 * @returns takes the cluster of each vector (count), and gives −1…1, or null when the vectors are all of one cluster, where it is not
 * defined.
 */
export function silhouettesOf(vectors: Vectors): Silhouettes {
  let distances: Float64Array | undefined;
  return (clusterOf, clusterCount) => {
    if (new Set(clusterOf).size < 2) return null;
    distances ??= distancesOf(vectors);
    return meanSilhouette(distances, clusterOf, clusterCount);
  };
}

function meanSilhouette(distances: Float64Array, clusterOf: Uint32Array, clusterCount: number): number {
  const count = clusterOf.length;
  const sizes = new Uint32Array(clusterCount);
  for (const cluster of clusterOf) sizes[cluster]++;
  const sums = distanceSums(distances, clusterOf, clusterCount);
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

/** (count · (count − 1) / 2) between vector 1 and 0, then 2 and 0, 2 and 1, and so on. */
function distancesOf({ count, dimensions, values }: Vectors): Float64Array {
  const distances = new Float64Array((count * (count - 1)) / 2);
  let pair = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      let squared = 0;
      for (let d = 0; d < dimensions; d++) squared += (values[i * dimensions + d] - values[j * dimensions + d]) ** 2;
      distances[pair++] = Math.sqrt(squared);
    }
  }
  return distances;
}

/** (count, clusterCount) sum of the distances of each vector to the members of each cluster. */
function distanceSums(distances: Float64Array, clusterOf: Uint32Array, clusterCount: number): Float64Array {
  const count = clusterOf.length;
  const sums = new Float64Array(count * clusterCount);
  let pair = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const distance = distances[pair++];
      sums[i * clusterCount + clusterOf[j]] += distance;
      sums[j * clusterCount + clusterOf[i]] += distance;
    }
  }
  return sums;
}
