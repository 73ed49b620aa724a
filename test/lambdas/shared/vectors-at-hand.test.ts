import { afterEach, expect, test, vi } from 'vitest';
import { PRESETS } from '../../../engine/artifacts/training-request.ts';
import type { ProductVectors } from '../../../engine/word2vec/product-vectors.ts';
import { trainWord2Vec } from '../../../engine/word2vec/word2vec.ts';
import { keepVectorsAtHand, learnBeforehand, takeVectors } from '../../../lambdas/shared/vectors-at-hand.ts';
import { corpusOf, kindSessions } from '../../engine/word2vec/corpora.ts';

vi.mock('node:os', async (original) => ({ ...(await original<object>()), availableParallelism: () => 2 }));

const SETTINGS = PRESETS.tuned;
const VECTORS: ProductVectors = {
  productIds: ['p'],
  dimensions: 1,
  vectors: Float32Array.of(1),
  contextVectors: Float32Array.of(2),
};
const drops: (() => void)[] = [];
const keep = () => drops.push(keepVectorsAtHand());
afterEach(() => {
  for (const drop of drops.splice(0)) drop();
});

test('vectors are learned once a run, and taken once', async () => {
  keep();
  const learn = vi.fn(async () => VECTORS);
  learnBeforehand('1', SETTINGS, learn);
  learnBeforehand('1', SETTINGS, learn);
  expect(learn).toHaveBeenCalledTimes(1);
  // As it is read from a file.
  const settings = structuredClone(SETTINGS);
  expect(await takeVectors('2', settings)).toBeUndefined();
  expect(await takeVectors('1', settings)).toBe(VECTORS);
  expect(await takeVectors('1', settings)).toBeUndefined();
});

test('are not those of other settings', async () => {
  keep();
  learnBeforehand('1', SETTINGS, async () => VECTORS);
  expect(await takeVectors('1', { ...SETTINGS, epochs: 1 })).toBeUndefined();
});

test('are learned again where that failed', async () => {
  keep();
  learnBeforehand('1', SETTINGS, () => Promise.reject(new Error('diverged')));
  expect(await takeVectors('1', SETTINGS)).toBeUndefined();
});

test('are not learned where nobody asked for it, or on several threads', async () => {
  const learn = vi.fn(async () => VECTORS);
  learnBeforehand('1', SETTINGS, learn);
  keep();
  learnBeforehand('1', { ...SETTINGS, workers: 2 }, learn);
  expect(learn).not.toHaveBeenCalled();
  expect(await takeVectors('1', SETTINGS)).toBeUndefined();
});

test('are not learned to the end once the run has, nor by the stage that waits for them', async () => {
  const drop = keepVectorsAtHand();
  const settings = { ...SETTINGS, workers: 1, epochs: 1_000_000_000 };
  const learn = vi.fn<Parameters<typeof learnBeforehand>[2]>((all, startThreads) =>
    trainWord2Vec(corpusOf(kindSessions(100)), all, startThreads),
  );
  learnBeforehand('1', settings, learn);
  const taken = takeVectors('1', settings);
  drop();
  await expect(learn.mock.results[0].value).rejects.toThrow('closed during a call');
  await expect(taken).rejects.toThrow('closed during a call');
});
