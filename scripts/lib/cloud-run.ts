import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  type StartExecutionCommandOutput,
} from '@aws-sdk/client-sfn';
import { ConfigurationError, NotFoundError, RunFailedError } from '../../engine/errors.ts';
import { runIdOf } from '../../lambdas/shared/runs/run-id.ts';
import { newS3Client } from '../../lambdas/shared/store/s3-client.ts';
import { nameAfter, UPLOAD_STEP_SECONDS } from '../../lambdas/start-training/start-due-run.ts';
import { isData } from '../../lambdas/start-training/trigger.ts';
import type { Deployment } from './deployment.ts';
import { ExecutionHistory, type RunClock } from './execution-history.ts';
import type { RunEvents, RunSummary } from './local-run.ts';
import { readFiles, type UploadedFile, uploadFiles } from './upload-files.ts';
import { UsageError } from './usage-error.ts';

const POLL_INTERVAL_MS = 1_000;

const UPLOADS = 'raw/';
/** Names that begin with an underscore are no data to a run over a folder: see `lambdas/ingest/source-objects.ts`. */
const ALONE_UPLOADS = `${UPLOADS}_alone/`;

export interface CloudData {
  /** The files of this machine that the run reads. */
  uploads: UploadedFile[];
  /** The run reads these and nothing else; undefined: it reads all uploads. */
  alone: string[] | undefined;
}

/**
 * Uploads files of this machine (`file://…`); any other source stays where it is. All are looked at before one is
 * uploaded, and nothing that is there is replaced.
 *
 * @param add to what every run reads, rather than beside it. @throws InputError when one is no file, or cannot be read.
 * @throws ConfigurationError when a run is under way. @throws UsageError when something that is no file is to be added.
 */
export async function provideData(
  deployment: Deployment,
  sources: readonly string[],
  add: boolean,
): Promise<CloudData> {
  const { bucket } = deployment;
  const isLocal = (source: string) => source.startsWith('file:');
  if (add && !(sources.length > 0 && sources.every(isLocal))) {
    throw new UsageError('--add uploads a file of this machine: give it with --data FILE.');
  }
  const paths = sources.filter(isLocal).map((source) => fileURLToPath(source));
  const hidden = add ? paths.find((path) => !isData(`${UPLOADS}${basename(path)}`)) : undefined;
  if (hidden !== undefined) {
    throw new UsageError(`No run would read ${hidden}: names that begin with _ or . are no data. Rename it.`);
  }
  const files = await readFiles(
    paths,
    (path) => `upload it and train on all uploads: aws s3 cp --recursive ${path} s3://${bucket}/${UPLOADS}`,
  );
  await refuseSecondRun(deployment);
  const uploads = await uploadFiles(newS3Client(), bucket, add ? UPLOADS : ALONE_UPLOADS, files);
  if (add && uploads.some(({ isNew }) => isNew)) await untilUploadsAreOlder();
  if (add || sources.length === 0) return { uploads, alone: undefined };
  const elsewhere = sources.filter((source) => !isLocal(source));
  return { uploads, alone: [...new Set([...elsewhere, ...uploads.map(({ key }) => key)])] };
}

/** A run that starts now has read what was uploaded under `raw/`, and `lambdas/start-training` knows it: no other follows. */
export function untilUploadsAreOlder(): Promise<void> {
  return sleep((UPLOAD_STEP_SECONDS + 1) * 1_000);
}

/**
 * Starts the deployed state machine and follows it until it ends. A run under way is waited for: {@link provideData} refused
 * any before it, so an upload has started this one, and it may have begun too early to read all of them.
 *
 * @param input of the execution: what the deployment's own request does not say, or says otherwise.
 * @param tellWaiting called once with the run that is waited for.
 * @returns its seconds from start to end, as the service has them.
 * @throws RunFailedError naming the stage and the cause.
 */
export async function runTrainingInCloud(
  { stateMachineArn }: Deployment,
  input: Record<string, unknown>,
  events: RunEvents,
  clock: RunClock,
  tellWaiting: (runId: string) => void,
): Promise<{ run: RunSummary; seconds: number }> {
  const stepFunctions = new SFNClient({});
  const { executionArn, startDate } = await startWhenIdle(stepFunctions, stateMachineArn, input, tellWaiting);
  clock.nowMs = startDate!.getTime();
  const results = await follow(stepFunctions, executionArn!, new ExecutionHistory(events, clock));
  const seconds = (clock.nowMs - startDate!.getTime()) / 1000;
  return { run: { runId: Object.values(results)[0].runId, results }, seconds };
}

async function startWhenIdle(
  stepFunctions: SFNClient,
  stateMachineArn: string,
  input: Record<string, unknown>,
  tellWaiting: (runId: string) => void,
): Promise<StartExecutionCommandOutput> {
  for (let told = false; ; await sleep(POLL_INTERVAL_MS)) {
    const other = await findRunUnderWay({ stateMachineArn });
    if (other !== undefined) {
      if (!told) tellWaiting(other.runId);
      told = true;
      continue;
    }
    const { executions } = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1 }));
    const name = nameAfter(executions?.[0]?.executionArn);
    try {
      return await stepFunctions.send(
        new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
      );
    } catch (error) {
      // A trigger was faster: its run is waited for.
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }
}

/**
 * Redrives the execution of a run that failed, and follows it until it ends: it goes on at the first stage that did not
 * finish.
 *
 * @throws NotFoundError when no execution was this run. @throws ConfigurationError when a run is under way.
 */
export async function resumeTrainingInCloud(
  { stackName, stateMachineArn }: Deployment,
  runId: string,
  events: RunEvents,
  clock: RunClock,
): Promise<{ run: RunSummary; seconds: number }> {
  const stepFunctions = new SFNClient({});
  await refuseSecondRun({ stateMachineArn });
  const executionArn = await findExecution(stepFunctions, stateMachineArn, runId);
  if (executionArn === undefined) {
    throw new NotFoundError(
      `No execution of ${stackName} is run ${JSON.stringify(runId)}: "npm run runs -- --stage ${stackName.replace(/^alike-/, '')} --region ${await stepFunctions.config.region()}" lists the runs, and Step Functions forgets an execution after 90 days.`,
    );
  }
  const { redriveDate } = await stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
  clock.nowMs = redriveDate!.getTime();
  const results = await follow(stepFunctions, executionArn, new ExecutionHistory(events, clock));
  return { run: { runId, results }, seconds: (clock.nowMs - redriveDate!.getTime()) / 1000 };
}

async function findExecution(stepFunctions: SFNClient, stateMachineArn: string, runId: string) {
  for await (const { executions } of paginateListExecutions({ client: stepFunctions }, { stateMachineArn })) {
    const found = executions!.find(
      ({ executionArn, startDate }) => runIdOf({ id: executionArn!, startedAt: startDate!.toISOString() }) === runId,
    );
    if (found !== undefined) return found.executionArn;
  }
  return undefined;
}

/** @throws ConfigurationError when a run is under way. */
export async function refuseSecondRun(deployment: Pick<Deployment, 'stateMachineArn'>): Promise<void> {
  const run = await findRunUnderWay(deployment);
  if (run === undefined) return;
  throw new ConfigurationError(
    `Run ${run.runId} has been under way since ${run.startedAt}; two never work at once. Wait until it ends.`,
  );
}

async function findRunUnderWay({
  stateMachineArn,
}: Pick<Deployment, 'stateMachineArn'>): Promise<{ runId: string; startedAt: string } | undefined> {
  const { executions = [] } = await new SFNClient({}).send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 }),
  );
  if (executions.length === 0) return undefined;
  const { executionArn, startDate } = executions[0];
  const startedAt = startDate!.toISOString();
  return { runId: runIdOf({ id: executionArn!, startedAt }), startedAt };
}

async function follow(
  stepFunctions: SFNClient,
  executionArn: string,
  history: ExecutionHistory,
): Promise<RunSummary['results']> {
  for (;;) {
    // Before the history: what was read after the end is whole.
    const { status, cause, startDate } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    for await (const page of paginateGetExecutionHistory({ client: stepFunctions }, { executionArn })) {
      for (const event of page.events ?? []) history.take(event);
    }
    if (status === 'SUCCEEDED') return history.results;
    if (status !== 'RUNNING') {
      const runId = runIdOf({ id: executionArn, startedAt: startDate!.toISOString() });
      throw new RunFailedError(history.failure ?? cause ?? `Run ${runId} ended as ${status}; see ${executionArn}.`);
    }
    await sleep(POLL_INTERVAL_MS);
  }
}
