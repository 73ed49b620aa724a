import { InputError } from '../errors.ts';
import type { Word2VecCorpus, Word2VecSettings } from './settings.ts';

/**
 * The products that get a vector: a prefix of the corpus's products, since those are numbered by falling view count.
 *
 * @throws InputError when nothing can be learned: no product reaches `min_count`, or no session holds two that do.
 */
export function vocabularySizeOf({ sessions, viewCounts }: Word2VecCorpus, { min_count }: Word2VecSettings): number {
  const firstRare = viewCounts.findIndex((count) => count < min_count);
  const vocabularySize = firstRare === -1 ? viewCounts.length : firstRare;
  if (vocabularySize === 0) {
    throw new InputError(
      `Word2Vec has no product to learn: none of ${viewCounts.length} has min_count = ${min_count} views, ` +
        `the most viewed has ${viewCounts[0] ?? 0}. Lower min_count or give more clicks.`,
    );
  }
  if (!hasPair(sessions.offsets, sessions.views, vocabularySize)) {
    throw new InputError(
      `Word2Vec has nothing to learn from: none of ${sessions.offsets.length - 1} sessions has two views of products ` +
        `with min_count = ${min_count} views or more. ${adviceOnNoPair(viewCounts.length, min_count)}`,
    );
  }
  return vocabularySize;
}

function adviceOnNoPair(products: number, minCount: number): string {
  if (products === 1) return 'All views are of one product: check that the product column is the right one.';
  return `${minCount > 1 ? 'Lower min_count, or check' : 'Check'} that the session column is the right one.`;
}

/**
 * The chance of each view to be kept when frequent products are sub-sampled, as a threshold for a uniform 32-bit
 * integer r: the view is kept when r ≤ threshold.
 *
 *     P(keep w) = (√(f / sample) + 1) · sample / f,   f = the product's share of all views
 *
 * This is word2vec.c's and gensim's formula, not that of Mikolov et al. 2013 (eq. 5).
 *
 * @returns (vocabularySize); 2³² − 1 keeps every view.
 */
export function keepThresholds(viewCounts: Uint32Array, sample: number): Uint32Array {
  const thresholds = new Uint32Array(viewCounts.length).fill(0xffff_ffff);
  if (sample === 0) return thresholds;
  const total = viewCounts.reduce((sum, count) => sum + count, 0);
  for (let product = 0; product < viewCounts.length; product++) {
    const ratio = (sample * total) / viewCounts[product];
    const probability = Math.sqrt(1 / ratio) * ratio + ratio;
    if (probability < 1) thresholds[product] = Math.floor(probability * 0xffff_ffff);
  }
  return thresholds;
}

function hasPair(offsets: Uint32Array, views: Uint32Array, vocabularySize: number): boolean {
  for (let session = 0; session + 1 < offsets.length; session++) {
    let known = 0;
    for (let i = offsets[session]; i < offsets[session + 1]; i++) {
      if (views[i] < vocabularySize && ++known === 2) return true;
    }
  }
  return false;
}
