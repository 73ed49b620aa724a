import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Api, CommonServices } from './api.ts';
import { askApi } from './ask-api.ts';

export type HttpResponse = Required<Pick<APIGatewayProxyStructuredResultV2, 'statusCode' | 'headers' | 'body'>>;

/**
 * Answers any event that API Gateway can send. Never throws.
 *
 * In place of Hono's adapter, `hono/aws-lambda`, which puts what is delivered into a `Request`: there a decoded path is
 * cut at `?` and `#` and loses its `..`; a GET with a body, TRACE and base64 that is none are answered with 400 in
 * plain text.
 */
export async function answerEvent<Services extends CommonServices>(
  api: Api<Services>,
  { requestContext, rawPath, rawQueryString, headers, body = '', isBase64Encoded }: APIGatewayProxyEventV2,
  services: Services,
): Promise<HttpResponse> {
  const answer = await askApi(api, {
    requestId: requestContext.requestId,
    method: requestContext.http.method.toUpperCase(),
    path: rawPath,
    query: rawQueryString,
    // The gateway delivers their names in small letters.
    header: (name) => headers?.[name],
    readText: async () => Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString(),
    services,
  });
  return { statusCode: answer.status, headers: answer.headers, body: answer.text };
}
