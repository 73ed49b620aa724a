import type { Random } from '../../../../engine/numeric/random.ts';
import { aliasTable, drawFrom, negativeWeights } from '../../../../engine/word2vec/alias-table.ts';
import type { ProductVectors } from '../../../../engine/word2vec/product-vectors.ts';
import type { Word2VecCorpus, Word2VecSettings } from '../../../../engine/word2vec/settings.ts';
import { keepThresholds, vocabularySizeOf } from '../../../../engine/word2vec/vocabulary.ts';
import { pcg32Random } from './pcg32.ts';
import { cbowStep, createScratch, skipGramStep, type Word2VecModel } from './step.ts';

/** The oracle of `engine/word2vec/word2vec.ts` on one thread: the same random streams, in plain TypeScript. */
export function trainReference(corpus: Word2VecCorpus, settings: Word2VecSettings): ProductVectors {
  const vocabularySize = vocabularySizeOf(corpus, settings);
  const model = initialModel(vocabularySize, settings.vector_size, pcg32Random(settings.seed, INITIAL_STREAM));
  const random = pcg32Random(settings.seed, 0);
  const trainSession = sessionTrainer(model, corpus.viewCounts.subarray(0, vocabularySize), settings, random);

  const { offsets, views } = corpus.sessions;
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    for (let session = 0; session + 1 < offsets.length; session++) {
      const rateFellAt = Math.floor(offsets[session] / VIEWS_PER_RATE) * VIEWS_PER_RATE;
      const progress = (epoch + rateFellAt / views.length) / settings.epochs;
      trainSession(views.subarray(offsets[session], offsets[session + 1]), learningRateAt(progress, settings));
    }
  }
  return { productIds: corpus.productIds.slice(0, vocabularySize), ...model };
}

const VIEWS_PER_RATE = 10_000;
const NEGATIVES_PER_BATCH = 512;
const INITIAL_STREAM = 0xffff_ffff;

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
  const { sg, window, shrink_windows, direction, negative, ns_exponent, sample, cbow_mean } = settings;
  const thresholds = keepThresholds(viewCounts, sample);
  const negatives = aliasTable(negativeWeights(viewCounts, ns_exponent));
  const scratch = createScratch(model.dimensions, negative);
  let kept = new Uint32Array(1024);

  const batch = new Uint32Array(NEGATIVES_PER_BATCH);
  let used = 0;
  const nextNegative = () => {
    const at = used % NEGATIVES_PER_BATCH;
    if (used % (2 * NEGATIVES_PER_BATCH) === 0) {
      for (let n = 0; n < batch.length; n++) batch[n] = drawFrom(negatives, random() * 2 ** 32);
    }
    used++;
    return batch[at];
  };
  const drawTargets = (centre: number) => {
    scratch.targets[0] = centre;
    for (let n = 1; n <= negative; n++) scratch.targets[n] = nextNegative();
  };

  return (session: Uint32Array, learningRate: number) => {
    if (session.length > kept.length) kept = new Uint32Array(session.length);
    let length = 0;
    for (const product of session) {
      if (product >= viewCounts.length) continue;
      if (thresholds[product] < 0xffff_ffff && random() * 2 ** 32 > thresholds[product]) continue;
      kept[length++] = product;
    }
    if (length < 2) return;
    for (let centre = 0; centre < length; centre++) {
      const reach = shrink_windows ? 1 + Math.floor(random() * window) : window;
      const from = Math.max(0, centre - reach);
      const to = direction === 'forward' ? centre : Math.min(length, centre + reach + 1);
      drawTargets(kept[centre]);
      if (sg === 1) {
        for (let context = from; context < to; context++) {
          if (context !== centre) skipGramStep(model, kept[context], learningRate, scratch);
        }
      } else if (from < to) {
        cbowStep(model, kept, from, to, centre, cbow_mean, learningRate, scratch);
      }
    }
  };
}
