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

/** Milliseconds since the epoch. A time outside is that of a wrong clock or a placeholder, not of a click. */
export interface TimeBounds {
  /** −∞ for a clock that does not count from 1970: its times say which view came first and nothing else. */
  earliestMs: number;
  latestMs: number;
}

/** No shop was clicked before: 0 for "unknown", 1900-01-01. */
const EARLIEST_MS = Date.UTC(1990);
/** A time without a zone is read as UTC, and may be as much as 14 hours ahead of it. */
const AHEAD_MS = 86_400_000;

/**
 * @param medianMs of the first rows' times; where it is before 1990 the clock counts from elsewhere, as in anonymised
 * data sets. Null: none of them is a time.
 */
export function timeBounds(medianMs: number | null, nowMs: number): TimeBounds {
  const isAbsolute = medianMs !== null && medianMs >= EARLIEST_MS;
  return { earliestMs: isAbsolute ? EARLIEST_MS : Number.NEGATIVE_INFINITY, latestMs: nowMs + AHEAD_MS };
}

/** `timeExpression` where it is within the bounds. */
export function plausibleTimeExpression(columns: readonly string[], { earliestMs, latestMs }: TimeBounds): string {
  const earliest = earliestMs === Number.NEGATIVE_INFINITY ? `'-infinity'::DOUBLE` : earliestMs;
  return `CASE WHEN ${timeExpression(columns)} BETWEEN ${earliest} AND ${latestMs} THEN 1 END`;
}

/** What is wrong with a time that is not plausible. @param found SQL of what the row has there. */
export function timeFault(columns: readonly string[], { earliestMs, latestMs }: TimeBounds, found: string): string {
  const time = timeExpression(columns);
  const date = (ms: number) => (ms === Number.NEGATIVE_INFINITY ? '' : new Date(ms).toISOString().slice(0, 10));
  return `CASE WHEN (${time}) IS NULL THEN 'is not a time: '
    WHEN (${time}) > ${latestMs} THEN 'is a time in the future, after ${date(latestMs)}: '
    ELSE 'is a time before ${date(earliestMs)}, unlike most of its file: ' END || ${found}`;
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
