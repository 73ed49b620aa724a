import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { messageOf } from '../../../engine/errors.ts';
import { RequestError } from './problem.ts';

/** A request as the routes see it. */
export interface HttpRequest {
  /** The gateway's request id: `instance` of a problem, and the key to the logs. */
  id: string;
  method: string;
  /** As the gateway delivers it, see `product-lookup.ts`. */
  path: string;
  query: URLSearchParams;
  contentType: string | undefined;
  /** Parses the body as JSON. @throws RequestError 413, 415 or 400. */
  readJson(): unknown;
}

export type HttpResponse = Required<Pick<APIGatewayProxyStructuredResultV2, 'statusCode' | 'headers' | 'body'>>;

/** Far below Lambda's 6 MB: the largest legal body is 11,000 product ids. */
const MAX_BODY_BYTES = 1_048_576;

/**
 * Nothing is cached: every answer has its own `recommendationId`, and a publish or a rollback must show at once.
 * The rest is what OWASP's REST security cheat sheet asks of a JSON API.
 */
const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

export function readEvent(event: APIGatewayProxyEventV2): HttpRequest {
  const contentType = event.headers?.['content-type'];
  return {
    id: event.requestContext.requestId,
    method: event.requestContext.http.method.toUpperCase(),
    path: event.rawPath,
    query: new URLSearchParams(event.rawQueryString),
    contentType,
    readJson: () => parseJson(event.body ?? '', event.isBase64Encoded, contentType),
  };
}

export function jsonResponse(
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
  contentType = 'application/json',
): HttpResponse {
  return {
    statusCode,
    headers: { ...COMMON_HEADERS, 'content-type': contentType, ...headers },
    body: JSON.stringify(body),
  };
}

export function emptyResponse(statusCode: number, headers: Record<string, string>): HttpResponse {
  return { statusCode, headers: { ...COMMON_HEADERS, ...headers }, body: '' };
}

function parseJson(body: string, isBase64Encoded: boolean, contentType: string | undefined): unknown {
  if (!/^application\/(.+\+)?json\s*(;|$)/i.test(contentType ?? '')) {
    throw new RequestError(
      'unsupported-media-type',
      `The body is sent as ${describeContentType(contentType)}; allowed is the header "content-type: application/json".`,
    );
  }
  const encoding = isBase64Encoded ? 'base64' : 'utf8';
  const byteLength = Buffer.byteLength(body, encoding);
  if (byteLength > MAX_BODY_BYTES) {
    throw new RequestError(
      'content-too-large',
      `The body has ${byteLength} bytes; allowed are up to ${MAX_BODY_BYTES}.`,
    );
  }
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
  } catch (error) {
    throw new RequestError('invalid-request', `The body is not JSON: ${messageOf(error)}.`);
  }
}

function describeContentType(contentType: string | undefined): string {
  return contentType === undefined ? 'no content type' : JSON.stringify(contentType.slice(0, 80));
}
