import { InputError } from '../errors.ts';
import type { Corpus } from './corpus.ts';
import { type EventClasses, KIND_NUMBER } from './event-kinds.ts';
import { countVisits } from './heard-views.ts';
import type { OrderedViews } from './order-views.ts';

/**
 * Numbers the products by falling view count, equal counts by first appearance, and drops those that appear in no
 * session of two or more views. An immediate repeat counts as one view, as in the seed's sequences, and of one session
 * at most three views of a product count: see `heardViews`.
 *
 * @param classes what the weights say about the events. @default all are views
 * @throws InputError when no session has two views: there is nothing to learn from.
 */
export function buildCorpus(ordered: OrderedViews, classes?: EventClasses): Corpus {
  const { sessionNumbers, productNumbers, sessionIds, productIds, weights } = ordered;
  if (sessionIds.length === 0) {
    throw new InputError(
      `None of the ${ordered.totals.sessions} sessions has two or more views, so there is nothing to learn from. Check that the session column really holds a session's id (found as many ids as views?), or upload a longer period.`,
    );
  }
  const offsets = new Uint32Array(sessionIds.length + 1);
  for (let i = 0; i < productNumbers.length; i++) offsets[sessionNumbers[i] + 1] = i + 1;
  const counts = countVisits(
    {
      offsets,
      views: new Uint32Array(productNumbers.buffer, productNumbers.byteOffset, productNumbers.length),
      weights,
    },
    productIds.length,
  );

  const byFallingCount = Array.from(counts.keys())
    .filter((product) => counts[product] > 0)
    .sort((a, b) => counts[b] - counts[a] || a - b);
  const newNumber = new Uint32Array(productIds.length);
  byFallingCount.forEach((product, i) => {
    newNumber[product] = i;
  });

  const views = new Uint32Array(productNumbers.length);
  for (let i = 0; i < views.length; i++) views[i] = newNumber[productNumbers[i]];
  return {
    productIds: byFallingCount.map((product) => productIds[product]),
    viewCounts: Uint32Array.from(byFallingCount, (product) => counts[product]),
    sessionIds,
    startTimesMs: ordered.startTimesMs,
    offsets,
    views,
    weights,
    kinds: classes && kindsOf(productNumbers.length, weights, classes),
  };
}

/** @returns undefined when all are views. */
function kindsOf(viewCount: number, weights: Float32Array | undefined, { kindOf }: EventClasses) {
  if (weights === undefined) {
    const kind = kindOf(1);
    return kind === 'view' ? undefined : new Uint8Array(viewCount).fill(KIND_NUMBER[kind]);
  }
  const kinds = Uint8Array.from(weights, (weight) => KIND_NUMBER[kindOf(weight)]);
  return kinds.some((kind) => kind !== KIND_NUMBER.view) ? kinds : undefined;
}
