import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { Upload } from '@aws-sdk/lib-storage';
import { ConfigurationError, InputError, NotFoundError, RunFailedError } from '../../engine/errors.ts';
import { runIdOf } from '../../lambdas/shared/runs/run-id.ts';
import { newS3Client } from '../../lambdas/shared/store/s3-client.ts';
import type { Deployment } from './deployment.ts';
import { ExecutionHistory, type RunClock } from './execution-history.ts';
import type { RunEvents, RunSummary } from './local-run.ts';
import { UsageError } from './usage-error.ts';

const POLL_INTERVAL_MS = 1_000;

/** By then the upload's own trigger is older than the run, which therefore covers it: `lambdas/start-training`. */
const UPLOAD_TRIGGER_RESOLUTION_MS = 2_000;

const UPLOADS = 'raw/';
/** Names that begin with an underscore are no data to a run over a folder: see `lambdas/ingest/source-objects.ts`. */
const ALONE_UPLOADS = `${UPLOADS}_alone/`;

export interface CloudData {
  /** Keys of the files that were uploaded for this run. */
  uploaded: string[];
  /** The run reads these and nothing else; undefined: it reads all uploads. */
  alone: string[] | undefined;
}

/**
 * Uploads files of this machine (`file://…`); any other source stays where it is.
 *
 * @param add to what every run reads, rather than beside it. @throws InputError when it is a folder.
 * @throws ConfigurationError when a run is under way. @throws UsageError when something that is no file is to be added.
 */
export async function provideData(
  { bucket, stateMachineArn }: Deployment,
  sources: readonly string[],
  add: boolean,
): Promise<CloudData> {
  await refuseSecondRun(new SFNClient({}), stateMachineArn);
  const isLocal = (source: string) => source.startsWith('file:');
  if (add && !(sources.length > 0 && sources.every(isLocal))) {
    throw new UsageError('--add uploads a file of this machine: give it with --data FILE.');
  }
  const uploaded: string[] = [];
  const alone: string[] = [];
  for (const source of sources) {
    if (!isLocal(source)) alone.push(source);
    else uploaded.push(await uploadFile(bucket, source, add));
  }
  if (uploaded.length > 0) await sleep(UPLOAD_TRIGGER_RESOLUTION_MS);
  return { uploaded, alone: add || sources.length === 0 ? undefined : [...alone, ...uploaded] };
}

/** @returns its key. */
async function uploadFile(bucket: string, source: string, add: boolean): Promise<string> {
  const path = fileURLToPath(source);
  if (!(await stat(path)).isFile()) {
    throw new InputError(
      `${path} is a folder; upload it and train on all uploads: aws s3 cp --recursive ${path} s3://${bucket}/${UPLOADS}`,
    );
  }
  const key = `${add ? UPLOADS : ALONE_UPLOADS}${basename(path)}`;
  await new Upload({
    client: newS3Client(),
    params: { Bucket: bucket, Key: key, Body: createReadStream(path) },
  }).done();
  return key;
}

/**
 * Starts the deployed state machine and follows it until it ends.
 *
 * @param input of the execution: what the deployment's own request does not say, or says otherwise.
 * @returns its seconds from start to end, as the service has them.
 * @throws RunFailedError naming the stage and the cause. @throws ConfigurationError when a run is under way.
 */
export async function runTrainingInCloud(
  { stateMachineArn }: Deployment,
  input: Record<string, unknown>,
  events: RunEvents,
  clock: RunClock,
): Promise<{ run: RunSummary; seconds: number }> {
  const stepFunctions = new SFNClient({});
  await refuseSecondRun(stepFunctions, stateMachineArn);
  const { executionArn, startDate } = await stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  clock.nowMs = startDate!.getTime();
  const results = await follow(stepFunctions, executionArn!, new ExecutionHistory(events, clock));
  const seconds = (clock.nowMs - startDate!.getTime()) / 1000;
  return { run: { runId: Object.values(results)[0].runId, results }, seconds };
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
  await refuseSecondRun(stepFunctions, stateMachineArn);
  const executionArn = await findExecution(stepFunctions, stateMachineArn, runId);
  if (executionArn === undefined) {
    throw new NotFoundError(
      `No execution of ${stackName} is run ${JSON.stringify(runId)}: "npm run runs" lists the runs, and Step Functions forgets an execution after 90 days.`,
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

async function refuseSecondRun(stepFunctions: SFNClient, stateMachineArn: string): Promise<void> {
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 }),
  );
  if (executions.length === 0) return;
  throw new ConfigurationError(
    `Run ${executions[0].name} has been under way since ${executions[0].startDate?.toISOString()}; two never work at once. Wait until it ends.`,
  );
}

async function follow(
  stepFunctions: SFNClient,
  executionArn: string,
  history: ExecutionHistory,
): Promise<RunSummary['results']> {
  for (;;) {
    // Before the history: what was read after the end is whole.
    const { status, cause } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    for await (const page of paginateGetExecutionHistory({ client: stepFunctions }, { executionArn })) {
      for (const event of page.events ?? []) history.take(event);
    }
    if (status === 'SUCCEEDED') return history.results;
    if (status !== 'RUNNING') {
      throw new RunFailedError(history.failure ?? cause ?? `The run ended as ${status}; see ${executionArn}.`);
    }
    await sleep(POLL_INTERVAL_MS);
  }
}
