import type { Corpus } from '../clicks/corpus.ts';
import { heardViews } from '../clicks/heard-views.ts';

const DAY_MS = 86_400_000;
/** So large a share of the sessions may be dated later than what is taken for now: one wrong date must not make all else old. */
const LATER_THAN_NOW = 0.001;

/** In shares of the sessions: the half-life of what is popular now where there is no time. */
const RECENT_SHARE = 1 / 20;

/** @returns (productCount) heard views by weight · 2^(−age / (S / 20)), age in sessions of the S. */
export function countRecentViews(corpus: Corpus): Float32Array {
  const sessionCount = corpus.offsets.length - 1;
  return decayedViews(corpus, (session) => (sessionCount - 1 - session) / (sessionCount * RECENT_SHARE));
}

/**
 * What is trending: heard views by weight · 2^(−age / half-life), the age of a session counted from the start of the newest one,
 * a thousandth of the sessions left aside.
 *
 * @returns (productCount) undefined without times: then `countRecentViews` says it by the order of the sessions.
 */
export function countTrend(corpus: Corpus, halfLifeDays: number): Float32Array | undefined {
  const { startTimesMs } = corpus;
  if (startTimesMs === undefined || startTimesMs.length === 0) return undefined;
  const nowMs = startTimesMs[Math.ceil((1 - LATER_THAN_NOW) * startTimesMs.length) - 1];
  return decayedViews(corpus, (session) => Math.max(0, nowMs - startTimesMs[session]) / (halfLifeDays * DAY_MS));
}

function decayedViews({ productIds, ...sessions }: Corpus, halfLivesSince: (session: number) => number): Float32Array {
  const { offsets, views, weights } = sessions;
  const isHeard = heardViews(sessions, productIds.length);
  const decayed = new Float32Array(productIds.length);
  for (let session = 0; session + 1 < offsets.length; session++) {
    const recency = 2 ** -halfLivesSince(session);
    for (let i = offsets[session]; i < offsets[session + 1]; i++) {
      decayed[views[i]] += recency * isHeard[i] * (weights === undefined ? 1 : weights[i]);
    }
  }
  return decayed;
}
