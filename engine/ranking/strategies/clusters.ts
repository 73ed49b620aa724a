import type { ServingIndex } from '../../serving-index/serving-index.ts';
import type { Scorer } from '../scorer.ts';
import { cosine, sessionVector } from './session-vector.ts';

/**
 * The seed's method: a uniform random sample, without replacement, of the members of the query product's cluster
 * without the product itself. The score is a random key in [0, 1): the best n keys are such a sample.
 */
export const clusterSample: Scorer = (index, { viewed, random }, board) => {
  const anchor = newestEmbedded(index, viewed);
  if (anchor === undefined) return;
  for (const member of membersOf(index, index.clusterOf[anchor])) {
    if (member !== anchor) board.add(member, random());
  }
};

/** The members of the same cluster by their cosine with the session's vector. */
export const clusterNearest: Scorer = (index, { viewed }, board) => {
  const anchor = newestEmbedded(index, viewed);
  const query = sessionVector(index, viewed);
  if (anchor === undefined || query === undefined) return;
  for (const member of membersOf(index, index.clusterOf[anchor])) {
    const score = cosine(index, query, member);
    if (score !== undefined) board.add(member, score);
  }
};

/** A session's cluster is that of the newest viewed product that has a vector. */
function newestEmbedded(index: ServingIndex, viewed: readonly number[]): number | undefined {
  return viewed.findLast((product) => product < index.clusterOf.length);
}

function membersOf(index: ServingIndex, cluster: number): Uint32Array {
  return index.clusterMembers.subarray(index.clusterOffsets[cluster], index.clusterOffsets[cluster + 1]);
}
