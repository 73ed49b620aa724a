import type { IncomingMessage } from 'node:http';

/**
 * Whether a request comes from a page that this server sent, by the names under which it listens. A page from elsewhere
 * has another `Origin`; one that had its own name point at 127.0.0.1 (DNS rebinding) has another `Host`.
 */
export function isOfThisServer({ headers, socket }: IncomingMessage): boolean {
  const names = ['127.0.0.1', 'localhost'].map((name) => `${name}:${socket.localPort}`);
  const { host, origin } = headers;
  return host !== undefined && names.includes(host) && origin === `http://${host}`;
}
