import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../engine/errors.ts';
import { consoleHeaders } from '../../infra/serving/console-headers.ts';
import type { AnswerPage } from '../lib/serve-api.ts';
import { buildConsole } from './build-console.ts';
import { type ConsoleFile, readConsoleFiles } from './console-files.ts';

/** The pages, as `console/main.tsx` routes them: each is answered with the same document. */
const PAGE = /^\/(?:(?:explore|map|clusters|data|runs|catalogue|shop)(?:\/.*)?)?$/s;
const FILE = /^\/(?:assets\/[\w.-]+|favicon\.svg)$/;

export const SECURITY_HEADERS: Readonly<Record<string, string>> = consoleHeaders();

export interface ConsolePages {
  answer: AnswerPage;
  /** Builds the console unless it is built. @throws ConfigurationError */
  ready(): Promise<void>;
}

/** Answers the console's pages and files. It is built when one is first asked for, so that the API never waits for it. */
export function consolePages(onFault: (error: unknown) => void): ConsolePages {
  let files: Promise<ReadonlyMap<string, ConsoleFile>> | undefined;
  const load = () => {
    files ??= buildConsole().then(readConsoleFiles);
    // After a failure the next request tries again: somebody may have mended it.
    files.catch(() => {
      files = undefined;
    });
    return files;
  };
  return {
    ready: async () => void (await load()),
    answer(incoming, outgoing, path) {
      const file = fileOf(incoming.method, path);
      if (file === undefined) return false;
      load().then(
        (found) => send(incoming, outgoing, found.get(file)),
        (error) => {
          onFault(error);
          sendText(outgoing, 500, `${messageOf(error)}\n`);
        },
      );
      return true;
    },
  };
}

/** The path of the file that answers; undefined when the request is not for the console. */
function fileOf(method: string | undefined, path: string): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (PAGE.test(path)) return '/index.html';
  return FILE.test(path) ? path : undefined;
}

function send(incoming: IncomingMessage, outgoing: ServerResponse, file: ConsoleFile | undefined): void {
  if (file === undefined) {
    sendText(outgoing, 404, 'The console has no such file; it was built anew: reload.\n');
    return;
  }
  const accepted = String(incoming.headers['accept-encoding'] ?? '');
  const encoding = (['br', 'gzip'] as const).find((name) => new RegExp(`\\b${name}\\b`).test(accepted));
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': file.type,
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
    vary: 'accept-encoding',
    ...(encoding !== undefined && { 'content-encoding': encoding }),
  };
  if (incoming.headers['if-none-match'] === file.etag) {
    outgoing.writeHead(304, headers).end();
    return;
  }
  const body = file.bodies[encoding ?? 'identity'] ?? file.bodies.identity;
  outgoing.writeHead(200, { ...headers, 'content-length': body.length });
  outgoing.end(incoming.method === 'HEAD' ? undefined : body);
}

function sendText(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
