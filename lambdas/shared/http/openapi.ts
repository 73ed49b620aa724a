import type { RouteConfig } from '@hono/zod-openapi';
import * as z from 'zod';
import { PROBLEMS, type ProblemName } from './problem.ts';
import type { Route } from './route.ts';

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().describe('the id of the request, for the logs'),
    errors: z
      .array(
        z.object({
          in: z.enum(['path', 'query', 'body']),
          field: z.string(),
          found: z.string(),
          allowed: z.string(),
          nearest: z.string().optional().describe('the known name that an unknown one is nearest to'),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details, RFC 9457' });

/** What the document says of every route at once. */
export const COMMON_BEHAVIOUR = [
  'Errors are problem details (RFC 9457), `application/problem+json`.',
  'HEAD is answered wherever GET is, with the same status and headers and no body.',
  'OPTIONS is answered everywhere with 204 and `Allow`, the methods of the path; any other method with 405 and `Allow`.',
  'An unknown, repeated or empty query parameter is refused with 400; `X-Amz-*`, `utm_*` and `_` pass unread.',
].join(' ');

export function operationOf(route: Route<never>): RouteConfig {
  const { method, path, summary, parameters, query, body, answer, problems = [] } = route;
  const names = new Set<ProblemName>([...problems, 'invalid-request', 'method-not-allowed', 'internal-error']);
  if (body) for (const name of ['content-too-large', 'unsupported-media-type'] as const) names.add(name);
  return {
    method: method === 'GET' ? 'get' : 'post',
    path: path.replaceAll('+}', '}'),
    summary,
    request: {
      ...(parameters && { params: parameters }),
      ...(query && { query }),
      ...(body && { body: { required: true, content: { 'application/json': { schema: body } } } }),
    },
    responses: {
      200: { description: 'The answer', content: { 'application/json': { schema: answer } } },
      ...Object.fromEntries([...names].map((name) => [PROBLEMS[name].status, responseOf(name)])),
    },
  };
}

function responseOf(name: ProblemName) {
  return {
    description: PROBLEMS[name].title,
    content: { 'application/problem+json': { schema: problem } },
    ...(name === 'method-not-allowed' && {
      headers: { Allow: { description: 'the methods of the path', schema: { type: 'string' as const } } },
    }),
  };
}
