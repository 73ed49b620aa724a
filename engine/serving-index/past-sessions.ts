import type { Sessions } from '../clicks/corpus.ts';
import { weightsInSession } from '../clicks/event-weights.ts';
import { heardViews } from '../clicks/heard-views.ts';
import { offsetsOf } from '../numeric/grouping.ts';

/** Past sessions, found by product: what session-kNN and continuations look into. Session 0 is the oldest. */
export interface PastSessions {
  /** (sessionCount + 1) session s has the views [offsets[s], offsets[s + 1]). */
  readonly offsets: Uint32Array;
  /** (viewCount) product numbers, oldest first in each session */
  readonly views: Uint32Array;
  /** (viewCount) the session of each view */
  readonly sessionOf: Uint32Array;
  /** (sessionCount) 2^(−age / S), age in sessions of all S. */
  readonly recency: Float32Array;
  /** (productCount + 1) product x was viewed at the positions [occurrenceOffsets[x], occurrenceOffsets[x + 1]). */
  readonly occurrenceOffsets: Uint32Array;
  /** positions in `views`, newest session first and first view first: of the views that are heard, at most 1,000 a product */
  readonly occurrences: Uint32Array;
  /** (productCount) idf(x) = ln(S / sessions with x); 0 for a product in none. */
  readonly inverseFrequency: Float32Array;
  /** (viewCount) the heaviest event that the session has for the product of each view; undefined when all count 1. */
  readonly weights?: Float32Array | undefined;
}

const NEWEST_OCCURRENCES = 1_000;
/** 12 bytes each: with their sessions about 100 MB, which a Lambda loads in a second or two. */
const MOST_VIEWS = 8_000_000;

/**
 * Sessions that hold none of the newest occurrences of any product are left out, and, from the newest on, each one that is longer than
 * what is left of `mostViews`: an older, shorter one may still fit.
 * Recency and inverse frequency are those among all sessions.
 */
export function indexPastSessions(
  { offsets, views, weights }: Sessions,
  productCount: number,
  mostViews = MOST_VIEWS,
): PastSessions {
  const sessionCount = offsets.length - 1;
  const isHeard = heardViews({ offsets, views, weights }, productCount);
  const occurrenceCounts = new Uint32Array(productCount);
  const sessionsWith = new Uint32Array(productCount);
  const isKept = new Uint8Array(sessionCount);
  /** The session + 1 that counted each product last. */
  const countedIn = new Uint32Array(productCount);
  let viewsLeft = mostViews;
  for (let session = sessionCount - 1; session >= 0; session--) {
    const products = views.subarray(offsets[session], offsets[session + 1]);
    for (const product of products) {
      if (countedIn[product] !== session + 1) sessionsWith[product]++;
      countedIn[product] = session + 1;
    }
    if (products.length > viewsLeft) continue;
    for (let position = offsets[session]; position < offsets[session + 1]; position++) {
      if (isHeard[position] === 0 || occurrenceCounts[views[position]] === NEWEST_OCCURRENCES) continue;
      occurrenceCounts[views[position]]++;
      isKept[session] = 1;
    }
    if (isKept[session] === 1) viewsLeft -= products.length;
  }
  const inSession = weights && weightsInSession({ offsets, views, weights });
  const { isHeard: isKeptHeard, ...kept } = keptSessions({ offsets, views, weights: inSession }, isHeard, isKept);
  const occurrenceOffsets = offsetsOf(occurrenceCounts);
  return {
    ...kept,
    occurrenceOffsets,
    occurrences: newestOccurrences(kept, isKeptHeard, occurrenceOffsets),
    inverseFrequency: Float32Array.from(sessionsWith, (count) => (count === 0 ? 0 : Math.log(sessionCount / count))),
  };
}

function keptSessions({ offsets, views, weights }: Sessions, isHeard: Uint8Array, isKept: Uint8Array) {
  const sessionCount = isKept.length;
  let keptCount = 0;
  let viewCount = 0;
  for (let session = 0; session < sessionCount; session++) {
    keptCount += isKept[session];
    viewCount += isKept[session] * (offsets[session + 1] - offsets[session]);
  }
  const kept = {
    offsets: new Uint32Array(keptCount + 1),
    views: new Uint32Array(viewCount),
    sessionOf: new Uint32Array(viewCount),
    recency: new Float32Array(keptCount),
    isHeard: new Uint8Array(viewCount),
    ...(weights !== undefined && { weights: new Float32Array(viewCount) }),
  };
  let number = 0;
  for (let session = 0; session < sessionCount; session++) {
    if (isKept[session] === 0) continue;
    const start = kept.offsets[number];
    const end = start + offsets[session + 1] - offsets[session];
    kept.views.set(views.subarray(offsets[session], offsets[session + 1]), start);
    kept.sessionOf.fill(number, start, end);
    kept.isHeard.set(isHeard.subarray(offsets[session], offsets[session + 1]), start);
    kept.weights?.set(weights!.subarray(offsets[session], offsets[session + 1]), start);
    kept.recency[number] = 2 ** (-(sessionCount - 1 - session) / sessionCount);
    kept.offsets[++number] = end;
  }
  return kept;
}

function newestOccurrences(
  { offsets, views }: Sessions,
  isHeard: Uint8Array,
  occurrenceOffsets: Uint32Array,
): Uint32Array {
  const next = occurrenceOffsets.slice(0, -1);
  const occurrences = new Uint32Array(occurrenceOffsets[next.length]);
  for (let session = offsets.length - 2; session >= 0; session--) {
    for (let position = offsets[session]; position < offsets[session + 1]; position++) {
      const product = views[position];
      if (isHeard[position] === 0) continue;
      if (next[product] < occurrenceOffsets[product + 1]) occurrences[next[product]++] = position;
    }
  }
  return occurrences;
}
