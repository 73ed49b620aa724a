import { ConfigurationError } from '../shared/errors.ts';
import type { ProductVectors } from '../shared/product-vectors.ts';
import { type Random, seededRandom } from '../shared/random.ts';
import { drawFrom, negativeSamplingTable } from './alias-table.ts';
import type { Word2VecCorpus, Word2VecSettings } from './settings.ts';
import { cbowStep, createScratch, skipGramStep, type Word2VecModel } from './step.ts';
import { keepThresholds, vocabularySizeOf } from './vocabulary.ts';

/**
 * Learns a vector for each product with Word2Vec: CBOW or skip-gram, with negative sampling. The same corpus, settings
 * and seed give the same bytes.
 *
 * Where it departs from gensim, besides `step.ts`: the learning rate falls after each session by the views done, where
 * gensim lowers it every 10,000 words; and a session of more than 10,000 views is not cut.
 *
 * @param onEpoch called after each epoch with the number of epochs done.
 * @throws InputError when the corpus teaches nothing. @throws ConfigurationError when the vectors diverge.
 */
export function trainWord2Vec(
  corpus: Word2VecCorpus,
  settings: Word2VecSettings,
  onEpoch?: (epochsDone: number) => void,
): ProductVectors {
  const vocabularySize = vocabularySizeOf(corpus, settings);
  const productIds = corpus.productIds.slice(0, vocabularySize);
  const random = seededRandom(settings.seed);
  const model = initialModel(vocabularySize, settings.vector_size, random);
  const trainSession = sessionTrainer(model, corpus.viewCounts.subarray(0, vocabularySize), settings, random);

  const { offsets, views } = corpus.sessions;
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    for (let session = 0; session + 1 < offsets.length; session++) {
      const progress = (epoch + offsets[session] / views.length) / settings.epochs;
      trainSession(views.subarray(offsets[session], offsets[session + 1]), learningRateAt(progress, settings));
    }
    refuseDivergence(model, productIds, epoch + 1, settings);
    onEpoch?.(epoch + 1);
  }
  return { productIds, ...model };
}

/** gensim's start: input vectors uniform in [−1, 1) / dimensions, output vectors zero. */
function initialModel(vocabularySize: number, dimensions: number, random: Random): Word2VecModel {
  return {
    dimensions,
    vectors: new Float32Array(vocabularySize * dimensions).map(() => (random() * 2 - 1) / dimensions),
    contextVectors: new Float32Array(vocabularySize * dimensions),
  };
}

function learningRateAt(progress: number, { alpha, min_alpha }: Word2VecSettings): number {
  return Math.max(min_alpha, alpha - (alpha - min_alpha) * progress);
}

function sessionTrainer(model: Word2VecModel, viewCounts: Uint32Array, settings: Word2VecSettings, random: Random) {
  const { sg, window, shrink_windows, negative, ns_exponent, sample, cbow_mean } = settings;
  const thresholds = keepThresholds(viewCounts, sample);
  const negatives = negativeSamplingTable(viewCounts, ns_exponent);
  const scratch = createScratch(model.dimensions, negative);
  let kept = new Uint32Array(1024);

  const drawTargets = (centre: number) => {
    scratch.targets[0] = centre;
    for (let n = 1; n <= negative; n++) scratch.targets[n] = drawFrom(negatives, random() * 2 ** 32);
  };

  return (session: Uint32Array, learningRate: number) => {
    if (session.length > kept.length) kept = new Uint32Array(session.length);
    let length = 0;
    for (const product of session) {
      if (product >= viewCounts.length) continue;
      if (sample > 0 && random() * 2 ** 32 > thresholds[product]) continue;
      kept[length++] = product;
    }
    for (let centre = 0; centre < length; centre++) {
      const reach = shrink_windows ? 1 + Math.floor(random() * window) : window;
      const from = Math.max(0, centre - reach);
      const to = Math.min(length, centre + reach + 1);
      if (to - from < 2) continue;
      if (sg === 1) {
        for (let context = from; context < to; context++) {
          if (context === centre) continue;
          drawTargets(kept[centre]);
          skipGramStep(model, kept[context], learningRate, scratch);
        }
      } else {
        drawTargets(kept[centre]);
        cbowStep(model, kept, from, to, centre, cbow_mean, learningRate, scratch);
      }
    }
  };
}

function refuseDivergence(
  { dimensions, vectors, contextVectors }: Word2VecModel,
  productIds: readonly string[],
  epoch: number,
  { alpha }: Word2VecSettings,
): void {
  const notFinite = (value: number) => !Number.isFinite(value);
  const at = Math.max(vectors.findIndex(notFinite), contextVectors.findIndex(notFinite));
  if (at === -1) return;
  throw new ConfigurationError(
    `Word2Vec diverged in epoch ${epoch}: the vector of product "${productIds[Math.floor(at / dimensions)]}" is not ` +
      `finite any more. The learning rate alpha = ${alpha} is too high; 0.025 is usual, up to 0.1 is common.`,
  );
}
