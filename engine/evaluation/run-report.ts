import * as z from 'zod';
import { STRATEGIES } from '../serving-index/strategy.ts';
import { runEvaluationSchema } from './run-evaluation.ts';

/** Whether a run goes live. */
const verdictSchema = z.object({
  promoted: z.boolean(),
  /** `unchanged`: there was nothing new to train on. Absent in files of release 0.1.0, which knew the other two. */
  outcome: z.enum(['promoted', 'refused', 'unchanged']).optional(),
  /** It went live although checks failed, since the request asked for that. */
  forced: z.literal(true).optional(),
  /** One sentence for a person. */
  reason: z.string(),
  checks: z.array(z.object({ name: z.string(), passed: z.boolean(), finding: z.string() })),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** `report.json`: how good the run is and whether it went live. */
export const runReportSchema = z.object({
  runId: z.string().min(1),
  defaultStrategy: z.enum(STRATEGIES),
  /** K-Means figures of `clustering_model`. */
  clustering: z.object({
    clusters: z.number(),
    inertia: z.number(),
    silhouette: z.number().nullable(),
    sizes: z.array(z.number()),
  }),
  /** What was tried, what won, and how good that is on sessions held out for it. */
  evaluation: runEvaluationSchema,
  /** What measuring took beside the training itself; US dollars of Lambda, estimated from the seconds. */
  cost: z.object({
    trainingSeconds: z.number(),
    backtestSeconds: z.number(),
    trainingUsd: z.number(),
    backtestUsd: z.number(),
  }),
  verdict: verdictSchema,
  /** What the shop should know about its clicks, a sentence each. Absent in files of release 0.1.0. */
  notes: z.array(z.string()).optional(),
});
export type RunReport = z.infer<typeof runReportSchema>;

/** `unchanged.json`: of a run that ended before training, since nothing was new. */
export const unchangedRunSchema = z.object({
  runId: z.string().min(1),
  verdict: verdictSchema,
  /** As in `report.json`. */
  notes: z.array(z.string()).optional(),
});
export type UnchangedRun = z.infer<typeof unchangedRunSchema>;

/** Release 0.1.0 wrote no outcome. */
export function outcomeOf({ outcome, promoted }: Verdict): NonNullable<Verdict['outcome']> {
  return outcome ?? (promoted ? 'promoted' : 'refused');
}
