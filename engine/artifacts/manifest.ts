import * as z from 'zod';
import { stageRecordSchema } from './stage-record.ts';
import { storedRequestSchema, storedSettingsSchema } from './training-request.ts';

/** `manifest.json`: what a run was made from, how, and what came out. Written once, before the run can go live. */
export const manifestSchema = z.object({
  runId: z.string().min(1),
  /** The run's input objects with their hashes. */
  inputs: z.array(z.object({ name: z.string(), sizeBytes: z.number().min(0), sha256: z.string() })),
  request: storedRequestSchema,
  /** The preset with the request's own settings on top, complete. */
  settings: storedSettingsSchema,
  codeVersion: z.string(),
  /** Stage by stage; those before `publish`, which writes this. */
  stages: z.array(stageRecordSchema.pick({ stage: true, startedAt: true, durationMs: true, peakResidentMb: true })),
  /** All stages' counts. */
  counts: z.record(z.string(), z.number()),
  /** Artifact name → key in the store. */
  artifacts: z.record(z.string(), z.string()),
  lineage: z.object({
    /** The run that was live when this one was made; null for the first. */
    previous: z.string().nullable(),
    /** Start of the first and the last session, ISO 8601 in UTC; null when the clickstream has no time. */
    period: z.object({ from: z.string(), to: z.string() }).nullable(),
  }),
});
export type Manifest = z.infer<typeof manifestSchema>;
