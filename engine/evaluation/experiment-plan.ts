import type { TrainingSettings } from '../artifacts/training-request.ts';

/** What the experiments of a run are: `experiments/plan.json`. */
export interface ExperimentPlan {
  /** Sessions [firstSession, validationStart) train a candidate: all earlier ones, or the newest of a large shop. */
  firstSession: number;
  /** Sessions [firstMeasured, testStart) train the winner that is measured: likewise, of a larger number. */
  firstMeasured: number;
  /** Sessions [validationStart, testStart) choose between the candidates. */
  validationStart: number;
  /** Sessions from here on are scored for the report and touch nothing else. */
  testStart: number;
  /** The request's own settings come first. Empty: nothing is tried or measured. */
  candidates: Candidate[];
  /** Candidates that the budget left no room for. */
  skippedCandidates: number;
  /** What the trainings were expected to take, in seconds of one thread. */
  estimatedSeconds: number;
}

export interface Candidate {
  /** `candidate-1`, `candidate-2`, … */
  id: string;
  settings: TrainingSettings;
}
