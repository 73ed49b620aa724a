import * as z from 'zod';
import { storedSettingsSchema } from '../artifacts/training-request.ts';

const candidateSchema = z.object({
  /** `candidate-1`, `candidate-2`, … */
  id: z.string().min(1),
  settings: storedSettingsSchema,
});
export type Candidate = z.infer<typeof candidateSchema>;

export const skippedCandidateSchema = z.object({
  settings: storedSettingsSchema,
  /** Of one thread. */
  estimatedSeconds: z.number(),
  reason: z.string(),
});
export type SkippedCandidate = z.infer<typeof skippedCandidateSchema>;

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
  /** Candidates whose training would take too long. */
  skippedCandidates: z.int().min(0),
  /** Which they are, the most promising first. Absent in files of release 0.1.0. */
  skipped: z.array(skippedCandidateSchema).optional(),
  /** What the trainings were expected to take together with all their epochs, in seconds of one thread. */
  estimatedSeconds: z.number(),
  /** The catalogue that products' attributes were taken from; absent where there was none. */
  catalogueVersion: z.string().optional(),
  /** Why nothing is tried or measured, in words; absent where something is, and in files of release 0.1.0. */
  notMeasured: z.string().optional(),
});
export type ExperimentPlan = z.infer<typeof experimentPlanSchema>;
