import type { TrainingSettings } from '../artifacts/training-request.ts';
import type { Sequences } from '../clicks/corpus.ts';

/** gensim's settings under gensim's names and with gensim's meaning; `direction` is our own, and gensim's is `both`. */
export type Word2VecSettings = Pick<
  TrainingSettings,
  | 'sg'
  | 'vector_size'
  | 'window'
  | 'shrink_windows'
  | 'direction'
  | 'negative'
  | 'ns_exponent'
  | 'sample'
  | 'epochs'
  | 'alpha'
  | 'min_alpha'
  | 'min_count'
  | 'cbow_mean'
  | 'workers'
  | 'seed'
>;

export interface Word2VecCorpus {
  /** As they are to be trained on: immediate repeats collapsed. */
  sessions: Sequences;
  /** (productCount) most viewed first. */
  productIds: readonly string[];
  /** (productCount) how popular each is, falling: `countVisits`. */
  viewCounts: Uint32Array;
}
