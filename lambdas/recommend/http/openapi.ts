import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
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
        z.object({ in: z.enum(['path', 'query', 'body']), field: z.string(), found: z.string(), allowed: z.string() }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details, RFC 9457' });

/** OpenAPI 3.1, made of the schemas that validate. */
export function openApiDocument(routes: readonly Route[]) {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = route.path.replaceAll('+}', '}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Alike',
      version: '1',
      description: "Similar-product recommendations learned from a shop's own clickstream",
    },
    paths,
  });
}

function operationOf({ summary, parameters, query, body, answer, problems }: Route): ZodOpenApiOperationObject {
  const names = new Set<ProblemName>([...problems, 'internal-error']);
  if (parameters ?? query ?? body) names.add('invalid-request');
  if (body) for (const name of ['content-too-large', 'unsupported-media-type'] as const) names.add(name);
  return {
    summary,
    ...((parameters ?? query) && {
      requestParams: { ...(parameters && { path: parameters }), ...(query && { query }) },
    }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      200: { description: 'The answer', content: { 'application/json': { schema: answer } } },
      ...Object.fromEntries(
        [...names].map((name) => [
          PROBLEMS[name].status,
          { description: PROBLEMS[name].title, content: { 'application/problem+json': { schema: problem } } },
        ]),
      ),
    },
  };
}
