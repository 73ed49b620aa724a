import { RequestError } from './problem.ts';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/**
 * One page of a list. The cursor holds the list's version and the next position, so that pages never mix two lists.
 *
 * @param listVersion the model's, and what else decides what is on the list.
 * @param length how many there are in all.
 * @throws RequestError 400 when the cursor is not one of this list's.
 */
export function pageOf<T>(
  listVersion: string,
  length: number,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  itemAt: (position: number) => T,
): Page<T> {
  const start = cursor === undefined ? 0 : positionOf(cursor, listVersion, length);
  const end = Math.min(start + limit, length);
  return {
    items: Array.from({ length: end - start }, (_, i) => itemAt(start + i)),
    nextCursor: end < length ? encodeCursor([listVersion, end]) : null,
  };
}

function positionOf(cursor: string, listVersion: string, length: number): number {
  const [version, position] = decodeCursor(cursor);
  if (typeof version !== 'string' || typeof position !== 'number' || !Number.isInteger(position)) throw badCursor();
  if (version !== listVersion) throw badCursor(OF_ANOTHER_LIST);
  if (position < 0 || position > length) throw badCursor();
  return position;
}

export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws RequestError 400 */
export function decodeCursor(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts)) return parts;
  } catch {
    // Said below, in the caller's terms.
  }
  throw badCursor();
}

export const OF_ANOTHER_LIST =
  'a cursor of another list: it was asked for otherwise, or something new has gone live; start again without a cursor';

export function badCursor(found = 'something that is not a cursor'): RequestError {
  const allowed = 'the nextCursor of an earlier answer, unchanged';
  return new RequestError('invalid-request', `"cursor": found ${found}; allowed is ${allowed}.`, {
    violations: [{ in: 'query', field: 'cursor', found, allowed }],
  });
}
