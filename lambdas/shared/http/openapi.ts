import type { RouteConfig } from '@hono/zod-openapi';
import * as z from 'zod';
import { MAX_AGE_SECONDS } from './caching.ts';
import { PROBLEMS, type ProblemName, problemSchema } from './problem.ts';
import type { Route } from './route.ts';

/** What the document says of every route at once. */
export const COMMON_BEHAVIOUR = [
  'Errors are problem details (RFC 9457), `application/problem+json`.',
  'HEAD is answered wherever GET is, with the same status and headers and no body.',
  'OPTIONS is answered everywhere with 204 and `Allow`, the methods of the path; any other method with 405 and `Allow`.',
  `Answers with an \`ETag\` may be cached for ${MAX_AGE_SECONDS} seconds; \`If-None-Match\` then asks for 304.`,
  'An unknown, repeated or empty query parameter is refused with 400; `X-Amz-*`, `utm_*` and `_` pass unread.',
].join(' ');

const CACHING_HEADERS = {
  ETag: { description: 'of an answer that may be cached: for `If-None-Match`', schema: { type: 'string' as const } },
};

export function operationOf(route: Route<never>): RouteConfig {
  const { method, path, summary, parameters, query, body, bareList, answer, problems = [], caching } = route;
  const names = new Set<ProblemName>([...problems, 'invalid-request', 'method-not-allowed', 'internal-error']);
  if (body) for (const name of ['content-too-large', 'unsupported-media-type'] as const) names.add(name);
  return {
    method: method === 'GET' ? 'get' : 'post',
    path: path.replaceAll('+}', '}'),
    summary,
    request: {
      ...(parameters && { params: parameters }),
      ...(query && { query }),
      ...(body && {
        body: {
          required: true,
          content: {
            'application/json': { schema: bareList === undefined ? body : z.union([body, body.shape[bareList]]) },
          },
        },
      }),
    },
    responses: {
      200: {
        description: 'The answer',
        content: { 'application/json': { schema: answer } },
        ...(caching && { headers: CACHING_HEADERS }),
      },
      ...(caching && { 304: { description: 'The answer is the one that `If-None-Match` names' } }),
      ...Object.fromEntries([...names].map((name) => [PROBLEMS[name].status, responseOf(name)])),
    },
  };
}

function responseOf(name: ProblemName) {
  return {
    description: PROBLEMS[name].title,
    content: { 'application/problem+json': { schema: problemSchema } },
    ...(name === 'method-not-allowed' && {
      headers: { Allow: { description: 'the methods of the path', schema: { type: 'string' as const } } },
    }),
  };
}
