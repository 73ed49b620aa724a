/** A thread of a local run: `stage-threads.ts` starts it. */
import { parentPort } from 'node:worker_threads';
import type { Context } from 'aws-lambda';
import { lambdaContext } from './lambda-context.ts';
import type { StageAnswer, StageCall } from './stage-threads.ts';

parentPort!.on('message', async (call: StageCall) => {
  parentPort!.postMessage(await answerTo(call));
});

async function answerTo({ stage, payload, timeoutSeconds }: StageCall): Promise<StageAnswer> {
  try {
    const { handler } = (await import(`../../lambdas/${stage}/handler.ts`)) as {
      handler: (event: unknown, context: Context) => Promise<unknown>;
    };
    return { result: await handler(payload, lambdaContext(stage, timeoutSeconds)) };
  } catch (error) {
    if (!(error instanceof Error)) return { error: { name: 'Error', message: String(error) } };
    const { name, message, stack } = error;
    return { error: { name, message, ...(stack !== undefined && { stack }) } };
  }
}
