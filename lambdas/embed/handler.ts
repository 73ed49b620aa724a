import { artifactKey } from '../shared/artifacts.ts';
import { collapseRepeats, decodeCorpus } from '../shared/corpus.ts';
import { ArtifactError } from '../shared/errors.ts';
import { startKernelThreads } from '../shared/io/kernel-threads.ts';
import { stageHandler } from '../shared/io/stage-handler.ts';
import { encodeProductVectors } from '../shared/product-vectors.ts';
import { encodeProductIdsAndVectors } from './product-ids-and-vectors.ts';
import { trainWord2Vec } from './word2vec.ts';

export const handler = stageHandler('embed', async ({ runId, store, settings, progress }) => {
  const corpusKey = artifactKey(runId, 'corpus');
  const file = await store.get(corpusKey);
  if (file === undefined)
    throw new ArtifactError(`There is no ${corpusKey}: run the sequence stage of this run first.`);
  const { productIds, viewCounts, ...sessions } = decodeCorpus(file.bytes);

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
