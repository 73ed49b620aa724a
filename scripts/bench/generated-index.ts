import { PRESETS } from '../../engine/artifacts/training-request.ts';
import type { Corpus, Sessions } from '../../engine/clicks/corpus.ts';
import { collectChoices } from '../../engine/evaluation/fit-blend.ts';
import { trainReranker } from '../../engine/evaluation/fit-reranker.ts';
import { splitAt } from '../../engine/evaluation/split.ts';
import { modelTrainer } from '../../engine/evaluation/train-model.ts';
import { buildExactIndex, roundedIndex, type ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { startKernelThreads } from '../../lambdas/shared/kernel-threads.ts';
import { generateCorpus } from './generate-sessions.ts';

export interface GeneratedShop {
  index: ServingIndex;
  /** The same before it was rounded to what its file keeps. */
  unrounded: ServingIndex;
  /** Views that the index was built of. */
  viewCount: number;
  /** Seconds that building the index took, training aside. */
  buildSeconds: number;
  /** The newest twentieth of the sessions, which the index has not seen. */
  later: Sessions;
}

/** Enough to fit a network that costs what one of a real shop costs. */
const CHOICES = 1_000;

/** A shop with 200 categories at most, trained for one epoch: enough for figures of speed and size. */
export async function generateShop(products: number, views: number, seed = 1): Promise<GeneratedShop> {
  const categories = Math.min(200, Math.ceil(products / 10));
  const { sessions, ...generated } = generateCorpus({ products, views, categories, noise: 0.2, seed });
  const corpus = {
    productIds: [...generated.productIds],
    viewCounts: generated.viewCounts,
    ...sessions,
    ...unnamed(sessions),
  };
  const { train: earlier, later } = splitAt(corpus, Math.floor(corpus.sessionIds.length * 0.95));
  const settings = { ...PRESETS.tuned, epochs: 1, k: Math.min(100, categories), max_iter: 5, workers: 1 };
  const { vectors, clusters } = await modelTrainer(settings, startKernelThreads)(earlier);
  const startedAt = performance.now();
  const built = buildExactIndex(earlier, vectors, clusters, 'blend');
  const rounded = roundedIndex(built);
  const buildSeconds = (performance.now() - startedAt) / 1000;
  // As a shop has it whose sessions are many.
  const reranker = trainReranker(rounded, collectChoices(rounded, later, CHOICES));
  const index = { ...rounded, reranker };
  const unrounded = { ...built, reranker };
  return { index, unrounded, later, viewCount: earlier.views.length, buildSeconds };
}

/** Names and no times for sessions that have neither. */
export function unnamed({ offsets }: Sessions): Pick<Corpus, 'sessionIds' | 'startTimesMs'> {
  return { sessionIds: Array.from({ length: offsets.length - 1 }, (_, s) => `s${s}`), startTimesMs: undefined };
}
