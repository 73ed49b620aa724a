import type { IncomingMessage } from 'node:http';
import { parseAccept } from 'hono/utils/accept';
import type { Respond } from '../../lambdas/shared/http/json-response.ts';

/** A list of recommendations is shorter; a report, a map and a description of the API are longer. */
const LEAST_COMPRESSED_CHARACTERS = 8_192;

/** How one request is answered: what is long goes compressed to who takes it so. */
export function respondTo({ headers: { 'accept-encoding': accepted = '' } }: IncomingMessage): Respond {
  return (status, headers, text) => {
    if (text === null || text.length < LEAST_COMPRESSED_CHARACTERS) return new Response(text, { status, headers });
    const varied = { ...headers, vary: headers['vary'] ? `${headers['vary']}, accept-encoding` : 'accept-encoding' };
    if (!parseAccept(String(accepted)).some(({ type, q }) => type.toLowerCase() === 'gzip' && q > 0))
      return new Response(text, { status, headers: varied });
    const compressed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
    return new Response(compressed, { status, headers: { ...varied, 'content-encoding': 'gzip' } });
  };
}
