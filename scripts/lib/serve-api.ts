import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { ConfigurationError } from '../../engine/errors.ts';
import type { Api, Arrival, CommonServices } from '../../lambdas/shared/http/api.ts';
import { askApi, plainAnswer } from '../../lambdas/shared/http/ask-api.ts';
import { bodyTooLarge, MAX_BODY_BYTES } from '../../lambdas/shared/http/json-body.ts';
import { RequestError } from '../../lambdas/shared/http/problem.ts';
import { compressed, type Encoded } from './compress.ts';

export interface ApiServer {
  /** Without a trailing slash. */
  url: string;
  /** Lets go of the port at once and answers the requests that have begun. */
  close(): Promise<void>;
}

/**
 * What a server has beside the API.
 *
 * @param path as it is routed: what guards a path must look at this one, since `incoming.url` may spell it in many ways.
 * @returns false for a request that is the API's to answer.
 */
export type AnswerPage = (incoming: IncomingMessage, outgoing: ServerResponse, path: string) => boolean;

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
/** RFC 3986, section 3.2: none of these is part of a host and its port. */
const ODD_HOST = /[^\w.~%!$&'()*+,;=:[\]-]/;
/** As API Gateway refuses what does not get as far as the API. */
const BAD_REQUEST = {
  status: 400,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: 'Bad Request' }),
};
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
  const server = createServer(SERVER_OPTIONS, (incoming, outgoing) => {
    const [path, query] = splitTarget(incoming.url!);
    if (!answerPage(incoming, outgoing, path)) void answer(incoming, outgoing, path, query);
  });

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse, path: string, query: string) {
    if (ODD_HOST.test(incoming.headers.host ?? '')) return send(outgoing, BAD_REQUEST);
    const requestId = randomUUID();
    outgoing.setHeader('apigw-requestid', requestId);
    const answered = await askApi(gateway, {
      requestId,
      method: incoming.method!,
      query,
      header: (name) => incoming.headers[name]?.toString(),
      readText: () => readText(incoming),
      ...(mountedAt(path) ?? { path, services }),
    });
    send(outgoing, await compressed(answered, incoming.headers['accept-encoding']));
  }
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
  const answerCors = cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['content-type', 'if-none-match'],
    exposeHeaders: ['etag'],
  });
  // It takes each OPTIONS for a preflight.
  gateway.use(async (c, next) =>
    c.env.method !== 'OPTIONS' || (await isPreflight(api, c)) ? answerCors(c, next) : next(),
  );
  // It adds to the headers of a real `Response`.
  gateway.all('/', async (c) => {
    const { text, ...init } = await plainAnswer(await api.fetch(c.req.raw, c.env));
    return new Response(text === '' ? null : text, init);
  });
  return gateway;
}

/** Whether a browser asks if it may ask what there is. */
async function isPreflight<Services extends CommonServices>(
  api: Api<Services>,
  { req, env }: Context<{ Bindings: Arrival<Services> }>,
): Promise<boolean> {
  const asks = ['origin', 'access-control-request-method'].every((name) => req.header(name) !== undefined);
  return asks && (await api.fetch(req.raw, env)).status === 204;
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

/** Of a target in absolute form (RFC 9112, section 3.2.2), which names its host. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)/i;

/** The host of a target in absolute form. */
export function hostOfTarget(target: string): string | undefined {
  return ABSOLUTE.exec(target)?.[1];
}

/** A target without a host: the path and the query as they came. */
export function originForm(target: string): string {
  return target.replace(ABSOLUTE, '');
}

/** The path, decoded once where it can be, and the query as it came. */
function splitTarget(target: string): [path: string, query: string] {
  const [path, ...query] = originForm(target).split('?');
  // Anything else, such as `*`, is no path, and decoded it must not become one.
  if (!path.startsWith('/')) return [path, query.join('?')];
  try {
    return [decodeURIComponent(path), query.join('?')];
  } catch {
    return [path, query.join('?')];
  }
}

/** @throws RequestError 413 as soon as it is too large, 400 when it ends before its time. */
function readText(incoming: IncomingMessage): Promise<string> {
  const announced = incoming.headers['content-length'];
  if (Number(announced) > MAX_BODY_BYTES) return Promise.reject(bodyTooLarge(announced!));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let byteLength = 0;
    incoming.on('data', (chunk: Buffer) => {
      byteLength += chunk.length;
      if (byteLength > MAX_BODY_BYTES) reject(bodyTooLarge(`more than ${MAX_BODY_BYTES}`));
      else chunks.push(chunk);
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks).toString()));
    incoming.on('error', () =>
      reject(new RequestError('invalid-request', 'The connection ended before the body did.')),
    );
  });
}

function send(outgoing: ServerResponse, { status, headers, body }: Encoded): void {
  // HEAD, 204 and 304 have no body, and no length of none.
  const length = body.length === 0 ? {} : { 'content-length': Buffer.byteLength(body) };
  outgoing.writeHead(status, { ...headers, ...length }).end(body);
}
