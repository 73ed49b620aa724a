import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { Upload } from '@aws-sdk/lib-storage';
import type { TrainingRequest } from '../../engine/artifacts/training-request.ts';
import { ConfigurationError, InputError, RunFailedError } from '../../engine/errors.ts';
import { newS3Client } from '../../lambdas/shared/store/s3-client.ts';
import type { Deployment } from './deployment.ts';
import { ExecutionHistory, type RunClock } from './execution-history.ts';
import type { RunEvents, RunSummary } from './local-run.ts';

const POLL_INTERVAL_MS = 1_000;

/** By then the upload's own trigger is older than the run, which therefore covers it: `lambdas/start-training`. */
const UPLOAD_TRIGGER_RESOLUTION_MS = 2_000;

/**
 * Trains in a deployment: uploads the file, starts the deployed state machine, and follows it until it ends.
 *
 * @param request its source may be a file of this machine (`file://…`) or anything that the deployment can read.
 * @throws RunFailedError naming the stage and the cause. @throws ConfigurationError when a run is under way.
 */
export async function runTrainingInCloud(
  { bucket, stateMachineArn }: Deployment,
  request: TrainingRequest,
  events: RunEvents,
  clock: RunClock,
): Promise<RunSummary> {
  const stepFunctions = new SFNClient({});
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 }),
  );
  if (executions.length > 0) {
    throw new ConfigurationError(
      `Run ${executions[0].name} is under way since ${executions[0].startDate?.toISOString()}; two never work at once. Wait until it ends.`,
    );
  }
  const source = await provideSource(request.source, bucket);
  const { executionArn } = await stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ ...request, source }) }),
  );
  const results = await follow(stepFunctions, executionArn!, new ExecutionHistory(events, clock));
  return { runId: Object.values(results)[0].runId, results };
}

/** @returns the key of a local file after its upload; any other source as it is. */
async function provideSource(source: string, bucket: string): Promise<string> {
  if (!source.startsWith('file:')) return source;
  const path = fileURLToPath(source);
  if (!(await stat(path)).isFile()) {
    throw new InputError(
      `${path} is a folder; upload it and train on it there: aws s3 cp --recursive ${path} s3://${bucket}/raw/`,
    );
  }
  const key = `raw/${basename(path)}`;
  await new Upload({
    client: newS3Client(),
    params: { Bucket: bucket, Key: key, Body: createReadStream(path) },
  }).done();
  await sleep(UPLOAD_TRIGGER_RESOLUTION_MS);
  return key;
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
