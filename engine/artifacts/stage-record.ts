import * as z from 'zod';

/** All that stages hand to each other through the state machine, whose payload limit is 256 KiB. */
const stageResultSchema = z.object({
  runId: z.string().min(1),
  /** Artifact name → key in the store. */
  keys: z.record(z.string(), z.string()),
  counts: z.record(z.string(), z.number()),
  /** What a later stage runs over, one invocation an item. */
  items: z.array(z.string()).optional(),
});
export type StageResult = z.infer<typeof stageResultSchema>;

/** What a finished stage leaves at `runs/<runId>/stages/<stage>.json`; the manifest is made of these. */
export const stageRecordSchema = z.object({
  stage: z.string().min(1),
  result: stageResultSchema,
  details: z.record(z.string(), z.unknown()).optional(),
  /** ISO 8601, UTC. */
  startedAt: z.string().min(1),
  durationMs: z.number().min(0),
  /** Highest resident memory of the process until the stage's end, MiB. */
  peakResidentMb: z.number().min(0),
  codeVersion: z.string(),
});
export type StageRecord = z.infer<typeof stageRecordSchema>;
