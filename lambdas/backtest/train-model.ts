import { clusterProducts } from '../cluster/cluster-products.ts';
import { trainWord2Vec } from '../embed/word2vec.ts';
import { collapseRepeats } from '../shared/corpus.ts';
import type { StartThreads } from '../shared/numeric/kernel.ts';
import type { TrainingSettings } from '../shared/training-request.ts';
import type { TrainModel } from './backtest.ts';

/** What the `embed` and `cluster` stages do, on a part of the sessions. */
export function modelTrainer(settings: TrainingSettings, startThreads: StartThreads): TrainModel {
  return async ({ productIds, viewCounts, ...sessions }) => {
    const corpus = { sessions: collapseRepeats(sessions), productIds, viewCounts };
    const vectors = await trainWord2Vec(corpus, settings, startThreads);
    return { vectors, clusters: await clusterProducts(vectors, settings, startThreads) };
  };
}
