import { createHash } from 'node:crypto';

/**
 * How long a browser or a CDN may repeat an answer without asking. An instance looks for a new model, catalogue or
 * rules every 30 s, so what goes live shows within a minute.
 */
export const MAX_AGE_SECONDS = 30;

/** When an answer to GET may be repeated, and by what it is known again. */
export interface Caching<Input, Answer> {
  /** Whether this answer may be. @default each */
  allows?(input: Input, answer: Answer): boolean;
  /** Fields in which two answers differ that say the same: the ETag leaves them out. */
  ignoredFields?: readonly (keyof Answer & string)[];
}

/** RFC 9110, section 8.8.3: weak, since two answers with the same tag may differ in the ignored fields. */
export function weakEtag(answer: object, ignoredFields: readonly string[] = []): string {
  const compared = Object.entries(answer).filter(([name]) => !ignoredFields.includes(name));
  const digest = createHash('sha256').update(JSON.stringify(compared)).digest('base64url');
  // 132 bits tell more answers apart than there will ever be.
  return `W/"${digest.slice(0, 22)}"`;
}

/** `Vary`: API Gateway answers each origin with its own `Access-Control-Allow-Origin`. */
export function cachingHeaders(etag: string): Record<string, string> {
  return { 'cache-control': `max-age=${MAX_AGE_SECONDS}`, etag, vary: 'origin' };
}

/** Whether `If-None-Match` names the answer: a list of tags or `*`, compared weakly (RFC 9110, section 13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => opaque(tag) === opaque(etag));
}
