import * as z from 'zod';
import { storedSettingsSchema } from '../artifacts/training-request.ts';
import { STRATEGIES } from '../serving-index/strategy.ts';
import { attributeEvaluationSchema } from './attribute-evaluation.ts';
import { skippedCandidateSchema } from './experiment-plan.ts';
import { evaluationSchema, gainsSchema } from './figures.ts';
import { fittedRerankerSchema } from './fit-reranker.ts';
import { fittedSessionKnnSchema } from './fit-session-knn.ts';

/** `experiments/candidate-*.json`: how one candidate's vectors did on the validation sessions. */
export const trialSchema = z.object({
  candidate: z.string(),
  settings: storedSettingsSchema,
  /** That it was tried with: fewer than those of the settings where products have many views. Absent in files of older releases. */
  epochs: z.number().optional(),
  evaluation: evaluationSchema,
  /** Of training and scoring. */
  seconds: z.number(),
});
export type Trial = z.infer<typeof trialSchema>;

const backtestSchema = z
  .object({
    /** Trained on and asked about; of a cross-validation, trained on in each fold and asked about in all of them. */
    sessions: z.object({ earlier: z.number(), heldOut: z.number() }),
    /** Of a cross-validation over sessions; absent where the newest sessions were held out. */
    folds: z.int().min(2).optional(),
    /** What was asked, where it was not the next view; absent otherwise. */
    question: z.enum(['purchase']).optional(),
    /** Of every strategy, and of what else is worth a comparison, by name. */
    evaluations: z.record(z.string(), evaluationSchema),
    /** Why a strategy is not among them; absent when all are. */
    unmeasured: z.record(z.string(), z.string()).optional(),
    /** By feature; null when the shop has too few sessions to fit them: the unfitted weights were used. */
    blendWeights: z.record(z.string(), z.number()).nullable(),
    /**
     * By which figures `best` and `leads` are judged: those of lists without viewed products. Absent in files of release
     * 0.1.0, which judged by lists that may hold them.
     */
    judgedBy: z.literal('asServed').optional(),
    /** The strategy with the highest HR@20 + MRR@20 on the held-out sessions. */
    best: z.enum(STRATEGIES),
    /** How much better the best strategy is than each other on the same questions. */
    leads: z.record(z.string(), gainsSchema),
  })
  .refine(({ best, evaluations }) => Object.hasOwn(evaluations, best), {
    error: 'the best strategy was not evaluated',
  });
export type Backtest = z.infer<typeof backtestSchema>;

const figuresSchema = gainsSchema.pick({ 'HR@20': true, 'MRR@20': true });

/** This run's model, trained on the earlier sessions, against the live one on held-out sessions that neither has seen. */
const liveComparisonSchema = z.object({
  /** The run that was live. */
  runId: z.string(),
  sessions: z.number(),
  positions: z.number(),
  /** Ours − theirs as served, each answering with its own default strategy, about products that both know. */
  difference: gainsSchema,
  /** Share of the views in the sessions whose product the live model knows. Absent in files of release 0.1.0. */
  familiarShare: z.number().optional(),
  /** How well the live model answered as served. Absent in files of release 0.1.0. */
  theirs: figuresSchema.optional(),
});
export type LiveComparison = z.infer<typeof liveComparisonSchema>;

/** This run's measured model on the sessions that the live one was measured on: see `reference-sessions.ts`. */
const referenceComparisonSchema = z.object({
  /** The run that was live. */
  runId: z.string(),
  sessions: z.number(),
  /** Questions about products that both know. */
  positions: z.number(),
  /** Share of the questions, weighted as they are asked, whose product we know. */
  knownShare: z.number(),
  /** As served. */
  ours: figuresSchema,
  theirs: figuresSchema,
  /** Ours − theirs. */
  difference: figuresSchema,
});
export type ReferenceComparison = z.infer<typeof referenceComparisonSchema>;

/** `experiments/evaluation.json`: what was tried, what won, and how good that is. */
export const runEvaluationSchema = z.object({
  /**
   * The winner's, with which the run's model is trained on everything, in fewer epochs where that would take too long;
   * the request's own when nothing was tried.
   */
  settings: storedSettingsSchema,
  /** In the order of the plan. */
  trials: z.array(trialSchema),
  /** The winner against the baselines on the sessions held out for the report; null when the request asked for none. */
  backtest: backtestSchema.nullable(),
  /**
   * By feature: the blend of the run's own index, fitted on the newest sessions once they have been measured on. Null
   * where `backtest` is, or has none.
   */
  blendWeights: z.record(z.string(), z.number()).nullable(),
  /** Null when nothing is live, or the live model has seen nearly all sessions that were held out. */
  comparison: liveComparisonSchema.nullable(),
  /** Null when nothing is live, or the live run was not measured. Absent in files of release 0.1.0. */
  reference: referenceComparisonSchema.nullable().optional(),
  /** Why there is no comparison with the live model on new sessions, or why nothing was measured; absent when there is no reason. */
  notCompared: z.string().optional(),
  notMeasured: z.string().optional(),
  /** How session-kNN was fitted to the shop; absent where there were too few sessions, and in files of release 0.1.0. */
  sessionKnn: fittedSessionKnnSchema.optional(),
  /** The network that corrects the blend of the run's own index; absent where none gained anything, and in files of older releases. */
  reranker: fittedRerankerSchema.optional(),
  /** Only of a run that had a catalogue. Absent in files of release 0.1.0. */
  attributes: attributeEvaluationSchema.optional(),
  /** Candidates of the plan that were not tried, and why. Absent in files of release 0.1.0. */
  skipped: z.array(skippedCandidateSchema).optional(),
});
export type RunEvaluation = z.infer<typeof runEvaluationSchema>;
