import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { s3ErrorAnswer } from '../../cloud/support/faulty-proxy.ts';

/** What a store does to a request now and then. */
export const STORE_FAULTS = ['500', '503', 'reset before', 'answer lost', 'cut short', 'slow', 'stale'] as const;
export type StoreFault = (typeof STORE_FAULTS)[number];

export interface FaultyS3 {
  endpoint: string;
  /** How many were injected so far. */
  injected(): number;
  stop(): void;
}

const SLOW_MS = 400;
const CURRENT = /\/current\.json$/;

/**
 * A store between this process and a real one that fails at requests which are drawn.
 *
 * @param faultOf each request; undefined leaves it whole. `stale` answers a read of `current.json` with what stood there
 * before, and leaves every other request alone.
 */
export async function startFaultyS3(endpoint: string, faultOf: () => StoreFault | undefined): Promise<FaultyS3> {
  let injected = 0;
  const earlier = new Map<string, Answer[]>();
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const fault = faultOf();
    if (fault === '500' || fault === '503') {
      injected++;
      const [status, code] =
        fault === '500' ? ['500 Internal Server Error', 'InternalError'] : ['503 Slow Down', 'SlowDown'];
      response.socket!.end(s3ErrorAnswer(status, code, 'Please try again.'));
      return;
    }
    if (fault === 'reset before') {
      injected++;
      response.socket!.resetAndDestroy();
      return;
    }
    if (fault === 'slow') {
      injected++;
      await sleep(SLOW_MS);
    }
    const answer = await forward(endpoint, request, body);
    if (fault === 'answer lost' && request.method !== 'GET') {
      injected++;
      response.socket!.resetAndDestroy();
      return;
    }
    const path = request.url!.split('?')[0];
    const isCurrent = request.method === 'GET' && CURRENT.test(path) && answer.status === 200;
    const before = earlier.get(path) ?? [];
    const known = before.findLast(({ body: known }) => Buffer.compare(known, answer.body) !== 0);
    if (isCurrent) earlier.set(path, [...before, answer]);
    if (fault === 'stale' && isCurrent && known !== undefined) {
      injected++;
      write(response, known);
      return;
    }
    if (fault === 'cut short' && request.method === 'GET' && answer.body.length > 0) {
      injected++;
      response.writeHead(answer.status, answer.headers);
      response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () =>
        response.socket!.resetAndDestroy(),
      );
      return;
    }
    write(response, answer);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    injected: () => injected,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

async function forward(endpoint: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  const { host: _, connection: __, 'content-length': ___, expect: ____, 'transfer-encoding': _____, ...kept } = headers;
  const response = await fetch(endpoint + url!, {
    method: method!,
    headers: Object.entries(kept).map(([name, value]): [string, string] => [name, String(value)]),
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const answerHeaders = Object.fromEntries(response.headers);
  delete answerHeaders['content-encoding'];
  delete answerHeaders['transfer-encoding'];
  delete answerHeaders['connection'];
  // HEAD has the length of what it does not send.
  if (method !== 'HEAD') answerHeaders['content-length'] = String(bytes.length);
  return { status: response.status, headers: answerHeaders, body: bytes };
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers);
  response.end(body);
}
