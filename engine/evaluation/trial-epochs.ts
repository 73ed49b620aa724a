import type { TrainingSettings } from '../artifacts/training-request.ts';
import type { Corpus } from '../clicks/corpus.ts';
import type { Candidate, ExperimentPlan } from './experiment-plan.ts';

/** Of a candidate's epochs. */
const LEAST_SHARE = 1 / 4;
/**
 * With fewer views a product, or in all, candidates are tried with all of their epochs. With 22 views a product a quarter of
 * them chose another candidate than all did; with 560 (the e-shop file) they agreed on the winner down to a seventh.
 */
const MOST_IN_FULL = { viewsAProduct: 100, views: 25_000 };

/**
 * The settings that a candidate is tried with: its own, with fewer epochs where products have many views, down to a quarter. Which
 * candidate is better then shows before a training ends (Li et al. 2018, Hyperband). The winner is trained with all of them.
 */
export function settingsToTry(
  { offsets, productIds }: Pick<Corpus, 'offsets' | 'productIds'>,
  { firstSession, validationStart }: Pick<ExperimentPlan, 'firstSession' | 'validationStart'>,
  { settings }: Candidate,
): TrainingSettings {
  const views = offsets[validationStart] - offsets[firstSession];
  const inFull = Math.max(MOST_IN_FULL.views, MOST_IN_FULL.viewsAProduct * productIds.length);
  const share = Math.min(1, Math.max(LEAST_SHARE, inFull / views));
  return { ...settings, epochs: Math.ceil(settings.epochs * share) };
}
