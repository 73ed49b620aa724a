import type { LeftOut, PlausibleViews } from '../../engine/clicks/implausible-sessions.ts';
import type { OrderedViews } from '../../engine/clicks/order-views.ts';
import type { Views } from '../../engine/clicks/views.ts';

export interface SessionSummary {
  /** Those that are not 0. */
  counts: Partial<Record<'implausibleSessions' | 'implausibleViews' | 'tiedViews', number>>;
  leftOut: LeftOut[];
  /** What the shop should know about its sessions, a sentence each. */
  notes: string[];
}

/** Fewer ties than this change no answer that anybody would notice. */
const SHARE_OF_TIES_TO_NAME = 0.01;

/** @param ordered all sessions. @param plausible what is left of them. @param source as `ingest` handed the views on. */
export function describeSessions(
  { tiedViews, sessionNumbers, startTimesMs }: OrderedViews,
  { leftOut, notes }: PlausibleViews,
  { orderedBy }: Pick<Views, 'orderedBy'>,
): SessionSummary {
  const views = sessionNumbers.length;
  const sum = (of: 'sessions' | 'views') => leftOut.reduce((total, found) => total + found[of], 0);
  const [implausibleSessions, implausibleViews] = [sum('sessions'), sum('views')];
  return {
    counts: {
      ...(implausibleSessions > 0 && { implausibleSessions, implausibleViews }),
      ...(tiedViews > 0 && { tiedViews }),
    },
    leftOut,
    notes: [
      ...(leftOut.length === 0
        ? []
        : [
            `${count(implausibleSessions)} of the sessions, with ${percent(implausibleViews / views)} of the views, left out ` +
              `as no shopper's: ${leftOut.map(({ sessions, rule }) => `${count(sessions)} with ${rule}`).join('; ')}.`,
          ]),
      ...notes,
      ...(tiedViews < SHARE_OF_TIES_TO_NAME * views || orderedBy === undefined
        ? []
        : [
            `${percent(tiedViews / views)} of the views have the same ${JSON.stringify(orderedBy)} as the view before them in their ` +
              'session: what came first among them is taken from the order of the rows.',
          ]),
      ...(startTimesMs === undefined
        ? ['There is no time: the sessions that begin last in the file are taken for the newest.']
        : []),
    ],
  };
}

const count = (value: number) => value.toLocaleString('en-US');
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
