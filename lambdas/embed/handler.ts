import type { RunEvaluation } from '../evaluate/run-evaluation.ts';
import { artifactKey } from '../shared/artifacts.ts';
import { collapseRepeats, decodeCorpus } from '../shared/corpus.ts';
import { startKernelThreads } from '../shared/io/kernel-threads.ts';
import { stageHandler } from '../shared/io/stage-handler.ts';
import { encodeProductVectors } from '../shared/product-vectors.ts';
import { encodeProductIdsAndVectors } from './product-ids-and-vectors.ts';
import { trainWord2Vec } from './word2vec.ts';

export const handler = stageHandler('embed', async ({ runId, store, artifact, artifactJson, progress }) => {
  const { settings } = await artifactJson<RunEvaluation>('evaluation');
  const { productIds, viewCounts, ...sessions } = decodeCorpus(await artifact('corpus'));

  const corpus = { sessions: collapseRepeats(sessions), productIds, viewCounts };
  const products = await trainWord2Vec(corpus, settings, startKernelThreads, (done) =>
    progress({ done, total: settings.epochs, unit: 'epochs' }),
  );

  await Promise.all([
    store.put(artifactKey(runId, 'vectors'), encodeProductVectors(products)),
    store.put(artifactKey(runId, 'product_ids_and_vectors'), encodeProductIdsAndVectors(products)),
  ]);
  return {
    artifacts: ['vectors', 'product_ids_and_vectors'],
    counts: { products: products.productIds.length, dimensions: products.dimensions },
  };
});
