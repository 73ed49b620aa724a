import { setTimeout as sleep } from 'node:timers/promises';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { ExecutionAlreadyExists, ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readVariable } from '../shared/configuration.ts';
import { logger, tracer } from '../shared/observability.ts';
import { startDueRun, type TrainingRun, type TrainingRuns } from './start-due-run.ts';
import { readTrigger } from './trigger.ts';

const stateMachineArn = readVariable('ALIKE_STATE_MACHINE_ARN');
const stepFunctions = new SFNClient({});

const LISTING_ATTEMPTS = 20;
const LISTING_INTERVAL_MS = 500;

const runs: TrainingRuns = {
  async latest() {
    const { executions = [] } = await stepFunctions.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 100 }),
    );
    return executions.map(
      ({ executionArn, startDate, status }): TrainingRun => ({
        arn: executionArn!,
        startedAtMs: startDate!.getTime(),
        isRunning: status === 'RUNNING',
      }),
    );
  },
  async start(name) {
    const executionArn = await startExecution(name);
    if (executionArn === undefined) return;
    // The listing is eventually consistent, and the next trigger decides by it.
    for (let attempt = 0; attempt < LISTING_ATTEMPTS; attempt++) {
      if ((await this.latest()).some(({ arn }) => arn === executionArn)) return;
      await sleep(LISTING_INTERVAL_MS);
    }
  },
};

/** @returns undefined when there was such an execution. */
async function startExecution(name: string): Promise<string | undefined> {
  try {
    const { executionArn } = await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name, input: '{}' }),
    );
    return executionArn;
  } catch (error) {
    // The queue delivered this trigger twice.
    if (error instanceof ExecutionAlreadyExists) return undefined;
    throw error;
  }
}

/** Starts the runs that uploads and the schedule ask for, one message at a time and in order. */
export const handler = middy<SQSEvent>()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(captureLambdaHandler(tracer))
  .handler(async ({ Records }): Promise<SQSBatchResponse> => {
    for (const [i, record] of Records.entries()) {
      const trigger = readTrigger(record);
      const outcome = await startDueRun(trigger, runs);
      logger.info('Trigger considered', { trigger: trigger.name, outcome });
      if (outcome === 'postponed') {
        // A message group keeps its order: what follows waits too.
        return { batchItemFailures: Records.slice(i).map(({ messageId }) => ({ itemIdentifier: messageId })) };
      }
    }
    return { batchItemFailures: [] };
  });
