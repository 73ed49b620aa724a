import type { IncomingMessage, ServerResponse } from 'node:http';
import { hostOfTarget } from '../lib/serve-api.ts';
import { SECURITY_HEADERS } from './answer-console.ts';

/** What a page from elsewhere is told. */
export const NOT_ALLOWED = 'That is not allowed';

/**
 * Whether a request comes from a page that this server sent, by the names under which it listens. A page from elsewhere
 * has another `Origin`; one that had its own name point at 127.0.0.1 (DNS rebinding) has another `Host`.
 */
export function isOfThisServer(incoming: IncomingMessage): boolean {
  return hasOwnHost(incoming) && incoming.headers.origin === `http://${incoming.headers.host}`;
}

export function hasOwnHost({ headers: { host }, url = '', socket }: IncomingMessage): boolean {
  const own = ['127.0.0.1', 'localhost'].map((name) => `${name}:${socket.localPort}`);
  return [host, hostOfTarget(url) ?? host].every((name) => own.includes(name!));
}

export function sendJson(outgoing: ServerResponse, status: number, body: unknown): void {
  const headers = { ...SECURITY_HEADERS, 'content-type': 'application/json', 'cache-control': 'no-store' };
  outgoing.writeHead(status, headers).end(JSON.stringify(body));
}
