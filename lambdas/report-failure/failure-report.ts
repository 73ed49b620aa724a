import * as z from 'zod';
import { type ArtifactName, artifactKey, RUNS_PREFIX } from '../../engine/artifacts/artifact-keys.ts';
import { PIPELINE } from '../pipeline.ts';
import { messageOfCause } from '../shared/lambda-error.ts';

/** `failure.json`: which stage of a run failed, why, and what it was working on. */
export const failureReportSchema = z.object({
  runId: z.string(),
  stage: z.string(),
  /** The error's name, as Step Functions matches it. */
  error: z.string(),
  /** What the stage said; names what was found and the fix where Alike raised it. */
  cause: z.string(),
  /** Keys that the stage reads and writes: where to look. */
  reads: z.array(z.string()),
  writes: z.array(z.string()),
  /** ISO 8601, UTC. */
  failedAt: z.string(),
});
export type FailureReport = z.infer<typeof failureReportSchema>;

/** What a Catch leaves: the stage's name → the error as Step Functions describes it. */
export type CaughtFailure = Record<string, { Error?: string | undefined; Cause?: string | undefined }>;

export function buildFailureReport(runId: string, failure: CaughtFailure, failedAt: string): FailureReport {
  const [stageName, caught] = Object.entries(failure).at(-1) ?? ['unknown', {}];
  const stage = PIPELINE.find(({ name }) => name === stageName);
  const keyOf = (name: ArtifactName | 'raw' | 'current') => {
    if (name === 'raw') return 'the uploaded clickstream';
    return name === 'current' ? 'current.json' : artifactKey(runId, name);
  };
  return {
    runId,
    stage: stageName,
    error: caught.Error ?? 'unknown',
    cause: messageOfCause(caught.Cause),
    reads: stage?.reads.map(keyOf) ?? [`${RUNS_PREFIX}${runId}/`],
    writes: stage?.writes.map(keyOf) ?? [],
    failedAt,
  };
}
