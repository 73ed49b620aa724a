import { expect, test } from 'vitest';
import { PRESETS } from '../../../engine/artifacts/training-request.ts';
import { trainOnEarlier } from '../../../engine/evaluation/backtest.ts';
import { modelTrainer } from '../../../engine/evaluation/train-model.ts';
import { startKernelThreads } from '../../../lambdas/shared/kernel-threads.ts';
import { PRODUCTS, ringShop } from './sample-shop.ts';

const train = modelTrainer(PRESETS.layer, startKernelThreads);

test('a model without clusters has the same vectors, and one cluster of all products', async () => {
  const shop = ringShop(300);
  const whole = await train(shop);
  const { vectors, clusters } = await train(shop, undefined, false);

  expect(vectors).toEqual(whole.vectors);
  expect(whole.clusters.model.centroids).toHaveLength(10);
  expect(clusters.model.centroids).toHaveLength(1);
  expect(clusters.clusterOf).toEqual(new Uint32Array(PRODUCTS));
});

test('the blend is fitted the same whether its model has clusters or not', async () => {
  const shop = ringShop(1_000);
  const alwaysClustered: typeof train = (corpus, adjust) => train(corpus, adjust, true);

  const { blendWeights } = await trainOnEarlier(shop, train, 900);
  expect(blendWeights).toBeDefined();
  expect(blendWeights).toEqual((await trainOnEarlier(shop, alwaysClustered, 900)).blendWeights);
});
