import { basename, dirname } from 'node:path';
import { mergeTrainingRequests, parseTrainingRequest } from '../../engine/artifacts/training-request.ts';
import { resolveConfig } from '../../infra/config.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { knownSettings } from '../deploy/deployment-settings.ts';
import { type CloudData, provideData, resumeTrainingInCloud, runTrainingInCloud } from './cloud-run.ts';
import { type Deployment, requireDeployment } from './deployment.ts';
import type { RunClock } from './execution-history.ts';
import type { RunEvents, RunSummary } from './local-run.ts';
import { type Screen, showRun } from './run-display.ts';
import type { StageOptions } from './stage-option.ts';
import { summarize, type TrainingSummary } from './train-locally.ts';
import type { UploadedFile } from './upload-files.ts';

/**
 * Trains in a deployment, and shows the stages as they go by there.
 *
 * @param typed what the deployment's own request does not say, or says otherwise; a `source` that is a file of this
 * machine is uploaded. @param add the file to what every run reads, rather than train on it alone.
 * @throws UsageError, InputError or ConfigurationError before anything is uploaded.
 */
export async function trainInCloud(
  typed: Record<string, unknown>,
  { stage, region, add }: StageOptions & { stage: string; add: boolean },
  screen: Screen,
): Promise<TrainingSummary> {
  const deployment = await requireDeployment(stage, { region });
  const { trainingDefaults } = resolveConfig(knownSettings(deployment.settings ?? {}));
  parseTrainingRequest(mergeTrainingRequests(trainingDefaults, typed));
  const { source, ...request } = typed;
  const data = await provideData(deployment, [source ?? []].flat() as string[], add);
  screen.write(`${describeData(data, deployment.bucket)}\n`);

  const input =
    data.alone === undefined ? request : { ...request, source: data.alone.length === 1 ? data.alone[0] : data.alone };
  return showAndSummarize(deployment, screen, (events, clock) =>
    runTrainingInCloud(deployment, input, events, clock, (runId) => {
      screen.write(
        `Run ${runId} has begun meanwhile, and two never work at once: this one starts when it has ended.\n`,
      );
    }),
  );
}

/**
 * Goes on with a run of a deployment that failed, and shows its stages.
 *
 * @throws NotFoundError when there is no such run.
 */
export async function resumeInCloud(
  runId: string,
  { stage, region }: StageOptions & { stage: string },
  screen: Screen,
): Promise<TrainingSummary> {
  const deployment = await requireDeployment(stage, { region });
  return showAndSummarize(deployment, screen, (events, clock) =>
    resumeTrainingInCloud(deployment, runId, events, clock),
  );
}

async function showAndSummarize(
  { bucket }: Deployment,
  screen: Screen,
  train: (events: RunEvents, clock: RunClock) => Promise<{ run: RunSummary; seconds: number }>,
): Promise<TrainingSummary> {
  const clock = { nowMs: 0 };
  const display = showRun(screen, () => clock.nowMs);
  try {
    const { run, seconds } = await train(display.events, clock);
    const workspace = `s3://${bucket}`;
    return await summarize(run, await openArtifactStore(workspace), workspace, { seconds, stages: display.seconds });
  } finally {
    display.close();
  }
}

/** What the run reads, and a line for each file that is not kept as its name alone says. */
export function describeData({ uploads, alone }: CloudData, bucket: string): string {
  return [describeSources({ uploads, alone }, bucket), ...uploads.flatMap((file) => noteOf(file, bucket))].join('\n');
}

function describeSources({ uploads, alone }: CloudData, bucket: string): string {
  const all = `all of s3://${bucket}/raw/`;
  const keys = [...new Set(uploads.map(({ key }) => key))].join(', ');
  if (alone === undefined) {
    if (uploads.length === 0) return `Training on ${all}.`;
    const isAdded = uploads.some(({ isNew }) => isNew);
    return `${isAdded ? 'Added' : 'Nothing to add: there is'} ${keys}, which every later run reads too; training on ${all}.`;
  }
  if (uploads.length === 0) return `Training on ${alone.join(', ')} alone.`;
  return `Training on ${alone.map((key) => basename(key)).join(', ')} alone: it is kept as ${keys}, which no later run reads. --add would add it to what every run reads.`;
}

function noteOf({ path, key, isNew, taken }: UploadedFile, bucket: string): string[] {
  if (!isNew) return [`${path} was uploaded before: ${key} holds the same bytes.`];
  if (taken === undefined) return [];
  const both = `${path} is kept as ${key}: ${taken} holds other bytes and stays.`;
  const isAdded = dirname(taken) === 'raw';
  return [isAdded ? `${both} Runs read both; to take one away: aws s3 rm s3://${bucket}/KEY` : both];
}
