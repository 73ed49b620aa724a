import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { parseAccept } from 'hono/utils/accept';
import type { PlainAnswer } from '../../lambdas/shared/http/ask-api.ts';

/** A list of recommendations is shorter; a report, a map and a description of the API are longer. */
const LEAST_COMPRESSED_CHARACTERS = 8_192;

/** An answer as it is sent. */
export interface Encoded extends Omit<PlainAnswer, 'text'> {
  body: string | Buffer;
}

/** What is long goes compressed to who takes it so. @param accepted the request's `Accept-Encoding`. */
export async function compressed({ text, ...answer }: PlainAnswer, accepted = ''): Promise<Encoded> {
  const { vary } = answer.headers;
  // Of each answer: HEAD and 304 must say what GET says (RFC 9110, section 15.4.5), and do not know how long that is.
  const headers = { ...answer.headers, vary: vary ? `${vary}, accept-encoding` : 'accept-encoding' };
  const takesGzip = parseAccept(accepted).some(({ type, q }) => type.toLowerCase() === 'gzip' && q > 0);
  if (text.length < LEAST_COMPRESSED_CHARACTERS || !takesGzip) return { ...answer, headers, body: text };
  const body = await promisify(gzip)(text);
  return { ...answer, headers: { ...headers, 'content-encoding': 'gzip' }, body };
}
