import { ConfigurationError } from '../errors.ts';
import type { StartThreads } from '../numeric/kernel.ts';
import type { ProductVectors } from './product-vectors.ts';
import type { Word2VecCorpus, Word2VecSettings } from './settings.ts';
import { layOutTraining } from './training-memory.ts';
import { vocabularySizeOf } from './vocabulary.ts';

/**
 * Learns a vector for each product with Word2Vec: CBOW or skip-gram, with negative sampling (Mikolov et al. 2013), every
 * setting with gensim's meaning. With one worker the same corpus, settings and seed give the same bytes; several
 * update the same vectors without locks (Hogwild, Recht et al. 2011), so that no two runs are quite the same; how they keep
 * out of each other's way says `row-order.ts`.
 *
 * Departures from gensim, whose quality `scripts/bench/word2vec-quality.ts` compares:
 * - skip-gram draws its negatives once for a centre and pairs them with each of its contexts (as pWord2Vec does, Ji et
 *   al. 2016): rows stay in the cache, and the vectors are as good or slightly better;
 * - 512 negatives are drawn at a time and used twice, the second time about a hundred centres later, while their rows are
 *   in the cache;
 * - σ is exact to 1e-7, where gensim reads a table of 1,000 values at ⌊83 (x + 6)⌋ and so gets up to 0.009 less;
 * - `direction: 'forward'` makes only the views before a product its context, so that an input vector predicts what
 *   comes after and input · output tells before from after; gensim has no such setting;
 * - the errors of six targets are measured before any of them moves, which shows when a negative is drawn twice;
 * - a session of more than 10,000 views is not cut.
 *
 * @param onEpoch called after each epoch with the number of epochs done.
 * @throws InputError when the corpus teaches nothing. @throws ConfigurationError when the vectors diverge.
 */
export async function trainWord2Vec(
  corpus: Word2VecCorpus,
  settings: Word2VecSettings,
  startThreads: StartThreads,
  onEpoch?: (epochsDone: number) => void,
): Promise<ProductVectors> {
  const vocabularySize = vocabularySizeOf(corpus, settings);
  const productIds = corpus.productIds.slice(0, vocabularySize);
  const memory = layOutTraining(corpus, vocabularySize, settings);

  const threads = await startThreads(memory.job);
  try {
    // Beside a calling thread that computes, a second call would wait until that has time to make it.
    const isAlone = onEpoch === undefined && memory.job.globals.length === 1;
    if (isAlone) await threads.call('trainAlone');
    else {
      await threads.call('initialise');
      for (let epoch = 0; epoch < settings.epochs; epoch++) {
        memory.nextSession[0] = 0;
        await threads.call('trainEpoch', epoch);
        onEpoch?.(epoch + 1);
      }
    }
  } finally {
    await threads.close();
  }

  const products: ProductVectors = {
    productIds,
    dimensions: settings.vector_size,
    vectors: memory.vectors(),
    contextVectors: memory.contextVectors(),
  };
  refuseDivergence(products, settings);
  return products;
}

function refuseDivergence(
  { productIds, dimensions, vectors, contextVectors }: ProductVectors,
  { alpha }: Word2VecSettings,
): void {
  const at = Math.max(firstNotFinite(vectors), firstNotFinite(contextVectors));
  if (at === -1) return;
  throw new ConfigurationError(
    `Word2Vec diverged: the vector of product "${productIds[Math.floor(at / dimensions)]}" is not finite any more. ` +
      `The learning rate alpha = ${alpha} is too high; 0.025 is usual, up to 0.1 is common.`,
  );
}

/** A `findIndex` takes several times as long. @returns −1 when all are. */
function firstNotFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}
