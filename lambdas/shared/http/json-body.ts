import { messageOf } from '../../../engine/errors.ts';
import { quote, RequestError } from './problem.ts';

/** Far below Lambda's 6 MB: the largest legal body is 11,000 product ids. */
export const MAX_BODY_BYTES = 1_048_576;

/**
 * Parses a body that is JSON by its header and not too large. Hono's own validator takes a body of another type for an
 * empty object, and does not say what JSON.parse did not like.
 *
 * @throws RequestError 415, 413 or 400
 */
export async function readJson(contentType: string | undefined, readText: () => Promise<string>): Promise<unknown> {
  if (!/^application\/(.+\+)?json\s*(;|$)/i.test(contentType ?? '')) {
    const found = contentType === undefined ? 'no content type' : quote(contentType);
    throw new RequestError(
      'unsupported-media-type',
      `The body is sent as ${found}; allowed is the header "content-type: application/json".`,
    );
  }
  const text = await readText();
  const byteLength = Buffer.byteLength(text);
  if (byteLength > MAX_BODY_BYTES) throw bodyTooLarge(String(byteLength));
  try {
    // RFC 8259, section 8.1: a reader may ignore a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new RequestError('invalid-request', `The body is not JSON: ${messageOf(error)}.`);
  }
}

export function bodyTooLarge(foundBytes: string): RequestError {
  return new RequestError(
    'content-too-large',
    `The body has ${foundBytes} bytes; allowed are up to ${MAX_BODY_BYTES}.`,
  );
}
