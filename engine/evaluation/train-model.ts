import type { TrainingSettings } from '../artifacts/training-request.ts';
import type { Corpus } from '../clicks/corpus.ts';
import { heardSentences } from '../clicks/heard-views.ts';
import { clusterProducts } from '../k-means/cluster-products.ts';
import type { StartThreads } from '../numeric/kernel.ts';
import type { LearnedClusters } from '../serving-index/serving-index.ts';
import type { ProductVectors } from '../word2vec/product-vectors.ts';
import { trainWord2Vec } from '../word2vec/word2vec.ts';

/** Learns vectors of the sessions it is given and of nothing else. */
export type TrainVectors = (corpus: Corpus) => Promise<ProductVectors>;

/** Learns vectors and clusters of the sessions it is given and of nothing else. */
export type TrainModel = (
  corpus: Corpus,
  /** Changes the vectors before they are clustered. */
  adjust?: (vectors: ProductVectors) => ProductVectors | Promise<ProductVectors>,
  /** Whether clusters are of use. @default true */
  isClustered?: boolean,
) => Promise<{ vectors: ProductVectors; clusters: LearnedClusters }>;

/** What the `embed` stage does, on a part of the sessions. */
export function vectorTrainer(settings: TrainingSettings, startThreads: StartThreads): TrainVectors {
  return ({ productIds, viewCounts, ...sessions }) =>
    trainWord2Vec(
      { sessions: heardSentences(sessions, productIds.length), productIds, viewCounts },
      settings,
      startThreads,
    );
}

/**
 * What the `embed` and `cluster` stages do, on a part of the sessions.
 *
 * @param startForVectors for Word2Vec, which takes seconds: it may be threads beside the calling one.
 */
export function modelTrainer(
  settings: TrainingSettings,
  startThreads: StartThreads,
  startForVectors: StartThreads = startThreads,
): TrainModel {
  const train = vectorTrainer(settings, startForVectors);
  return async (corpus, adjust = (learned) => learned, isClustered = true) => {
    const vectors = await adjust(await train(corpus));
    const clusters = isClustered
      ? await clusterProducts(vectors, settings, startThreads, undefined, false)
      : oneCluster(vectors);
    return { vectors, clusters };
  };
}

/** For an index that is asked nothing about clusters. */
export function oneCluster({ productIds, dimensions }: ProductVectors) {
  return {
    model: { centroids: [Array<number>(dimensions).fill(0)] },
    clusterOf: new Uint32Array(productIds.length),
  };
}
