import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { StateMachine } from 'aws-local-stepfunctions';
import type { StageResult } from '../../engine/artifacts/stage-record.ts';
import { messageOf, RunFailedError } from '../../engine/errors.ts';
import { PIPELINE, REPORT_FAILURE } from '../../lambdas/pipeline.ts';
import { runIdOf } from '../../lambdas/shared/runs/run-id.ts';
import { keepVectorsAtHand } from '../../lambdas/shared/vectors-at-hand.ts';
import { keepViewsAtHand } from '../../lambdas/shared/views-at-hand.ts';
import { lambdaContext } from './lambda-context.ts';
import { StageThreads } from './stage-threads.ts';
import { trainingDefinition } from './state-machine-definition.ts';

type JsonObject = { [key: string]: JsonObject | string | number | boolean | null | JsonObject[] };
type StageFunction = (event: unknown, context: Context) => Promise<unknown>;

/** Lambda's limit. */
const STAGE_TIMEOUT_SECONDS = 900;

/** What `lambda:invoke` hands to a local handler. */
interface Invocation {
  FunctionName: string;
  Payload: { execution: Parameters<typeof runIdOf>[0] };
}

export interface RunEvents {
  stageStarted(stage: string): void;
  /** @param item of a stage that runs over items. */
  stageFinished(stage: string, item: string | undefined, result: StageResult): void;
  stageFailed(stage: string): void;
}

export interface RunSummary {
  runId: string;
  /** Stage → what it passed on. */
  results: Record<string, StageResult>;
}

/**
 * Runs the synthesized training state machine in this process with the deployed handlers; a stage that runs over items has
 * a thread on each core. `ALIKE_STORE_URI` must be set before: a handler reads its environment when it is loaded, as in Lambda.
 *
 * @param request the execution's input. @param resumedRunId of a run that began before: its finished stages are not run
 * again. @param onStage told of each stage that is about to begin, which waits for it. @throws RunFailedError naming the stage and the cause.
 */
export async function runTraining(
  request: Record<string, unknown>,
  events: RunEvents,
  resumedRunId?: string,
  onStage: (runId: string, stage: string) => void | Promise<void> = () => {},
): Promise<RunSummary> {
  const definition = await trainingDefinition();
  const id = `local:${randomUUID()}`;
  const input = request as JsonObject;
  const threads = new StageThreads();
  const dropViews = keepViewsAtHand();
  const dropVectors = keepVectorsAtHand();
  let lastError: unknown;
  const invoke = async (stage: string, payload: ReturnType<typeof eventOf>): Promise<JsonObject> => {
    const isStage = stage !== REPORT_FAILURE;
    try {
      if (isStage) {
        await onStage(runIdOf(payload.execution), stage);
        events.stageStarted(stage);
      }
      const result = overItems.has(stage)
        ? await threads.invoke({ stage, payload, timeoutSeconds: STAGE_TIMEOUT_SECONDS })
        : await invokeHere(stage, payload);
      if (isStage) events.stageFinished(stage, (payload as { item?: string }).item, result as StageResult);
      return { Payload: result as JsonObject };
    } catch (error) {
      lastError = error;
      if (isStage) events.stageFailed(stage);
      throw error;
    }
  };

  const machine = new StateMachine(definition, { validationOptions: { noValidate: true } });
  const run = machine.run(input, {
    context: { Execution: { Id: id, Name: id, Input: input } },
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        [...PIPELINE.map(({ name }) => name), REPORT_FAILURE].map((name) => [
          name,
          (task) => invoke(name, eventOf((task as unknown as Invocation).Payload, resumedRunId)),
        ]),
      ),
    },
  });
  try {
    const { results } = (await run.result) as unknown as Pick<RunSummary, 'results'>;
    return { runId: Object.values(results)[0].runId, results };
  } catch (cause) {
    // The failure report's own words, not the interpreter's around them.
    if (lastError instanceof RunFailedError) throw lastError;
    throw new RunFailedError(messageOf(cause), { cause });
  } finally {
    dropViews();
    dropVectors();
    await threads.close();
  }
}

const overItems = new Set<string>(
  PIPELINE.filter(({ forEachItemOf }) => forEachItemOf !== undefined).map(({ name }) => name),
);

async function invokeHere(stage: string, payload: unknown): Promise<unknown> {
  // Loaded when its state is entered: a failing run does not pay for the stages after it.
  const { handler } = (await import(`../../lambdas/${stage}/handler.ts`)) as { handler: StageFunction };
  return handler(payload, lambdaContext(stage, STAGE_TIMEOUT_SECONDS));
}

function eventOf({ execution, ...rest }: Invocation['Payload'], resumedRunId: string | undefined) {
  return { ...rest, execution: { ...execution, ...(resumedRunId !== undefined && { runId: resumedRunId }) } };
}
