import type { MiddlewareObj } from '@middy/core';
import { serviceName } from './observability.ts';

/**
 * A part of its own of each trace for the handler, beside what Lambda itself tells X-Ray. Not for the Lambda that answers: X-Ray's SDK
 * follows every promise of the process, which takes a quarter of the CPU of a short request (`scripts/bench/request.ts`).
 * Outside Lambda there is nothing to trace for, and a local run does not pay for loading X-Ray's SDK.
 */
export const tracing: MiddlewareObj[] = process.env['AWS_EXECUTION_ENV'] === undefined ? [] : [await traceHandler()];

async function traceHandler(): Promise<MiddlewareObj> {
  const [{ Tracer }, { captureLambdaHandler }] = await Promise.all([
    import('@aws-lambda-powertools/tracer'),
    import('@aws-lambda-powertools/tracer/middleware'),
  ]);
  return captureLambdaHandler(new Tracer({ serviceName }));
}
