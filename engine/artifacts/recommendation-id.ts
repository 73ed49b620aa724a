import { crc32 } from 'node:zlib';

/** What made an answer; an event that repeats its `recommendationId` is attributed by it, without a look-up. */
export interface RecommendationOrigin {
  /** Whose model answered. */
  runId: string;
  strategy: string;
  /** Undefined: the answer was asked for without a placement. */
  placement?: string | undefined;
  /** Of an experiment; undefined: there was none. */
  arm?: string | undefined;
}

/** Names the format: ids of a later one begin otherwise. */
const FORMAT = 'r1';
const SEPARATOR = '.';

/**
 * `r1.<unique>.<run>.<strategy>.<placement>.<arm>.<checksum>`: letters, digits and `-_.~` only, so that it passes
 * through addresses, attributes and CSV as it is. Other characters of a part are written as UTF-8, `~` and two
 * hexadecimal digits a byte. The checksum is the CRC-32 of all before it in base 36: an id that was cut, changed or put
 * together of two is refused. It is no signature: who wants to forge an id can.
 *
 * @param unique text that no other answer has.
 */
export function encodeRecommendationId(unique: string, origin: RecommendationOrigin): string {
  const { runId, strategy, placement = '', arm = '' } = origin;
  const parts = [FORMAT, ...[unique, runId, strategy, placement, arm].map(escapePart)];
  const text = parts.join(SEPARATOR);
  return `${text}${SEPARATOR}${checksumOf(text)}`;
}

/** @returns undefined for what is no id of ours, whole and unchanged. */
export function decodeRecommendationId(id: string): (RecommendationOrigin & { unique: string }) | undefined {
  const parts = id.split(SEPARATOR);
  const checksum = parts.pop();
  if (parts.length !== 6 || parts[0] !== FORMAT || checksum !== checksumOf(parts.join(SEPARATOR))) return undefined;
  const [unique, runId, strategy, placement, arm] = parts.slice(1).map(unescapePart);
  if (!unique || !runId || !strategy || placement === undefined || arm === undefined) return undefined;
  return {
    unique,
    runId,
    strategy,
    ...(placement !== '' && { placement }),
    ...(arm !== '' && { arm }),
  };
}

function checksumOf(text: string): string {
  return crc32(text).toString(36);
}

/** Text that stands as it is: nearly all. */
const PLAIN = /^[\w-]*$/;

/** As in an address, with `~` in place of `%`, which would be encoded again there. */
function escapePart(text: string): string {
  if (PLAIN.test(text)) return text;
  return encodeURIComponent(text.toWellFormed())
    .replaceAll(/[~.!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%', '~');
}

/** @returns undefined where it was not written by `escapePart`. */
function unescapePart(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('~', '%'));
  } catch {
    return undefined;
  }
}
