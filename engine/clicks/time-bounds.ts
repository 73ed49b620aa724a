/** Milliseconds since the epoch. A time outside is that of a wrong clock or a placeholder, not of a click. */
export interface TimeBounds {
  /** −8.64e15 for a clock that does not count from 1970: its times say which view came first and nothing else. */
  earliestMs: number;
  latestMs: number;
}

/** No shop was clicked before: 0 for "unknown", 1900-01-01. */
const EARLIEST_MS = Date.UTC(1990);
/** A time without a zone is read as UTC, and may be as much as 14 hours ahead of it. */
const AHEAD_MS = 86_400_000;
/** What a `Date` reaches. */
const LEAST_MS = -8.64e15;

/**
 * @param medianMs of the first rows' times; where it is before 1990 the clock counts from elsewhere, as in anonymised
 * data sets. NaN: none of them is a time.
 */
export function timeBounds(medianMs: number, nowMs: number): TimeBounds {
  return { earliestMs: medianMs >= EARLIEST_MS ? EARLIEST_MS : LEAST_MS, latestMs: nowMs + AHEAD_MS };
}

const FIRST_ROWS = 10_000;

/** Of the first rows that have a time. */
export function medianOf(timesMs: Float64Array): number {
  const first = Float64Array.from(timesMs.subarray(0, FIRST_ROWS))
    .filter((time) => !Number.isNaN(time))
    .sort();
  if (first.length === 0) return Number.NaN;
  return (first[(first.length - 1) >> 1] + first[first.length >> 1]) / 2;
}

/** What is wrong with a time, as far as it does not hold to the bounds. */
export function timeFault(timeMs: number, { earliestMs, latestMs }: TimeBounds): string {
  const date = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  if (Number.isNaN(timeMs) || timeMs < LEAST_MS) return 'is not a time';
  if (timeMs > latestMs) return `is a time in the future, after ${date(latestMs)}`;
  return `is a time before ${date(earliestMs)}, unlike most of its file`;
}
