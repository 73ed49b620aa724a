import * as z from 'zod';
import { storedSettingsSchema } from '../artifacts/training-request.ts';

const candidateSchema = z.object({
  /** `candidate-1`, `candidate-2`, … */
  id: z.string().min(1),
  settings: storedSettingsSchema,
});
export type Candidate = z.infer<typeof candidateSchema>;

const session = z.int().min(0);

/** What the experiments of a run are: `experiments/plan.json`. */
export const experimentPlanSchema = z.object({
  /** Sessions [firstSession, validationStart) train a candidate: all earlier ones, or the newest of a large shop. */
  firstSession: session,
  /** Sessions [firstMeasured, testStart) train the winner that is measured: likewise, of a larger number. */
  firstMeasured: session,
  /** Sessions [validationStart, testStart) choose between the candidates. */
  validationStart: session,
  /** Sessions from here on are scored for the report and touch nothing else. */
  testStart: session,
  /** The request's own settings come first. Empty: nothing is tried or measured. */
  candidates: z.array(candidateSchema),
  /** Candidates that the budget left no room for. */
  skippedCandidates: z.int().min(0),
  /** What the trainings were expected to take, in seconds of one thread. */
  estimatedSeconds: z.number(),
});
export type ExperimentPlan = z.infer<typeof experimentPlanSchema>;
