import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { ConfigurationError } from '../../engine/errors.ts';
import { lambdaContext } from './lambda-context.ts';

export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

export interface HttpBridge {
  /** Without a trailing slash. */
  url: string;
  /** Lets go of the port and of every connection. */
  close(): Promise<void>;
}

export interface HttpBridgeOptions {
  handler: HttpHandler;
  /** 0 picks a free one. */
  port: number;
  /** A request that the handler did not answer. The caller gets API Gateway's 500. */
  onError(error: unknown): void;
}

/** As API Gateway limits them. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const INTEGRATION_TIMEOUT_SECONDS = 30;
/** API Gateway stops at 10,240 bytes; here the longest percent-encoded product ids get through. */
const MAX_HEADER_BYTES = 256 * 1024;

/**
 * Stands in for API Gateway on this machine: turns each HTTP request into the event that an HTTP API sends to Lambda
 * (payload format 2.0) and the handler's result back into an answer. Listens on 127.0.0.1 only.
 *
 * One difference is meant: the path is decoded exactly once, where AWS loses some characters for good (see
 * `lambdas/recommend/product-lookup.ts`).
 *
 * @throws ConfigurationError when the port is taken.
 */
export async function startHttpBridge(options: HttpBridgeOptions): Promise<HttpBridge> {
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    respond(request, response, options).catch((error) => {
      options.onError(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { message: 'Internal Server Error' });
    });
  });
  const { port } = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<AddressInfo> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new ConfigurationError(
      `Port ${port} is in use: stop what listens there, or pass --port with another one; 0 picks a free one.`,
      { cause },
    );
  }
  return server.address() as AddressInfo;
}

async function respond(request: IncomingMessage, response: ServerResponse, { handler }: HttpBridgeOptions) {
  const body = await readBody(request);
  if (body === undefined) {
    sendJson(response, 413, { message: 'Request Entity Too Large' }, { connection: 'close' });
    return;
  }
  const event = toEvent(request, body);
  const result = await handler(event, lambdaContext('recommend', INTEGRATION_TIMEOUT_SECONDS));
  response.statusCode = result.statusCode ?? 200;
  for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, String(value));
  if (result.cookies !== undefined) response.setHeader('set-cookie', result.cookies);
  response.setHeader('apigw-requestid', event.requestContext.requestId);
  response.end(Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8'));
}

/** @returns undefined when it is longer than allowed; the rest is not read. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    byteLength += chunk.length;
    if (byteLength > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toEvent(request: IncomingMessage, body: Buffer): APIGatewayProxyEventV2 {
  const target = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const queryStart = target.indexOf('?');
  const rawPath = decodePath(queryStart < 0 ? target : target.slice(0, queryStart));
  const rawQueryString = queryStart < 0 ? '' : target.slice(queryStart + 1);
  const { cookie: cookies, ...headers } = request.headersDistinct;
  const method = request.method ?? 'GET';
  const now = new Date();
  const isText = isTextType(headers['content-type']?.[0]);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookies !== undefined && { cookies: cookies.flatMap((line) => line.split(/;\s*/)) }),
    headers: joinValues(Object.entries(headers)),
    ...(rawQueryString !== '' && { queryStringParameters: joinValues(groupQuery(rawQueryString)) }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: request.headers.host ?? '127.0.0.1',
      domainPrefix: 'local',
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** What cannot be decoded is passed on as it came. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function groupQuery(rawQueryString: string): [string, string[]][] {
  const query = new URLSearchParams(rawQueryString);
  return [...new Set(query.keys())].map((name) => [name, query.getAll(name)]);
}

/** Repeated headers and parameters arrive as one value with commas. */
function joinValues(entries: [string, string[] | undefined][]): Record<string, string> {
  return Object.fromEntries(entries.map(([name, values = []]) => [name, values.join(',')]));
}

/** HTTP APIs pass these bodies on as text and every other as base64, whatever it holds. */
function isTextType(contentType = ''): boolean {
  return /^(text\/.*|application\/(json|xml|javascript))$/.test(contentType.split(';')[0].trim().toLowerCase());
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = time.toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}

function sendJson(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
