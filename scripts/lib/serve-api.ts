import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { ConfigurationError } from '../../engine/errors.ts';
import type { Api, Arrival, CommonServices } from '../../lambdas/shared/http/api.ts';
import { bodyTooLarge, MAX_BODY_BYTES } from '../../lambdas/shared/http/json-body.ts';
import { RequestError } from '../../lambdas/shared/http/problem.ts';
import { respondTo } from './respond.ts';

export interface ApiServer {
  /** Without a trailing slash. */
  url: string;
  /** Lets go of the port at once and answers the requests that have begun. */
  close(): Promise<void>;
}

/** What a server has beside the API. @returns false for a request that is the API's to answer. */
export type AnswerPage = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

export interface ServeOptions<Services> {
  /** Pages of these origins may call it from a browser. */
  corsOrigins?: readonly string[];
  /** Is asked first. */
  answerPage?: AnswerPage;
  /** Several threads may listen on the port; the system deals connections out among them. @default false */
  sharesPort?: boolean;
  /** The same API over something else below a path of its own. @returns undefined for all other paths. */
  mountedAt?(path: string): { path: string; services: Services } | undefined;
}

const HOST = '127.0.0.1';
const SERVER_OPTIONS: ServerOptions = {
  /** API Gateway stops at 10,240 bytes; here the longest percent-encoded product ids get through. */
  maxHeaderSize: 256 * 1024,
  /** As long as API Gateway waits for anything; looked at every 5 s. */
  requestTimeout: 30_000,
  headersTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
};
/** A request that has begun may take as long to end when the server stops. */
const GRACE_MS = 10_000;
/** What came in at the last moment is read by then. */
const SWEEP_MS = 50;

/**
 * Serves an API on this machine as API Gateway does in the cloud, on 127.0.0.1 only.
 *
 * One difference is meant: the path is decoded exactly once, where AWS loses some characters for good (see
 * `lambdas/recommend/product-lookup.ts`).
 *
 * @param port 0 picks a free one. @throws ConfigurationError when the port is taken.
 */
export async function serveApi<Services extends CommonServices>(
  api: Api<Services>,
  services: Services,
  port: number,
  {
    corsOrigins = [],
    answerPage = () => false,
    sharesPort = false,
    mountedAt = () => undefined,
  }: ServeOptions<Services> = {},
): Promise<ApiServer> {
  const gateway = corsOrigins.length === 0 ? api : withCors(api, corsOrigins);
  const arrivals = new WeakMap<IncomingMessage, Arrival<Services>>();
  const answer = getRequestListener(
    (request, { incoming }) => gateway.fetch(request, arrivals.get(incoming as IncomingMessage)),
    {
      hostname: HOST,
      // Only what cannot be made a request of, such as one with an odd Host, comes here: the API answers its own errors.
      errorHandler: () => Response.json({ message: 'Bad Request' }, { status: 400 }),
    },
  );
  const server = createServer(SERVER_OPTIONS, (incoming, outgoing) => {
    if (answerPage(incoming, outgoing)) return;
    const [path, query] = splitTarget(incoming.url ?? '/');
    const requestId = randomUUID();
    const method = (incoming.method ?? 'GET').toUpperCase();
    const target = mountedAt(path) ?? { path, services };
    arrivals.set(incoming, {
      requestId,
      method,
      ...target,
      readText: () => readText(incoming),
      respond: respondTo(incoming),
    });
    outgoing.setHeader('apigw-requestid', requestId);
    // node-server refuses or changes some of the paths that a gateway passes on; the API reads the one above.
    incoming.url = `/?${query}`;
    void answer(incoming, outgoing);
  });
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  await listen(server, port, sharesPort);
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: () => close(server, connections, sharesPort),
  };
}

/** What API Gateway does by its CORS configuration. */
function withCors<Services extends CommonServices>(api: Api<Services>, origins: readonly string[]) {
  const gateway = new Hono<{ Bindings: Arrival<Services> }>({ getPath: () => '/' });
  gateway.use(
    cors({
      origin: origins.includes('*') ? '*' : [...origins],
      allowMethods: ['GET', 'POST'],
      allowHeaders: ['content-type', 'if-none-match'],
      exposeHeaders: ['etag'],
    }),
  );
  gateway.all('/', (c) => api.fetch(c.req.raw, c.env));
  return gateway;
}

/** For a command that has long work to do before it serves. @throws ConfigurationError when the port is taken. */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  await listen(server, port);
  const closed = once(server, 'close');
  server.close();
  await closed;
}

async function listen(server: Server, port: number, reusePort = false): Promise<void> {
  server.listen({ port, host: HOST, reusePort });
  try {
    await once(server, 'listening');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw cause;
    const found =
      code === 'EADDRINUSE'
        ? 'is in use: stop what listens there'
        : "is not for this user: ports below 1024 are the administrator's";
    throw new ConfigurationError(`Port ${port} ${found}, or pass --port with another one; 0 picks a free one.`, {
      cause,
    });
  }
}

async function close(server: Server, connections: ReadonlySet<Socket>, sharesPort: boolean): Promise<void> {
  // Of a shared port, each thread has its own queue: what waits there would be reset with it.
  if (sharesPort) for (let turn = 0; turn < 2; turn++) await setImmediate();
  const closed = once(server, 'close');
  // A connection that has just been answered is kept for the next request, which shall not come.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
    // A browser opens some beforehand. To Node these are not idle, since their first request has not ended.
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  }, SWEEP_MS);
  const giveUp = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  server.close();
  await closed;
  clearInterval(sweep);
  clearTimeout(giveUp);
}

/** The path, decoded once where it can be, and the query as it came. */
function splitTarget(target: string): [path: string, query: string] {
  const [path, ...query] = target.replace(/^https?:\/\/[^/?]*/i, '').split('?');
  try {
    return [decodeURIComponent(path), query.join('?')];
  } catch {
    return [path, query.join('?')];
  }
}

/** @throws RequestError 413 as soon as it is too large, 400 when it ends before its time. */
async function readText(incoming: IncomingMessage): Promise<string> {
  const announced = incoming.headers['content-length'];
  if (Number(announced) > MAX_BODY_BYTES) throw bodyTooLarge(announced!);
  const chunks: Buffer[] = [];
  let byteLength = 0;
  try {
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      byteLength += chunk.length;
      if (byteLength > MAX_BODY_BYTES) break;
      chunks.push(chunk);
    }
  } catch {
    throw new RequestError('invalid-request', 'The connection ended before the body did.');
  }
  if (byteLength > MAX_BODY_BYTES) throw bodyTooLarge(`more than ${MAX_BODY_BYTES}`);
  return Buffer.concat(chunks).toString();
}
