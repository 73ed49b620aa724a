import type { ServingIndex } from '../serving-index/serving-index.ts';
import { perIndex } from './per-index.ts';

export interface ClusterSummary {
  /** Mean cosine similarity of the members' vectors to the centroid, −1…1; 1 when all point one way. */
  cohesion: number;
  /** Product numbers, nearest to the centroid by cosine first; at most `MOST_TYPICAL`. */
  typical: number[];
}

const MOST_TYPICAL = 5;

/** One of each cluster, in their order. */
export const clusterSummaries = perIndex((index): ClusterSummary[] => {
  const { clusterOffsets, clusterMembers } = index;
  return Array.from({ length: clusterOffsets.length - 1 }, (_, cluster) => {
    const members = clusterMembers.subarray(clusterOffsets[cluster], clusterOffsets[cluster + 1]);
    const scored = Array.from(members, (product) => ({ product, cosine: cosineToCentroid(index, product, cluster) }));
    const cohesion = scored.reduce((sum, { cosine }) => sum + cosine, 0) / Math.max(1, scored.length);
    scored.sort((a, b) => b.cosine - a.cosine || a.product - b.product);
    return { cohesion, typical: scored.slice(0, MOST_TYPICAL).map(({ product }) => product) };
  });
});

/** 0 when either is the zero vector. */
function cosineToCentroid({ vectors, centroids, dimensions }: ServingIndex, product: number, cluster: number): number {
  let [dot, vectorSquares, centroidSquares] = [0, 0, 0];
  for (let d = 0; d < dimensions; d++) {
    const [v, c] = [vectors[product * dimensions + d], centroids[cluster * dimensions + d]];
    dot += v * c;
    vectorSquares += v * v;
    centroidSquares += c * c;
  }
  const norms = Math.sqrt(vectorSquares * centroidSquares);
  return norms === 0 ? 0 : dot / norms;
}
