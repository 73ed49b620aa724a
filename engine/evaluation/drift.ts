import { collapseRepeats, type Sequences, type Sessions } from '../clicks/corpus.ts';
import { countVisits } from '../clicks/heard-views.ts';
import type { ServingIndex } from '../serving-index/serving-index.ts';
import { FEWEST_NEW_SESSIONS } from './compare-with-live.ts';
import type { ComparedSessions } from './compared-sessions.ts';
import { type NamedSessions, sampleSessions, sessionKeys } from './reference-sessions.ts';
import { newestComplete, profileOf, type SessionProfile } from './session-profile.ts';

/** How far the sessions of a run are from those that the live model has learned from. */
export interface Drift {
  /** Share of the live model's recent views whose product we know. */
  keptViews: number;
  /** Share of our views whose product the live model knows. */
  familiarViews: number;
  /** What the two would be if the older half of the live model's sessions had been live before the newer one: the shop's own pace. */
  turnover: { kept: number; familiar: number };
  /** The product whose share of all views has grown most, by how much beyond chance, and by how much the one after it. */
  risen: { productId: string; from: number; to: number; by: number; next: number };
  /** Distance between the popularities of the products that both know: see `distance`. */
  popularity: number;
  /**
   * How much of the direction of its frequent pairs is left: 1 all, 0 none, −1 it is reversed. Undefined when too few
   * pairs have one to tell.
   */
  direction: number | undefined;
  shape: Shape;
  /**
   * What began after the live model's last session, beside as many of its newest: what goes wrong lately is hardly seen among
   * all sessions. Undefined when it is too little to tell, and without times.
   */
  unseen: { shape: Shape; direction: number | undefined } | undefined;
  alikeShare: { live: number; ours: number };
  /** Share of our newest sessions that the live model has seen. */
  seenShare: number;
  /** Share of its newest sessions that are among ours. */
  containedShare: number;
}

/** How two samples of sessions differ, whatever their products. */
export interface Shape {
  /** Distances between the lengths of sessions, and of the sessions that views are in. */
  lengths: number;
  viewLengths: number;
  repeatShare: { live: number; ours: number };
}

/** For `distance`. */
const FEW_BINS = 3;

/** The sessions compared are ours, in the numbers of our index. */
export function driftBetween(live: ServingIndex, ours: ServingIndex, { shared, unseen }: ComparedSessions): Drift {
  const theirSessions = newestComplete(live.pastSessions);
  const theirs = profileOf(theirSessions);
  const own = profileOf(shared);
  const ourCounts = countVisits(shared, ours.productIds.length);
  const theirCount = live.pastSessions.recency.length * weightEfficiency(live);
  const ownCount = own.sessions * weightEfficiency(ours);
  return {
    keptViews: shareKnown(live.productIds, live.recentViews, ours),
    familiarViews: shareKnown(ours.productIds, ourCounts, live),
    turnover: turnoverOf(live.pastSessions, live.productIds.length),
    risen: mostRisen(live, { ...ours, viewCounts: ourCounts }, theirCount, ownCount),
    popularity: popularityDistance(live, { ...ours, viewCounts: ourCounts }, theirCount, ownCount),
    direction: directionKept(live, ours, stepsIn(ours), weightOfAStep(ours)),
    shape: shapeBetween(theirs, own),
    unseen: unseen && driftOfUnseen(live, ours, theirSessions, unseen),
    alikeShare: { live: theirs.alikeShare, ours: own.alikeShare },
    ...sharedSessions(live, ours, shared),
  };
}

function shapeBetween(theirs: SessionProfile, own: SessionProfile): Shape {
  return {
    lengths: distance(theirs.lengths, own.lengths, theirs.sessions, own.sessions, FEW_BINS),
    viewLengths: distance(
      theirs.viewLengths,
      own.viewLengths,
      theirs.effectiveSessions,
      own.effectiveSessions,
      FEW_BINS,
    ),
    repeatShare: { live: theirs.repeatShare, ours: own.repeatShare },
  };
}

function driftOfUnseen(live: ServingIndex, ours: ServingIndex, theirSessions: Sequences, unseen: Sessions) {
  const own = profileOf(unseen);
  const theirs = profileOf(newest(theirSessions, own.sessions));
  if (Math.min(own.sessions, theirs.sessions) < FEWEST_NEW_SESSIONS) return undefined;
  return { shape: shapeBetween(theirs, own), direction: directionKept(live, ours, stepsOf(unseen), 1) };
}

function newest({ offsets, views }: Sequences, count: number): Sequences {
  const first = Math.max(0, offsets.length - 1 - count);
  return {
    offsets: offsets.slice(first).map((offset) => offset - offsets[first]),
    views: views.subarray(offsets[first]),
  };
}

/**
 * What is counted by weights varies more than what is counted once: as much as so large a share of equal views, (Σ w)² / (n Σ w²)
 * of n views (Kish 1965). 1 without weights.
 */
function weightEfficiency({ pastSessions: { weights } }: ServingIndex): number {
  if (weights === undefined || weights.length === 0) return 1;
  return total(weights) ** 2 / (weights.length * sumOfSquares(weights));
}

function shareKnown(ids: readonly string[], weights: ArrayLike<number>, other: ServingIndex): number {
  let all = 0;
  let known = 0;
  ids.forEach((id, product) => {
    all += weights[product];
    if (other.numberOf.has(id)) known += weights[product];
  });
  return all === 0 ? 1 : known / all;
}

function turnoverOf({ offsets, views }: Sessions, productCount: number): Drift['turnover'] {
  const middle = offsets[(offsets.length - 1) >> 1];
  const halves = [views.subarray(0, middle), views.subarray(middle)];
  const isIn = halves.map((half) => {
    const found = new Uint8Array(productCount);
    for (const product of half) found[product] = 1;
    return found;
  });
  const shareIn = (half: Uint32Array, found: Uint8Array) =>
    half.length === 0 ? 1 : half.filter((product) => found[product] === 1).length / half.length;
  return { kept: shareIn(halves[0], isIn[1]), familiar: shareIn(halves[1], isIn[0]) };
}

/** Chance: twice the standard error of a share of so many sessions each, as if each viewed it as often as all do. */
function mostRisen(live: ServingIndex, ours: ServingIndex, theirSessions: number, ourSessions: number): Drift['risen'] {
  const shareIn = ({ viewCounts, numberOf }: ServingIndex, all: number, id: string) =>
    (viewCounts[numberOf.get(id) ?? -1] ?? 0) / all;
  const [theirAll, ourAll] = [total(live.viewCounts), total(ours.viewCounts)];
  const samples = 1 / Math.max(1, theirSessions) + 1 / Math.max(1, ourSessions);
  let risen = { productId: ours.productIds[0] ?? '', from: 0, to: 0, by: Number.NEGATIVE_INFINITY, next: 0 };
  for (const productId of ours.productIds) {
    const [from, to] = [shareIn(live, theirAll, productId), shareIn(ours, ourAll, productId)];
    const mean = (from + to) / 2;
    const by = to - from - 2 * Math.sqrt(mean * (1 - mean) * samples);
    if (by > risen.by) risen = { productId, from, to, by, next: Math.max(0, risen.by) };
    else risen.next = Math.max(risen.next, by);
  }
  return risen;
}

function popularityDistance(live: ServingIndex, ours: ServingIndex, theirSessions: number, ourSessions: number) {
  const common = live.productIds.filter((id) => ours.numberOf.has(id));
  const countsIn = ({ viewCounts, numberOf }: ServingIndex) => common.map((id) => viewCounts[numberOf.get(id)!]);
  const shares = (counts: readonly number[]) => counts.map((count) => count / Math.max(1, total(counts)));
  return distance(shares(countsIn(live)), shares(countsIn(ours)), theirSessions, ourSessions);
}

/**
 * Total variation, ½ Σ |p − q|, less what two samples of one distribution differ by: with so many sessions each,
 * E|p − q| = √(2/π · p (1 − p) (1/n + 1/m)).
 *
 * @param times so much of it: over many bins chance evens out, over few it may be three times the expected.
 */
export function distance(p: readonly number[], q: readonly number[], n: number, m: number, times = 1): number {
  const noise = times * Math.sqrt((2 / Math.PI) * (1 / Math.max(1, n) + 1 / Math.max(1, m)));
  let sum = 0;
  p.forEach((share, i) => {
    const mean = (share + q[i]) / 2;
    sum += Math.abs(share - q[i]) - noise * Math.sqrt(mean * (1 - mean));
  });
  return Math.max(0, sum / 2);
}

/**
 * Standard deviations by which one direction must have been more frequent than the other. With 2.5, so many of
 * Diginetica's pairs are clear by chance that a healthy later month keeps .4 of the direction; with 3.5 it has too few.
 */
const CLEAR_DIRECTION = 3.5;
/** Of the slope: with a larger one it could not tell 0 from 1. */
const LARGEST_ERROR = 0.15;

/**
 * Slope of our preference (x − y) / (x + y) for a → b over b → a on the live model's, over pairs where theirs is clear,
 * weighted by our steps x + y. Its standard error is at most 1 / √(Σ preference² · steps).
 *
 * @param ourSteps how often b was viewed right after a. @param weightOfOurs what one of these steps weighs.
 */
function directionKept(
  live: ServingIndex,
  ours: ServingIndex,
  ourSteps: (a: number, b: number) => number,
  weightOfOurs: number,
): number | undefined {
  const theirSteps = stepsIn(live);
  const perStep = weightOfAStep(live);
  let agreeing = 0;
  let all = 0;
  live.productIds.forEach((id, a) => {
    const ourA = ours.numberOf.get(id);
    if (ourA === undefined) return;
    const { offsets, products } = live.pairs;
    for (let pair = offsets[a]; pair < offsets[a + 1]; pair++) {
      const b = products[pair];
      const ourB = ours.numberOf.get(live.productIds[b]);
      const [x, y] = [theirSteps(a, b), theirSteps(b, a)];
      // Each pair once, from the side that is more frequent.
      if (ourB === undefined || x <= y || (x - y) / Math.sqrt((x + y) * perStep) < CLEAR_DIRECTION) continue;
      const preference = (x - y) / (x + y);
      const [u, v] = [ourSteps(ourA, ourB), ourSteps(ourB, ourA)];
      agreeing += preference * (u - v);
      all += preference ** 2 * (u + v);
    }
  });
  return all < weightOfOurs / LARGEST_ERROR ** 2 ? undefined : agreeing / all;
}

/** What the variance of a sum of weighted steps is of their sum: Σ w² / Σ w. 1 without weights. */
function weightOfAStep({ pastSessions: { weights } }: ServingIndex): number {
  if (weights === undefined || weights.length === 0) return 1;
  return sumOfSquares(weights) / total(weights);
}

/** How often b was viewed right after a. A row's products are ascending. */
function stepsIn({ pairs: { offsets, products, next } }: ServingIndex): (a: number, b: number) => number {
  return (a, b) => {
    let [low, high] = [offsets[a], offsets[a + 1]];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (products[middle] < b) low = middle + 1;
      else high = middle;
    }
    return low < offsets[a + 1] && products[low] === b ? next[low] : 0;
  };
}

/** The same of sessions, where each step counts once. */
function stepsOf(sessions: Sequences): (a: number, b: number) => number {
  const { offsets, views } = collapseRepeats(sessions);
  const steps = new Map<number, Map<number, number>>();
  for (let session = 0; session + 1 < offsets.length; session++) {
    for (let i = offsets[session] + 1; i < offsets[session + 1]; i++) {
      const row = steps.get(views[i - 1]) ?? new Map<number, number>();
      steps.set(views[i - 1], row.set(views[i], (row.get(views[i]) ?? 0) + 1));
    }
  }
  return (a, b) => steps.get(a)?.get(b) ?? 0;
}

/** Sessions of four or more products hardly ever are the same by chance. */
const FEWEST_PRODUCTS_TO_KNOW_AGAIN = 4;
/** In a few sessions of a small shop the same again is no wonder. */
const FEWEST_TO_KNOW_AGAIN = 10;

function sharedSessions(live: ServingIndex, ours: ServingIndex, sessions: Sessions) {
  const theirs = { productIds: live.productIds, ...live.pastSessions };
  const own = { productIds: ours.productIds, ...sessions };
  return {
    seenShare: shareAmong(newestOf(own), keysOf(theirs)) ?? 0,
    containedShare: shareAmong(newestOf(theirs), keysOf(own)) ?? 1,
  };
}

function keysOf(sessions: NamedSessions): Set<string> {
  const keyOf = sessionKeys(sessions);
  return new Set(Array.from({ length: sessions.offsets.length - 1 }, (_, session) => keyOf(session)));
}

/** Of the newest twentieth. */
function newestOf(sessions: NamedSessions): string[] {
  const count = sessions.offsets.length - 1;
  return sampleSessions(sessions, Math.floor(count * 0.95))
    .filter((products) => new Set(products).size >= FEWEST_PRODUCTS_TO_KNOW_AGAIN)
    .map((products) => products.join('\0'));
}

/** @returns undefined of too few to tell. */
function shareAmong(keys: readonly string[], known: ReadonlySet<string>): number | undefined {
  return keys.length < FEWEST_TO_KNOW_AGAIN ? undefined : keys.filter((key) => known.has(key)).length / keys.length;
}

function sumOfSquares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ** 2;
  return sum;
}

function total(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i];
  return sum;
}
