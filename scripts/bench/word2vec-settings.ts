import type { Word2VecSettings } from '../../engine/word2vec/settings.ts';

const NAMES = [
  'sg',
  'vector_size',
  'window',
  'shrink_windows',
  'direction',
  'negative',
  'ns_exponent',
  'sample',
  'epochs',
  'alpha',
  'min_alpha',
  'min_count',
  'cbow_mean',
  'workers',
  'seed',
] as const satisfies (keyof Word2VecSettings)[];

/** Word2Vec's part of a run's settings: gensim refuses what it does not know. */
export function word2VecSettings(settings: Word2VecSettings): Word2VecSettings {
  return Object.fromEntries(NAMES.map((name) => [name, settings[name]])) as unknown as Word2VecSettings;
}
