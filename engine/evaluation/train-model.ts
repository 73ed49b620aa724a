import type { TrainingSettings } from '../artifacts/training-request.ts';
import { collapseRepeats } from '../clicks/corpus.ts';
import { clusterProducts } from '../k-means/cluster-products.ts';
import type { StartThreads } from '../numeric/kernel.ts';
import { trainWord2Vec } from '../word2vec/word2vec.ts';
import type { TrainModel } from './backtest.ts';

/** What the `embed` and `cluster` stages do, on a part of the sessions. */
export function modelTrainer(settings: TrainingSettings, startThreads: StartThreads): TrainModel {
  return async ({ productIds, viewCounts, ...sessions }) => {
    const corpus = { sessions: collapseRepeats(sessions), productIds, viewCounts };
    const vectors = await trainWord2Vec(corpus, settings, startThreads);
    return { vectors, clusters: await clusterProducts(vectors, settings, startThreads) };
  };
}
