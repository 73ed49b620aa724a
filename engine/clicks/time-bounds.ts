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
 * @param medianMs of the times; where it is before 1990 the clock counts from elsewhere, as in anonymised data sets. NaN: none
 * of them is a time.
 */
export function timeBounds(medianMs: number, nowMs: number): TimeBounds {
  return { earliestMs: medianMs >= EARLIEST_MS ? EARLIEST_MS : LEAST_MS, latestMs: nowMs + AHEAD_MS };
}

const LOOKED_AT = 10_000;

/** Of so many times at most, spread evenly over all rows; NaN where none of them is a time. */
export function medianOf(timesMs: Float64Array): number {
  const step = Math.max(1, timesMs.length / LOOKED_AT);
  const spread = Float64Array.from(
    { length: Math.min(timesMs.length, LOOKED_AT) },
    (_, i) => timesMs[Math.floor(i * step)],
  )
    .filter((time) => !Number.isNaN(time))
    .sort();
  if (spread.length === 0) return Number.NaN;
  return (spread[(spread.length - 1) >> 1] + spread[spread.length >> 1]) / 2;
}

/** What is wrong with a time, as far as it does not hold to the bounds. */
export function timeFault(timeMs: number, { earliestMs, latestMs }: TimeBounds): string {
  const date = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  if (Number.isNaN(timeMs) || timeMs < LEAST_MS) return 'is not a time';
  if (timeMs > latestMs) return `is a time in the future, after ${date(latestMs)}`;
  return `is a time before ${date(earliestMs)}, unlike most of its file`;
}
