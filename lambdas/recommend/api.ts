import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { emptyResponse, type HttpResponse, jsonResponse, readEvent } from './http/http-message.ts';
import { PROBLEMS, problemOf } from './http/problem.ts';
import type { ApiServices } from './http/route.ts';
import { createRouter } from './http/router.ts';
import { ROUTES } from './routes/table.ts';

const router = createRouter(ROUTES);

/** Answers any event that API Gateway can send. Never throws. */
export async function answer(event: APIGatewayProxyEventV2, options: ApiServices): Promise<HttpResponse> {
  const request = readEvent(event);
  const response = await route();
  return request.method === 'HEAD' ? { ...response, body: '' } : response;

  async function route(): Promise<HttpResponse> {
    try {
      if (request.method === 'OPTIONS') return emptyResponse(204, { allow: router.allow(request.path) });
      const match = router.match(request.method, request.path);
      return jsonResponse(200, await match.route.answerTo(request, match.parameters, options));
    } catch (error) {
      const { problem, headers } = problemOf(error, request.id);
      if (problem.status === PROBLEMS['internal-error'].status) options.onFault(error);
      return jsonResponse(problem.status, problem, headers, 'application/problem+json');
    }
  }
}
