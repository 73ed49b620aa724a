import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { drawRareProducts } from '../../engine/attributes/draw-rare.ts';
import { decodeProductAttributes } from '../../engine/attributes/product-attributes.ts';
import { decodeCorpus } from '../../engine/clicks/corpus.ts';
import { heardSentences } from '../../engine/clicks/heard-views.ts';
import { runEvaluationSchema } from '../../engine/evaluation/run-evaluation.ts';
import { encodeProductVectors } from '../../engine/word2vec/product-vectors.ts';
import { trainWord2Vec } from '../../engine/word2vec/word2vec.ts';
import { startKernelThreads } from '../shared/kernel-threads.ts';
import { stageHandler } from '../shared/stage-handler.ts';
import { takeVectors } from '../shared/vectors-at-hand.ts';
import { encodeProductIdsAndVectors } from './product-ids-and-vectors.ts';

export const handler = stageHandler('embed', async ({ runId, store, artifact, artifactJson, progress }) => {
  const { settings, attributes } = await artifactJson('evaluation', runEvaluationSchema);
  const { productIds, viewCounts, ...sessions } = decodeCorpus(await artifact('corpus'));

  const learn = () =>
    trainWord2Vec(
      { sessions: heardSentences(sessions, productIds.length), productIds, viewCounts },
      settings,
      startKernelThreads,
      (done) => progress({ done, total: settings.epochs, unit: 'epochs' }),
    );
  const learned = (await takeVectors(runId, settings)) ?? (await learn());
  const products =
    attributes === undefined
      ? learned
      : drawRareProducts(
          learned,
          viewCounts,
          decodeProductAttributes(await artifact('product_attributes'), productIds.length).fields,
          attributes.pull,
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
