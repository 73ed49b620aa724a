import * as z from 'zod';
import type { Corpus } from './corpus.ts';

/** `data_profile.json`: what the clicks look like that a run learned from, in as many numbers as a chart can show. */
export const dataProfileSchema = z.object({
  /** Sessions by their number of views, ascending; the last entry holds all that are as long or longer. */
  sessionLengths: z.array(z.object({ views: z.int().min(1), sessions: z.int().min(0) })),
  /** What the `products` most viewed products have of all views, 0…1, at ranks that grow by about a third. */
  popularity: z.array(z.object({ products: z.int().min(1), share: z.number() })),
  /** Views of the sessions that began in each period, without gaps; null when the clickstream has no times. */
  views: z
    .object({
      /** Days, unless these are more than `MOST_PERIODS`. */
      unit: z.enum(['day', 'week', '30 days']),
      /** ISO 8601, the first day of each. */
      periods: z.array(z.object({ from: z.string(), sessions: z.int().min(0), views: z.int().min(0) })),
    })
    .nullable(),
  /** Against the run that was live; null when none was, or it could not be read. */
  sinceLive: z
    .object({
      runId: z.string().min(1),
      newProducts: z.int().min(0),
      goneProducts: z.int().min(0),
      /** The most viewed of each. */
      newExamples: z.array(z.string()),
      goneExamples: z.array(z.string()),
    })
    .nullable(),
});
export type DataProfile = z.infer<typeof dataProfileSchema>;

/** Long sessions are few: the last bar holds them. */
const LONGEST = 30;
/** About as many points as a chart has room for. */
const MOST_PERIODS = 400;
const MOST_EXAMPLES = 20;
const DAY_MS = 86_400_000;
const UNITS = [
  { unit: 'day', days: 1 },
  { unit: 'week', days: 7 },
  { unit: '30 days', days: 30 },
] as const;

type ProfiledCorpus = Pick<Corpus, 'productIds' | 'viewCounts' | 'offsets' | 'startTimesMs'>;

/** @param live the products of the run that was live, most viewed first. */
export function profileOf(
  corpus: ProfiledCorpus,
  live: { runId: string; productIds: readonly string[] } | undefined,
): DataProfile {
  return {
    sessionLengths: sessionLengthsOf(corpus),
    popularity: popularityOf(corpus),
    views: viewsOverTime(corpus),
    sinceLive:
      live === undefined ? null : { runId: live.runId, ...changedProducts(corpus.productIds, live.productIds) },
  };
}

function sessionLengthsOf({ offsets }: ProfiledCorpus): DataProfile['sessionLengths'] {
  const counts = new Array<number>(LONGEST + 1).fill(0);
  for (let s = 0; s + 1 < offsets.length; s++) counts[Math.min(LONGEST, offsets[s + 1] - offsets[s])]++;
  const longest = counts.findLastIndex((count) => count > 0);
  return counts.slice(1, longest + 1).map((sessions, i) => ({ views: i + 1, sessions }));
}

function popularityOf({ viewCounts }: ProfiledCorpus): DataProfile['popularity'] {
  const all = viewCounts.reduce((sum, views) => sum + views, 0);
  if (all === 0) return [];
  const points: DataProfile['popularity'] = [];
  let sum = 0;
  let next = 1;
  for (let rank = 1; rank <= viewCounts.length; rank++) {
    sum += viewCounts[rank - 1];
    if (rank < next && rank < viewCounts.length) continue;
    points.push({ products: rank, share: sum / all });
    next = Math.max(rank + 1, Math.round(rank * 1.33));
  }
  return points;
}

function viewsOverTime({ startTimesMs, offsets }: ProfiledCorpus): DataProfile['views'] {
  if (startTimesMs === undefined || startTimesMs.length === 0) return null;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of startTimesMs) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  const firstDay = Math.floor(first / DAY_MS);
  const dayCount = Math.floor(last / DAY_MS) - firstDay + 1;
  const { unit, days } = UNITS.find(({ days }) => dayCount / days <= MOST_PERIODS) ?? UNITS[UNITS.length - 1];
  // A session with an impossible time must not make a period for each month since 1970.
  const skipped = Math.max(0, Math.ceil(dayCount / days) - MOST_PERIODS);
  const periods = Array.from({ length: Math.ceil(dayCount / days) - skipped }, (_, i) => ({
    from: new Date((firstDay + (i + skipped) * days) * DAY_MS).toISOString().slice(0, 10),
    sessions: 0,
    views: 0,
  }));
  startTimesMs.forEach((time, s) => {
    const period = periods[Math.floor((Math.floor(time / DAY_MS) - firstDay) / days) - skipped];
    if (period === undefined) return;
    period.sessions++;
    period.views += offsets[s + 1] - offsets[s];
  });
  return { unit, periods };
}

function changedProducts(ours: readonly string[], theirs: readonly string[]) {
  const [known, kept] = [new Set(theirs), new Set(ours)];
  const fresh = ours.filter((id) => !known.has(id));
  const gone = theirs.filter((id) => !kept.has(id));
  return {
    newProducts: fresh.length,
    goneProducts: gone.length,
    newExamples: fresh.slice(0, MOST_EXAMPLES),
    goneExamples: gone.slice(0, MOST_EXAMPLES),
  };
}
