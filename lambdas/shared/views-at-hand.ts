import { leaveOutImplausible, type PlausibleViews } from '../../engine/clicks/implausible-sessions.ts';
import { type OrderedViews, orderViews } from '../../engine/clicks/order-views.ts';
import type { Views } from '../../engine/clicks/views.ts';

/** What `sequence` begins with. */
export interface PreparedViews {
  views: Views;
  ordered: OrderedViews;
  plausible: PlausibleViews;
}

export function prepareViews(views: Views): PreparedViews {
  const ordered = orderViews(views);
  return { views, ordered, plausible: leaveOutImplausible(ordered) };
}

/** Key → the views that were written there last; undefined: nothing is kept. */
let atHand: Map<string, PreparedViews> | undefined;

/**
 * From now on the views that `ingest` wrote stay in memory for `sequence`, where both run in this process: neither read nor
 * checked, and put in order while the file is written, they are there two seconds earlier for 20 million. In Lambda each stage is
 * a process of its own, and nothing is kept.
 *
 * @returns ends it.
 */
export function keepViewsAtHand(): () => void {
  atHand = new Map();
  return () => {
    atHand = undefined;
  };
}

export function leaveViewsAtHand(key: string, views: Views): void {
  if (atHand === undefined) return;
  atHand.clear();
  atHand.set(key, prepareViews(views));
}

/** Once: whoever tries again reads the file. @returns undefined when they have to be read. */
export function takeViewsAtHand(key: string): PreparedViews | undefined {
  const prepared = atHand?.get(key);
  atHand?.delete(key);
  return prepared;
}
