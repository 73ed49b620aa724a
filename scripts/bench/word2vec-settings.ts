import type { Word2VecSettings } from '../../lambdas/embed/settings.ts';
import type { TrainingSettings } from '../../lambdas/shared/training-request.ts';

/** Word2Vec's part of a run's settings, without K-Means's, which gensim would refuse. */
export function word2VecSettings(settings: TrainingSettings): Word2VecSettings {
  const { k, max_iter, tol, max_rejected_share, ...word2vec } = settings;
  return word2vec;
}
