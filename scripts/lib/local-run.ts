import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { StateMachine } from 'aws-local-stepfunctions';
import { RunFailedError } from '../../lambdas/shared/errors.ts';
import type { StageResult } from '../../lambdas/shared/stage-record.ts';
import { trainingDefinition } from './state-machine-definition.ts';

type StageFunction = (event: unknown, context: Context) => Promise<unknown>;

/** What `lambda:invoke` hands to a local handler. */
interface Invocation {
  FunctionName: string;
  Payload: unknown;
}

export interface RunEvents {
  stageStarted(stage: string): void;
  stageFinished(stage: string, result: StageResult): void;
  stageFailed(stage: string, message: string): void;
}

export interface RunSummary {
  runId: string;
  /** Stage → what it passed on. */
  results: Record<string, StageResult>;
}

/**
 * Runs the synthesized training state machine in this process with the deployed handlers. `ALIKE_STORE_URI` must be
 * set before: a handler reads its environment when it is loaded, as in Lambda.
 *
 * @param request the execution's input. @throws RunFailedError naming the stage and the cause.
 */
export async function runTraining(request: Record<string, unknown>, events: RunEvents): Promise<RunSummary> {
  const definition = await trainingDefinition();
  const id = `local:${randomUUID()}`;
  const states = Object.keys(definition.States);
  const machine = new StateMachine(definition, { validationOptions: { noValidate: true } });
  const run = machine.run(request as Parameters<StateMachine['run']>[0], {
    context: { Execution: { Id: id, Name: id, Input: request } },
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        states.map((state) => [state, (task: Invocation) => invokeStage(state, task.Payload, events)]),
      ),
    },
  });
  try {
    const output = (await run.result) as { results: RunSummary['results'] };
    return { runId: Object.values(output.results)[0].runId, results: output.results };
  } catch (cause) {
    throw new RunFailedError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function invokeStage(stage: string, payload: unknown, events: RunEvents): Promise<{ Payload: unknown }> {
  // Loaded when its state is entered: a failing run does not pay for the stages after it.
  const { handler } = (await import(`../../lambdas/${stage}/handler.ts`)) as { handler: StageFunction };
  events.stageStarted(stage);
  try {
    const result = await handler(payload, lambdaContext(stage));
    events.stageFinished(stage, result as StageResult);
    return { Payload: result };
  } catch (error) {
    events.stageFailed(stage, error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** What Lambda tells a function about itself, as far as the handlers' middlewares look. */
export function lambdaContext(functionName: string): Context {
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '3538',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => 900_000,
    done() {},
    fail() {},
    succeed() {},
  };
}
