import { type Corpus, sliceSessions } from '../clicks/corpus.ts';
import { countVisits } from '../clicks/heard-views.ts';
import { buildServingIndex, type ServingIndex } from '../serving-index/serving-index.ts';

/**
 * The index as if its sessions ended before `end`: all that is counted is counted in the earlier sessions alone. Vectors,
 * clusters, the blend's weights and the fitted settings stay; they have seen the later sessions, but keep none of them.
 * Products keep their numbers, which tell the order of views of all sessions.
 *
 * @param corpus the one that the index was built of. @param trendingHalfLifeDays that it was built with.
 */
export function indexOfEarlier(
  index: ServingIndex,
  corpus: Corpus,
  end: number,
  trendingHalfLifeDays?: number,
): ServingIndex {
  const { dimensions, vectors, contextVectors, clusterOf, centroids } = index;
  const sessions = sliceSessions(corpus, 0, end);
  const earlier = { ...sessions, viewCounts: countVisits(sessions, corpus.productIds.length) };
  const rows = Array.from({ length: centroids.length / dimensions }, (_, c) => [
    ...centroids.subarray(c * dimensions, (c + 1) * dimensions),
  ]);
  const built = buildServingIndex(
    earlier,
    { productIds: corpus.productIds.slice(0, clusterOf.length), dimensions, vectors, contextVectors },
    { model: { centroids: rows }, clusterOf },
    index.defaultStrategy,
    index.blendWeights,
    trendingHalfLifeDays,
  );
  return { ...built, sessionKnn: index.sessionKnn, reranker: index.reranker, attributes: index.attributes };
}
