import { crc32 } from 'node:zlib';
import * as z from 'zod';

/** The execution that a function works for, as the state machine passes it on. */
export const executionSchema = z.object({
  id: z.string().min(1),
  startedAt: z.string().min(1),
  /** Of a run that another execution began: only a local run is resumed so, in the cloud the execution itself is redriven. */
  runId: z.string().min(1).optional(),
});

/**
 * A run's id: sortable by start time, unique by execution, and the same for every retry and redrive of an execution.
 * `20261123T161500123Z-9f3a02c1`: the execution's start in UTC to the millisecond, then the CRC-32 of its id.
 *
 * @param startedAt ISO 8601, as Step Functions gives it in `$$.Execution.StartTime`.
 */
export function runIdOf(execution: z.infer<typeof executionSchema>): string {
  if (execution.runId !== undefined) return execution.runId;
  const compactTime = new Date(execution.startedAt).toISOString().replaceAll(/[-:.]/g, '');
  return `${compactTime}-${crc32(execution.id).toString(16).padStart(8, '0')}`;
}

/** When the run's execution started, in milliseconds since the epoch: a clock that stands still for a run. */
export function runStartMs(runId: string): number {
  return Date.parse(runId.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-.*$/, '$1-$2-$3T$4:$5:$6.$7Z'));
}
