/**
 * Answers calls of API Gateway with the deployed handler, as in a warm Lambda; `answer-cost.ts` starts it. The last line on
 * stdout is `{ milliseconds: [p50, p95], answerBytes }`; the lines before it are what the function logs.
 *
 *     node scripts/bench/answer-process.ts WORKSPACE CALLS
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { lambdaContext } from '../lib/lambda-context.ts';
import { useWorkspace } from '../lib/workspace.ts';

const WARM_UP = 500;
/** API Gateway's own: date, content type, request id, connection, status line. */
const GATEWAY_HEADER_BYTES = 160;

const [workspace, calls] = process.argv.slice(2);
useWorkspace(workspace);
const { handler } = await import('../../lambdas/recommend/handler.ts');
const context = lambdaContext('recommend', 10);

async function call(path: string, query = '') {
  const answer = (await handler(eventOf(path, query), context)) as {
    statusCode: number;
    body: string;
    headers: object;
  };
  if (answer.statusCode !== 200) throw new Error(`${path} was answered with ${answer.statusCode}: ${answer.body}`);
  return answer;
}

const products: string[] = JSON.parse((await call('/v1/products', 'limit=100')).body).items.map(
  ({ productId }: { productId: string }) => productId,
);
const times: number[] = [];
let bytes = 0;
for (let i = 0; i < WARM_UP + Number(calls); i++) {
  const product = encodeURIComponent(products[i % products.length]);
  const startMs = performance.now();
  const { body, headers } = await call(`/v1/products/${product}/recommendations`, 'count=5');
  if (i < WARM_UP) continue;
  times.push(performance.now() - startMs);
  bytes += Buffer.byteLength(body) + JSON.stringify(headers).length + GATEWAY_HEADER_BYTES;
}
times.sort((a, b) => a - b);
const at = (share: number) => times[Math.floor(share * times.length)];
console.log(JSON.stringify({ milliseconds: [at(0.5), at(0.95)], answerBytes: bytes / times.length }));

function eventOf(rawPath: string, rawQueryString: string): APIGatewayProxyEventV2 {
  const http = { method: 'GET', path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'shop' };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: { host: 'api.example', accept: 'application/json' },
    requestContext: { http, requestId: 'JKJaXmPLvHcESHA=', stage: '$default' },
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
}
