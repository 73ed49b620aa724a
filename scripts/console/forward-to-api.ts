import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../engine/errors.ts';
import { MAX_BODY_BYTES } from '../../lambdas/shared/http/json-body.ts';
import { type AnswerPage, originForm } from '../lib/serve-api.ts';
import { fetchSigned } from '../lib/signed-fetch.ts';
import { hasOwnHost, isOfThisServer, sendJson } from './same-origin.ts';

/** Of what the API sends, what a page needs; what the connection adds is made anew. */
const PASSED_ON = ['content-type', 'cache-control', 'etag', 'apigw-requestid', 'retry-after'];

/**
 * Passes calls of the API on to a deployment, signed with the operator's AWS credentials. So only the page that this
 * server sent may make them: another page that the operator has open must not call the API in the operator's name.
 */
export function forwardToApi(apiUrl: string): AnswerPage {
  return (incoming, outgoing, path) => {
    if (!path.startsWith('/v1/')) return false;
    const { method } = incoming;
    if (method !== 'GET' && method !== 'POST') {
      sendJson(outgoing, 405, { title: 'The console passes on GET and POST alone', detail: `Found ${method}.` });
    } else if (!(method === 'GET' ? hasOwnHost(incoming) : isOfThisServer(incoming))) {
      sendJson(outgoing, 403, { title: 'Refused', detail: 'Only the page that this server sent may ask this.' });
    } else {
      forward(apiUrl, method, incoming, outgoing).catch((error) => {
        sendJson(outgoing, 502, { title: 'The deployed API did not answer', detail: messageOf(error) });
      });
    }
    return true;
  };
}

async function forward(
  apiUrl: string,
  method: 'GET' | 'POST',
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const ifNoneMatch = incoming.headers['if-none-match'];
  const response = await fetchSigned(`${apiUrl.replace(/\/$/, '')}${originForm(incoming.url!)}`, {
    method,
    ...(method === 'POST' && { body: await readText(incoming) }),
    headers: {
      ...(method === 'POST' && { 'content-type': 'application/json' }),
      ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }),
    },
  });
  const headers = Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  // All of it before the first byte goes out: when the API breaks off, the page can still be told so.
  const body = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, { ...headers, 'x-content-type-options': 'nosniff' });
  outgoing.end(body);
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  for await (const chunk of incoming) {
    byteLength += chunk.length;
    if (byteLength > MAX_BODY_BYTES) throw new Error(`The body is larger than ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
