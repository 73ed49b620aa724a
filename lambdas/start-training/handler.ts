import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { ConflictException, CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  type ExecutionStatus,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { readConfiguration, readVariable } from '../shared/configuration.ts';
import { logger } from '../shared/observability.ts';
import { openArtifactStore } from '../shared/store/open-artifact-store.ts';
import { tracing } from '../shared/tracing.ts';
import {
  askAgain,
  type Settlement,
  settlementOf,
  startDueRun,
  type TrainingRun,
  type TrainingRuns,
} from './start-due-run.ts';
import { isData, readTrigger, settledEvent, startsRun } from './trigger.ts';

const stateMachineArn = readVariable('ALIKE_STATE_MACHINE_ARN');
const settleSeconds = Number(readVariable('ALIKE_UPLOAD_SETTLE_SECONDS'));
const schedulePrefix = readVariable('ALIKE_SCHEDULE_PREFIX');
const scheduleTarget = {
  RoleArn: readVariable('ALIKE_SCHEDULE_ROLE_ARN'),
  DeadLetterConfig: { Arn: readVariable('ALIKE_DEAD_LETTER_ARN') },
  // By default it would be tried for a day.
  RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 10 },
};
const store = await openArtifactStore(readConfiguration().storeUri);
const stepFunctions = new SFNClient({});
const scheduler = new SchedulerClient({});

/** Starts the runs that uploads and the schedule ask for. */
export const handler = middy()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(tracing)
  .handler(async (event: unknown, context: Context): Promise<void> => {
    const trigger = readTrigger(event);
    const nowMs = Date.now();
    if (trigger.kind === 'upload') {
      if (!startsRun(trigger.key)) return;
      const settlement = settlementOf(trigger.uploadedAtMs, settleSeconds, nowMs);
      await invokeLater(settlement, context);
      logger.info('Upload noticed', { key: trigger.key, dueAt: new Date(settlement.dueMs).toISOString() });
      return;
    }
    const uploadedBeforeMs = trigger.kind === 'settled' ? trigger.uploadedBeforeMs : nowMs;
    const outcome = await startDueRun(uploadedBeforeMs, runs);
    logger.info('Trigger considered', { ...trigger, outcome });
    if (outcome === 'postponed') await invokeLater(await askAgain(uploadedBeforeMs, nowMs, runs), context);
  });

const runs: TrainingRuns = {
  async latest() {
    const { executions = [] } = await stepFunctions.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 100 }),
    );
    return executions.map(
      ({ executionArn, startDate, status }): TrainingRun => ({
        arn: executionArn!,
        startedAtMs: startDate!.getTime(),
        state: stateOf(status!),
      }),
    );
  },
  async readsAllUploads({ arn }) {
    const { input = '{}' } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn: arn }));
    const { source = 'raw/' } = JSON.parse(input) as { source?: string | string[] };
    return [source].flat().includes('raw/');
  },
  async hasUploads() {
    return (await store.list('raw/')).some(({ key }) => isData(key));
  },
  async start(name) {
    try {
      await stepFunctions.send(new StartExecutionCommand({ stateMachineArn, name, input: '{}' }));
    } catch (error) {
      // Another invocation saw the same run as the latest, and was faster.
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  },
};

function stateOf(status: ExecutionStatus): TrainingRun['state'] {
  if (status === 'SUCCEEDED') return 'succeeded';
  return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? 'running' : 'failed';
}

/**
 * Lets this function be invoked once more, at a time, for uploads that came before another. Waiting costs nothing,
 * where a queue would be polled day and night. A second schedule of the same name is not made.
 */
async function invokeLater(
  { name, dueMs, uploadedBeforeMs }: Settlement,
  { invokedFunctionArn: Arn }: Context,
): Promise<void> {
  try {
    await scheduler.send(
      new CreateScheduleCommand({
        Name: `${schedulePrefix}${name}`,
        // Whole seconds, UTC.
        ScheduleExpression: `at(${new Date(Math.ceil(dueMs / 1_000) * 1_000).toISOString().slice(0, 19)})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: { ...scheduleTarget, Arn, Input: settledEvent(uploadedBeforeMs) },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
  }
}
