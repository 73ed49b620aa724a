import { offsetsOf } from '../numeric/grouping.ts';
import type { Views } from './views.ts';

/** The views of all sessions of two or more, session by session, oldest first, as numbers. */
export interface OrderedViews {
  /** (viewCount) ascending. */
  sessionNumbers: Int32Array;
  /** (viewCount) */
  productNumbers: Int32Array;
  /** (viewCount) how much each counts; undefined when all count 1. */
  weights?: Float32Array | undefined;
  /** Session number → id, ordered by start time where there is one, then by first appearance in the file. */
  sessionIds: string[];
  /** Session number → milliseconds since the epoch; undefined when the clickstream has no time. */
  startTimesMs: Float64Array | undefined;
  /** Session number → of its last view; likewise. */
  endTimesMs: Float64Array | undefined;
  /** Views with the same order, or without an order the same time, as the view before: the file alone says what came first. */
  tiedViews: number;
  /** Product number → id, in the order of first appearance in the file. */
  productIds: string[];
  /** Of the whole clickstream, sessions of one view included. */
  totals: {
    sessions: number;
    products: number;
    /** Views that an earlier file has too; absent when there are none. */
    duplicateViews?: number;
    /** Sessions that began after a pause in one with the same id; absent when there are none. */
    cutSessions?: number;
  };
}

/**
 * Orders the views of each session, and the sessions. Inside a session the `order` decides, else the time; equal ones keep
 * the order of the file. A session ends at a longer pause than the gap, so with one the time cuts before the order decides.
 * Time and memory are linear where sessions and their views already follow each other in time.
 */
export function orderViews(views: Views): OrderedViews {
  const bySession = groupBySession(views);
  const duplicateViews = leaveOutDuplicates(views, bySession);
  const pieces = cutSessions(views, bySession.order, bySession.offsets);
  const order = orderInside(views, bySession.order, pieces);
  const kept = sortByStart(views, order, pieces);

  const viewCount = kept.reduce((sum, piece) => sum + pieces.ends[piece] - pieces.starts[piece], 0);
  const sessionNumbers = new Int32Array(viewCount);
  const productNumbers = new Int32Array(viewCount);
  const weights = views.weights && new Float32Array(viewCount);
  const startTimesMs = views.timesMs && new Float64Array(kept.length);
  const endTimesMs = views.timesMs && new Float64Array(kept.length);
  const positions = views.orders ?? views.timesMs;
  let tiedViews = 0;
  let end = 0;
  for (let session = 0; session < kept.length; session++) {
    const piece = kept[session];
    if (startTimesMs !== undefined) startTimesMs[session] = pieces.startTimesMs![piece];
    if (endTimesMs !== undefined) endTimesMs[session] = pieces.endTimesMs![piece];
    const last = pieces.ends[piece];
    let before = Number.NaN;
    for (let i = pieces.starts[piece]; i < last; i++) {
      const view = order === undefined ? i : order[i];
      sessionNumbers[end] = session;
      productNumbers[end] = views.products[view];
      if (weights !== undefined) weights[end] = views.weights![view];
      if (positions !== undefined) {
        if (positions[view] === before) tiedViews++;
        before = positions[view];
      }
      end++;
    }
  }
  const sessions = pieces.starts.length;
  const cut = sessions - views.sessionIds.length;
  return {
    sessionNumbers,
    productNumbers,
    weights,
    sessionIds: Array.from(kept, (piece) => pieceId(views, pieces, piece)),
    startTimesMs,
    endTimesMs,
    tiedViews,
    productIds: views.productIds,
    totals: {
      sessions,
      products: views.productIds.length,
      ...(duplicateViews > 0 && { duplicateViews }),
      ...(cut > 0 && { cutSessions: cut }),
    },
  };
}

interface Grouped {
  /** (viewCount) views, session by session, in their order; undefined: as they stand. */
  order: Int32Array | undefined;
  /** (sessionCount + 1) */
  offsets: Uint32Array;
}

function groupBySession(views: Views): Grouped {
  const { sessions, sessionIds, timesMs, orders } = views;
  const counts = new Uint32Array(sessionIds.length);
  let isGrouped = true;
  for (let view = 0; view < sessions.length; view++) {
    counts[sessions[view]]++;
    if (view > 0 && sessions[view] < sessions[view - 1]) isGrouped = false;
  }
  const offsets = offsetsOf(counts);
  const [positions, ofEqual] = isCutBeforeOrdered(views) ? [timesMs!, orders!] : [orders ?? timesMs];
  // Sessions are numbered by first appearance: where each stands together in the file, nothing moves.
  if (isGrouped && ofEqual === undefined && areInOrder(positions, offsets)) return { order: undefined, offsets };
  const order = new Int32Array(sessions.length);
  const next = offsets.slice(0, -1);
  for (let view = 0; view < sessions.length; view++) order[next[sessions[view]]++] = view;
  if (positions === undefined) return { order, offsets };
  const compare = (a: number, b: number) =>
    positions[a] - positions[b] || (ofEqual === undefined ? 0 : ofEqual[a] - ofEqual[b]) || a - b;
  for (let session = 0; session < sessionIds.length; session++) {
    sortUnlessSorted(order.subarray(offsets[session], offsets[session + 1]), compare);
  }
  return { order, offsets };
}

/** Numbers that count up within each visit say nothing of which of two visits came first: the time does. */
function isCutBeforeOrdered({ timesMs, orders, gapMs }: Views): boolean {
  return timesMs !== undefined && orders !== undefined && gapMs !== undefined;
}

function sortUnlessSorted(numbers: Int32Array, compare: (a: number, b: number) => number): void {
  for (let i = 1; i < numbers.length; i++) {
    if (compare(numbers[i - 1], numbers[i]) <= 0) continue;
    numbers.sort(compare);
    return;
  }
}

/** Where the time has cut, the order decides inside of each piece; equal ones keep the order of time. */
function orderInside(
  views: Views,
  order: Int32Array | undefined,
  { starts, ends }: Pick<Pieces, 'starts' | 'ends'>,
): Int32Array | undefined {
  if (order === undefined || !isCutBeforeOrdered(views)) return order;
  const orders = views.orders!;
  const timesMs = views.timesMs!;
  const compare = (a: number, b: number) => orders[a] - orders[b] || timesMs[a] - timesMs[b] || a - b;
  for (let piece = 0; piece < starts.length; piece++) {
    sortUnlessSorted(order.subarray(starts[piece], ends[piece]), compare);
  }
  return order;
}

/** Whether the views of each session stand in the order of their positions. */
function areInOrder(positions: Float64Array | undefined, offsets: Uint32Array): boolean {
  if (positions === undefined) return true;
  for (let session = 0; session + 1 < offsets.length; session++) {
    const end = offsets[session + 1];
    for (let i = offsets[session] + 1; i < end; i++) if (positions[i] < positions[i - 1]) return false;
  }
  return true;
}

/**
 * A view that another file has too, the same product at the same moment of the same session, is one view: daily exports
 * overlap. What counts otherwise is another event, such as the purchase of what was being viewed. Days tell no moment: where
 * all times are midnights, nothing is left out.
 *
 * @returns how many were left out; `grouped` is shortened in place.
 */
function leaveOutDuplicates(views: Views, grouped: Grouped): number {
  const { fileEnds, timesMs, orders, products, weights } = views;
  if (fileEnds.length < 2 || timesMs === undefined || timesMs.every((time) => time % 86_400_000 === 0)) return 0;
  const fileOf = (view: number) => {
    let [low, high] = [0, fileEnds.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fileEnds[middle] <= view) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const { offsets } = grouped;
  const order = grouped.order ?? Int32Array.from(products, (_, view) => view);
  const isSameMoment = (a: number, b: number) =>
    timesMs[a] === timesMs[b] && (orders === undefined || orders[a] === orders[b]);
  let end = 0;
  let start = 0;
  const sessionCount = offsets.length - 1;
  for (let session = 0; session < sessionCount; session++) {
    const last = offsets[session + 1];
    for (let i = start; i < last; ) {
      let after = i + 1;
      while (after < last && isSameMoment(order[i], order[after])) after++;
      // Product and weight → the files in which they stand at this moment, and how often.
      const seen = new Map<string, Map<number, number>>();
      for (; i < after; i++) {
        const view = order[i];
        if (after - i > 1 || seen.size > 0) {
          const event = `${products[view]} ${weights?.[view]}`;
          const files = seen.get(event) ?? new Map<number, number>();
          seen.set(event, files);
          const file = fileOf(view);
          const own = (files.get(file) ?? 0) + 1;
          files.set(file, own);
          let most = 0;
          for (const [other, times] of files) if (other !== file) most = Math.max(most, times);
          if (own <= most) continue;
        }
        order[end++] = view;
      }
    }
    start = last;
    offsets[session + 1] = end;
  }
  const duplicates = order.length - end;
  grouped.order = order.subarray(0, end);
  return duplicates;
}

/** Sessions, or parts of one: those of one id follow each other. */
interface Pieces {
  /** (pieceCount) into the ordered views. */
  starts: Uint32Array;
  ends: Uint32Array;
  /** (pieceCount) the earliest time. */
  startTimesMs: Float64Array | undefined;
  /** (pieceCount) the latest time. */
  endTimesMs: Float64Array | undefined;
  /** (pieceCount) the session of the views. */
  sessions: Int32Array;
  /** (pieceCount) which piece of its session it is, from 1. */
  ordinals: Uint32Array;
}

function cutSessions(
  { timesMs, gapMs, sessionIds }: Views,
  order: Int32Array | undefined,
  offsets: Uint32Array,
): Pieces {
  const timeAt = (i: number) => timesMs![order === undefined ? i : order[i]];
  const isCut = (i: number) => gapMs !== undefined && timesMs !== undefined && timeAt(i) - timeAt(i - 1) > gapMs;
  let count = 0;
  for (let session = 0; session < sessionIds.length; session++) {
    count++;
    if (gapMs === undefined) continue;
    for (let i = offsets[session] + 1; i < offsets[session + 1]; i++) if (isCut(i)) count++;
  }
  const pieces: Pieces = {
    starts: new Uint32Array(count),
    ends: new Uint32Array(count),
    startTimesMs: timesMs && new Float64Array(count),
    endTimesMs: timesMs && new Float64Array(count),
    sessions: new Int32Array(count),
    ordinals: new Uint32Array(count),
  };
  let piece = 0;
  for (let session = 0; session < sessionIds.length; session++) {
    const last = offsets[session + 1];
    for (let i = offsets[session]; i < last; ) {
      pieces.starts[piece] = i;
      pieces.sessions[piece] = session;
      pieces.ordinals[piece] = i === offsets[session] ? 1 : pieces.ordinals[piece - 1] + 1;
      let earliest = Number.POSITIVE_INFINITY;
      let latest = Number.NEGATIVE_INFINITY;
      do {
        if (timesMs !== undefined) {
          const time = timesMs[order === undefined ? i : order[i]];
          if (time < earliest) earliest = time;
          if (time > latest) latest = time;
        }
        i++;
      } while (i < last && !isCut(i));
      pieces.ends[piece] = i;
      if (pieces.startTimesMs !== undefined) pieces.startTimesMs[piece] = earliest;
      if (pieces.endTimesMs !== undefined) pieces.endTimesMs[piece] = latest;
      piece++;
    }
  }
  return pieces;
}

/** The pieces of two or more views by start time, equal ones and those without a time by first appearance. */
function sortByStart(views: Views, order: Int32Array | undefined, { starts, ends, startTimesMs }: Pieces): Int32Array {
  const kept: number[] = [];
  for (let piece = 0; piece < starts.length; piece++) if (ends[piece] - starts[piece] > 1) kept.push(piece);
  const sorted = Int32Array.from(kept);
  const firstView = (piece: number) => {
    if (order === undefined) return starts[piece];
    let first = order[starts[piece]];
    for (let i = starts[piece] + 1; i < ends[piece]; i++) first = Math.min(first, order[i]);
    return first;
  };
  const compare = (a: number, b: number) =>
    (startTimesMs === undefined ? 0 : startTimesMs[a] - startTimesMs[b]) || firstViewOf(a) - firstViewOf(b);
  // Sessions are numbered by first appearance, and parts of one follow each other: only those need a look.
  const firstViewOf = views.gapMs === undefined ? (piece: number) => piece : firstView;
  for (let i = 1; i < sorted.length; i++) if (compare(sorted[i - 1], sorted[i]) > 0) return sorted.sort(compare);
  return sorted;
}

/** The session's id, with `#2` and so on for what came after a pause. */
function pieceId({ sessionIds }: Views, { sessions, ordinals }: Pieces, piece: number): string {
  const id = sessionIds[sessions[piece]];
  return ordinals[piece] === 1 ? id : `${id}#${ordinals[piece]}`;
}
