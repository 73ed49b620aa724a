import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Api, CommonServices } from './api.ts';
import { textOf } from './json-response.ts';

export type HttpResponse = Required<Pick<APIGatewayProxyStructuredResultV2, 'statusCode' | 'headers' | 'body'>>;

/** The others (CONNECT, TRACE, whatever is no word) a `Request` refuses. */
const METHODS_OF_REQUESTS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Answers any event that API Gateway can send. Never throws.
 *
 * In place of Hono's adapter, `hono/aws-lambda`, which puts what is delivered into a `Request`: there a decoded path is
 * cut at `?` and `#` and loses its `..`; a GET with a body, TRACE and base64 that is none are answered with 400 in
 * plain text; and the body goes through one stream in and another one out. Here path, method and body go beside it.
 */
export async function answerEvent<Services extends CommonServices>(
  api: Api<Services>,
  event: APIGatewayProxyEventV2,
  services: Services,
): Promise<HttpResponse> {
  const { requestId, http, domainName } = event.requestContext;
  const method = http.method.toUpperCase();
  const request = new Request(`https://${domainName}/?${event.rawQueryString}`, {
    method: METHODS_OF_REQUESTS.has(method) ? method : 'OTHER',
    // A header's value is ASCII, or a Request refuses it; a gateway may have read UTF-8 in it.
    headers: Object.entries(event.headers ?? {}).map(([name, value = '']) => [name, value.replaceAll(/[^ -~]/g, '?')]),
  });
  const response = await api.fetch(request, {
    requestId,
    method,
    path: event.rawPath,
    readText: async () => Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').toString(),
    services,
  });
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await textOf(response),
  };
}
