import type { Manifest } from '../artifacts/manifest.ts';

export type Period = NonNullable<Manifest['lineage']['period']>;

/** A test entry or a wrong clock stands alone; a shop that is closed for longer has hardly any sessions after it. */
const ALONE_MS = 30 * 86_400_000;
const LARGEST_SHARE_ALONE = 0.01;

/**
 * From the first session to the last, apart from the few (at most 1 %, at least one) that are more than 30 days from all
 * others: a single session of another age would make every later one look old.
 *
 * @param startTimesMs (sessions) rising, milliseconds since the epoch
 */
export function periodOf(startTimesMs: Float64Array | undefined): Period | null {
  if (startTimesMs === undefined || startTimesMs.length === 0) return null;
  const last = startTimesMs.length - 1;
  const most = Math.max(1, Math.floor(LARGEST_SHARE_ALONE * startTimesMs.length));
  const isGap = (i: number) => startTimesMs[i + 1] - startTimesMs[i] > ALONE_MS;
  let [from, to] = [0, last];
  for (let i = 0; i < Math.min(most, last); i++) {
    if (isGap(i)) from = i + 1;
    if (isGap(last - 1 - i)) to = last - 1 - i;
  }
  // Of a handful of sessions far apart none is the odd one out.
  if (from > to) [from, to] = [0, last];
  return { from: new Date(startTimesMs[from]).toISOString(), to: new Date(startTimesMs[to]).toISOString() };
}

/** A period that ends after its run began is wrong, as release 0.1.0 could write it: then nothing is known of it. */
export function plausible(period: Period | null, runStartMs: number): Period | null {
  return period !== null && Date.parse(period.to) <= runStartMs + CLOCK_TOLERANCE_MS ? period : null;
}

/** Clocks of two machines, and times without a zone, differ by as much. */
const CLOCK_TOLERANCE_MS = 86_400_000;
