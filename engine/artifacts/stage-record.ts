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

/** What stands in the store, as it was written. */
const writtenObjectSchema = z.object({ sha256: z.string().length(64), sizeBytes: z.int().min(0) });
export type WrittenObject = z.infer<typeof writtenObjectSchema>;

/** What a finished stage leaves at `runs/<runId>/stages/<stage>.json`; the manifest is made of these. */
export const stageRecordSchema = z.object({
  stage: z.string().min(1),
  result: stageResultSchema,
  /** Key → what the stage wrote there, so that who reads it can tell. Absent in files of release 0.1.0. */
  written: z.record(z.string(), writtenObjectSchema).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  /** ISO 8601, UTC. */
  startedAt: z.string().min(1),
  durationMs: z.number().min(0),
  /** Highest resident memory of the process until the stage's end, MiB. */
  peakResidentMb: z.number().min(0),
  codeVersion: z.string(),
});
export type StageRecord = z.infer<typeof stageRecordSchema>;
