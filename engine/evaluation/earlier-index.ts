import type { Corpus } from '../clicks/corpus.ts';
import { countVisits } from '../clicks/heard-views.ts';
import { buildServingIndex, type ServingIndex } from '../serving-index/serving-index.ts';

/**
 * The index as if its sessions ended before `end`: pairs, past sessions and views are those of the earlier sessions alone.
 * Vectors, clusters, the blend's weights and the fitted settings stay; they have seen the later sessions, but keep none of them.
 * Products keep their numbers, which tell the order of views of all sessions.
 *
 * @param corpus the one that the index was built of.
 */
export function indexOfEarlier(index: ServingIndex, corpus: Corpus, end: number): ServingIndex {
  const { dimensions, vectors, contextVectors, clusterOf, centroids } = index;
  const sessions = { offsets: corpus.offsets.slice(0, end + 1), views: corpus.views.subarray(0, corpus.offsets[end]) };
  const earlier: Corpus = {
    productIds: corpus.productIds,
    viewCounts: countVisits(sessions, corpus.productIds.length),
    sessionIds: corpus.sessionIds.slice(0, end),
    startTimesMs: corpus.startTimesMs?.slice(0, end),
    ...sessions,
  };
  const rows = Array.from({ length: centroids.length / dimensions }, (_, c) => [
    ...centroids.subarray(c * dimensions, (c + 1) * dimensions),
  ]);
  const built = buildServingIndex(
    earlier,
    { productIds: corpus.productIds.slice(0, clusterOf.length), dimensions, vectors, contextVectors },
    { model: { centroids: rows }, clusterOf },
    index.defaultStrategy,
    index.blendWeights,
  );
  return { ...built, sessionKnn: index.sessionKnn, reranker: index.reranker, attributes: index.attributes };
}
