import type { Columns } from '../artifacts/training-request.ts';
import { identifier, literal } from './sql.ts';

/**
 * The shop's columns as SQL expressions over the clickstream, one definition for the stage that checks the rows
 * (`ingest`) and the one that orders them (`sequence`). Every expression is NULL exactly when the value is unusable.
 */

/** What people see as space or do not see at all (U+FEFF, the byte order mark): DuckDB's `trim` alone takes U+0020 only. */
const SPACES = [' ', '\t', '\r', '\n', '\u00a0', '\ufeff'];

/**
 * A session or product id: text, never a number ("007" is not "7"), without surrounding spaces. Most ids have none, and
 * to see that takes a tenth of the time that `trim` takes.
 */
export function idExpression(column: string): string {
  const id = text(column);
  const trimmed = `nullif(trim(${id}, ${literal(SPACES.join(''))}), '')`;
  const hasSpace = SPACES.map((space) => `prefix(${id}, ${literal(space)}) OR suffix(${id}, ${literal(space)})`);
  return `CASE WHEN ${id} = '' OR ${hasSpace.join(' OR ')} THEN ${trimmed} ELSE ${id} END`;
}

/** Position of a view in its session, as DOUBLE. */
export function orderExpression(column: string): string {
  return finite(`try_cast(${identifier(column)} AS DOUBLE)`);
}

/**
 * Time of a view in milliseconds since the epoch, as DOUBLE; without a zone it is UTC.
 *
 * One column: an ISO 8601 timestamp, a date as `20261123`, or an epoch in seconds, milliseconds, microseconds or nanoseconds (told apart by
 * magnitude: seconds reach 1e11 in the year 5138). Two: a date and a time of day. Three to six: year, month, day,
 * hour, minute, second.
 */
export function timeExpression(columns: readonly string[]): string {
  if (columns.length === 1) {
    const epoch = finite(`try_cast(${identifier(columns[0])} AS DOUBLE)`);
    const epochMs = `CASE WHEN abs(${epoch}) < 1e11 THEN ${epoch} * 1e3 WHEN abs(${epoch}) < 1e14 THEN ${epoch}
      WHEN abs(${epoch}) < 1e17 THEN ${epoch} / 1e3 ELSE ${epoch} / 1e6 END`;
    return `coalesce(${timestampMs(withDashes(text(columns[0])))}, ${epochMs})`;
  }
  if (columns.length === 2) return timestampMs(`${withDashes(text(columns[0]))} || ' ' || ${text(columns[1])}`);
  const [year, month, day, ...timeOfDay] = columns.map(text);
  const time = ['00', '00', '00'].map((none, i) =>
    i < timeOfDay.length ? `regexp_replace(${timeOfDay[i]}, '^[0-9](\\.|$)', '0\\0')` : `'${none}'`,
  );
  // TIMESTAMP is twice as fast as TIMESTAMPTZ, and parts of a date hold no zone.
  return timestampMs(`${year} || '-' || ${month} || '-' || ${day} || ' ' || ${time.join(` || ':' || `)}`, 'TIMESTAMP');
}

/** The columns that say what came first. */
export function orderingColumns(columns: Columns): string[] {
  return [...(columns.order === undefined ? [] : [columns.order]), ...(columns.time ?? [])];
}

/** `20261123` → `2026-11-23`, of the years 1900 to 2099; anything else as it is. Its length is looked at first: that is cheap. */
function withDashes(date: string): string {
  const dashed = `regexp_replace(${date}, '^((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])$', '\\1-\\2-\\3')`;
  return `CASE WHEN length(${date}) = 8 THEN ${dashed} ELSE ${date} END`;
}

function text(column: string): string {
  return `CAST(${identifier(column)} AS VARCHAR)`;
}

function timestampMs(expression: string, type = 'TIMESTAMPTZ'): string {
  return `epoch_us(try_cast(${expression} AS ${type})) / 1e3`;
}

function finite(expression: string): string {
  return `CASE WHEN isfinite(${expression}) THEN ${expression} END`;
}
