import type { TriedK } from './cluster-model.ts';
import type { KMeansFit } from './k-means.ts';

/** A fit with how far its clusters stand apart. */
export interface RatedFit {
  fit: KMeansFit;
  silhouette: number | null;
}

/** On average. Two clusters of a large catalogue may stand furthest apart, but nobody finds anything in them. */
const MOST_IN_A_CLUSTER = 300;

/**
 * Tries numbers of clusters from 2 to twice the square root of the number of vectors, each about √2 times the one
 * before, without those that would leave more than 300 vectors in a cluster, and takes the one of the highest mean silhouette (Rousseeuw 1987), of equal ones the smallest.
 *
 * @returns the best of the fits, and what was tried, ascending.
 */
export async function chooseK(
  vectorCount: number,
  fitAndRate: (k: number) => Promise<RatedFit>,
): Promise<{ best: RatedFit; k: number; tried: TriedK[] }> {
  let best: RatedFit | undefined;
  let bestK = 0;
  const tried: TriedK[] = [];
  for (const k of candidatesFor(vectorCount)) {
    const rated = await fitAndRate(k);
    tried.push({ k, inertia: rated.fit.inertia, silhouette: rated.silhouette });
    if (best === undefined || (rated.silhouette ?? -1) > (best.silhouette ?? -1)) {
      best = rated;
      bestK = k;
    }
  }
  return { best: best!, k: bestK, tried };
}

/** At least one; 2, 3, 4, 6, 8, 11, 16 and so on. */
function candidatesFor(vectorCount: number): number[] {
  const most = Math.min(vectorCount, Math.max(2, Math.floor(2 * Math.sqrt(vectorCount))));
  const least = Math.min(most, Math.max(2, Math.ceil(vectorCount / MOST_IN_A_CLUSTER)));
  const candidates: number[] = [];
  for (let power = 2; Math.round(2 ** (power / 2)) <= most; power++) {
    const k = Math.round(2 ** (power / 2));
    if (k >= least) candidates.push(k);
  }
  return candidates.length > 0 ? candidates : [most];
}
