import type { Views } from '../../engine/clicks/views.ts';

/** Key → the views that were written there last; undefined: nothing is kept. */
let atHand: Map<string, Views> | undefined;

/**
 * From now on the views that `ingest` wrote stay in memory for `sequence`, where both run in this process: neither read nor
 * checked, they are there a second earlier for 20 million. In Lambda each stage is a process of its own, and nothing is kept.
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
  atHand.set(key, views);
}

/** Once: whoever tries again reads the file. @returns undefined when they have to be read. */
export function takeViewsAtHand(key: string): Views | undefined {
  const views = atHand?.get(key);
  atHand?.delete(key);
  return views;
}
