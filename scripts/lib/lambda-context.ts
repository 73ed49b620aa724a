import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

/** What Lambda tells a function about an invocation, as far as the handlers' middlewares look. */
export function lambdaContext(functionName: string, timeoutSeconds: number): Context {
  const deadlineMs = Date.now() + timeoutSeconds * 1000;
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '1769',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
    done() {},
    fail() {},
    succeed() {},
  };
}
