import { collapseRepeats, type Sessions } from '../clicks/corpus.ts';
import type { PastSessions } from '../serving-index/past-sessions.ts';

/** What the sessions of a shop are like, whatever their products. */
export interface SessionProfile {
  /** Of two or more products. */
  sessions: number;
  /** (bins) share of the sessions with 2–3, 4–7, 8–15 … products */
  lengths: number[];
  /** (bins) share of the views that are in such sessions */
  viewLengths: number[];
  /** Equal ones that would tell as much about `viewLengths`: (Σ views)² / Σ views² (Kish 1965). */
  effectiveSessions: number;
  /** Share of the steps that lead to a product that the session has viewed before. */
  repeatShare: number;
  /** Share of the sessions of three or more products that are the same, view for view, as one before. */
  alikeShare: number;
}

/** The last one is open: 2,048 products and more. */
const BINS = 11;
/** In pairs of products two shoppers meet by chance. */
const FEWEST_PRODUCTS_OF_ALIKE = 3;

export function profileOf(sessions: Sessions): SessionProfile {
  const { offsets, views } = collapseRepeats(sessions);
  const lengths = new Array<number>(BINS).fill(0);
  const viewLengths = new Array<number>(BINS).fill(0);
  const seenBefore = new Set<string>();
  const alike = { of: 0, found: 0 };
  const steps = { of: 0, toViewed: 0 };
  let squares = 0;
  for (let session = 0; session + 1 < offsets.length; session++) {
    const products = views.subarray(offsets[session], offsets[session + 1]);
    const size = new Set(products).size;
    if (size < 2) continue;
    const bin = Math.min(BINS, Math.floor(Math.log2(size))) - 1;
    lengths[bin]++;
    viewLengths[bin] += products.length;
    squares += products.length ** 2;
    steps.of += products.length - 1;
    steps.toViewed += products.length - size;
    if (size < FEWEST_PRODUCTS_OF_ALIKE) continue;
    const key = products.join();
    alike.of++;
    if (seenBefore.has(key)) alike.found++;
    seenBefore.add(key);
  }
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const shares = (counts: readonly number[]) => counts.map((count) => count / Math.max(1, total(counts)));
  return {
    sessions: total(lengths),
    lengths: shares(lengths),
    viewLengths: shares(viewLengths),
    effectiveSessions: total(viewLengths) ** 2 / Math.max(1, squares),
    repeatShare: steps.toViewed / Math.max(1, steps.of),
    alikeShare: alike.found / Math.max(1, alike.of),
  };
}

/**
 * The newest of the sessions that an index keeps, as far back as it has kept all of them: further back those of much
 * viewed products alone are left out (`indexPastSessions`), and what is left is not what the shop's sessions are like.
 */
export function newestComplete({ offsets, views, occurrenceOffsets }: PastSessions): Sessions {
  const kept = (product: number) => occurrenceOffsets[product + 1] - occurrenceOffsets[product];
  let most = 0;
  for (let product = 0; product + 1 < occurrenceOffsets.length; product++) most = Math.max(most, kept(product));
  const counts = new Uint32Array(occurrenceOffsets.length - 1);
  let first = offsets.length - 1;
  for (let isComplete = true; isComplete && first > 0; ) {
    first--;
    for (const product of views.subarray(offsets[first], offsets[first + 1])) {
      if (++counts[product] >= most) isComplete = false;
    }
  }
  return {
    offsets: offsets.slice(first).map((offset) => offset - offsets[first]),
    views: views.subarray(offsets[first]),
  };
}
