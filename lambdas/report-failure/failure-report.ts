import * as z from 'zod';
import { artifactKey, CURRENT_KEY, QUARANTINE_PREFIX, RUNS_PREFIX } from '../../engine/artifacts/artifact-keys.ts';
import { CATALOGUE_CURRENT_KEY, catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import { PIPELINE, type Stage } from '../pipeline.ts';
import { messageOfCause } from '../shared/lambda-error.ts';
import { STOPPED } from '../shared/runs/stopped.ts';

/** `failure.json`: which stage of a run failed, why, and what it was working on. */
export const failureReportSchema = z.object({
  runId: z.string(),
  stage: z.string(),
  /** The error's name, as Step Functions matches it. */
  error: z.string(),
  /** What the stage said; names what was found and the fix where Alike raised it. */
  cause: z.string(),
  /** What to do. Reports of release 0.1 have none. */
  fix: z.string().optional(),
  /** Keys that the stage reads and writes: where to look. */
  reads: z.array(z.string()),
  writes: z.array(z.string()),
  /** ISO 8601, UTC. */
  failedAt: z.string(),
});
export type FailureReport = z.infer<typeof failureReportSchema>;

/** What a Catch leaves: the stage's name → the error as Step Functions describes it. */
export type CaughtFailure = Record<string, { Error?: string | undefined; Cause?: string | undefined }>;

/** @param where options of the workspace that the run is in; none of a deployment's. */
export function buildFailureReport(
  runId: string,
  failure: CaughtFailure,
  failedAt: string,
  where: string = '',
): FailureReport {
  const [stageName, caught] = Object.entries(failure).at(-1) ?? ['unknown', {}];
  const position = PIPELINE.findIndex(({ name }) => name === stageName);
  const stage = PIPELINE[position];
  const written = new Set<string>(PIPELINE.slice(0, Math.max(0, position)).flatMap(({ writes }) => writes));
  const readKeyOf = (name: Stage['reads'][number]) => {
    if (name === 'raw') return 'the uploaded clickstream';
    if (name === 'current') return CURRENT_KEY;
    if (name === 'current-catalogue') return CATALOGUE_CURRENT_KEY;
    if (name === 'catalogue') return catalogueKey('<live catalogue>', 'catalogue');
    // What no earlier stage of this run wrote is the live run's.
    return artifactKey(written.has(name) ? runId : '<live run>', name);
  };
  const writtenKeyOf = (name: Stage['writes'][number]) => {
    if (name === 'marks') return QUARANTINE_PREFIX;
    return name === 'current' ? CURRENT_KEY : artifactKey(runId, name);
  };
  return {
    runId,
    stage: stageName,
    error: caught.Error ?? 'unknown',
    cause: messageOfCause(caught.Cause),
    fix: fixOf(caught.Error, resumeCommand(runId, where)),
    reads: stage?.reads.map(readKeyOf) ?? [`${RUNS_PREFIX}${runId}/`],
    writes: stage?.writes.map(writtenKeyOf) ?? [],
    failedAt,
  };
}

/** @param where options of the workspace or the deployment that the run is in. */
export function resumeCommand(runId: string, where: string): string {
  return `npm run train -- --resume ${runId}${where}`;
}

/** What a person does about a failed run. @param error its name, as Step Functions has it. @param resume a command. */
export function fixOf(error: string | undefined, resume: string): string {
  switch (error) {
    case 'InputError':
      return 'Upload corrected data, or take the file that the cause names away from raw/: the next run reads all of raw/ anew. If the columns are others than the deployment says, change its settings (npm run deploy -- --set …).';
    case 'ConfigurationError':
      return 'Change the setting that the cause names (npm run deploy -- --set …), then train again (npm run train -- --stage …).';
    case 'ArtifactError':
      return 'An artifact of the run is missing or torn: train again (npm run train -- --stage …).';
    case STOPPED:
      return `Go on with it (${resume}), or train again; nothing of what was live has changed.`;
    case 'States.Timeout':
    case 'Sandbox.Timedout':
    case 'Runtime.OutOfMemory':
    case 'Runtime.ExitError':
      return 'The stage ran out of time or memory: give it more (npm run deploy -- --set trainingMemoryMb=10240), or train on less data.';
    default:
      return 'Redrive the execution, which resumes at this stage (aws stepfunctions redrive-execution); if it fails again, read the log of the function that the stage names.';
  }
}
