import type { TrainingSettings } from '../artifacts/training-request.ts';
import type { Backtest } from './backtest.ts';
import type { LiveComparison } from './compare-with-live.ts';
import type { Trial } from './try-candidate.ts';

/** `experiments/evaluation.json`: what was tried, what won, and how good that is. */
export interface RunEvaluation {
  /**
   * The winner's, with which the run's model is trained on everything, in fewer epochs where that would take too long;
   * the request's own when nothing was tried.
   */
  settings: TrainingSettings;
  /** In the order of the plan. */
  trials: Trial[];
  /** The winner against the baselines on the sessions held out for the report; null when the request asked for none. */
  backtest: Backtest | null;
  /**
   * By feature: the blend of the run's own index, fitted on the newest sessions once they have been measured on. Null
   * where `backtest` is, or has none.
   */
  blendWeights: Record<string, number> | null;
  /** Null when nothing is live, or the live model has seen nearly all sessions that were held out. */
  comparison: LiveComparison | null;
}
