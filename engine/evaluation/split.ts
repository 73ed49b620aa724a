import type { Corpus, Sessions } from '../clicks/corpus.ts';
import { countVisits } from '../clicks/heard-views.ts';
import { type AskedSessions, askedViews, DEFAULT_QUESTION, type Question } from './question.ts';

export interface Split {
  /** The earlier sessions, numbered by their own view counts: nothing of the later ones shows in it. */
  train: Corpus;
  /** The later sessions, in the numbers of `train`. Views of products that it does not know are left out. */
  later: AskedSessions;
}

/** Splits between sessions, never inside one: sessions before `firstLater` are the earlier ones. */
export function splitAt(corpus: Corpus, firstLater: number, question: Question = DEFAULT_QUESTION): Split {
  const { offsets, views, startTimesMs, weights, kinds } = corpus;
  const end = offsets[firstLater];
  const earlier = {
    offsets: offsets.slice(0, firstLater + 1),
    views: views.subarray(0, end),
    weights: weights?.subarray(0, end),
    kinds: kinds?.subarray(0, end),
  };
  const counts = countVisits(earlier, corpus.productIds.length);
  // A Set keeps the order of first views, and sorting keeps it among equal counts.
  const known = [...new Set(earlier.views)].sort((a, b) => counts[b] - counts[a]);
  const numberOf = new Map(known.map((product, number) => [product, number]));
  const later = renumbered(corpus, firstLater, numberOf);
  return {
    train: {
      productIds: known.map((product) => corpus.productIds[product]),
      viewCounts: Uint32Array.from(known, (product) => counts[product]),
      sessionIds: corpus.sessionIds.slice(0, firstLater),
      startTimesMs: startTimesMs?.slice(0, firstLater),
      ...earlier,
      views: earlier.views.map((product) => numberOf.get(product)!),
    },
    later: { ...later, isAsked: askedViews(later, question) },
  };
}

function renumbered(
  { offsets, views, weights, kinds }: Sessions,
  from: number,
  numberOf: ReadonlyMap<number, number>,
): Sessions {
  const newViews: number[] = [];
  /** The view that each is. */
  const kept: number[] = [];
  const newOffsets = [0];
  for (let session = from; session + 1 < offsets.length; session++) {
    for (let i = offsets[session]; i < offsets[session + 1]; i++) {
      const number = numberOf.get(views[i]);
      if (number === undefined) continue;
      newViews.push(number);
      kept.push(i);
    }
    newOffsets.push(newViews.length);
  }
  return {
    offsets: Uint32Array.from(newOffsets),
    views: Uint32Array.from(newViews),
    weights: weights && Float32Array.from(kept, (view) => weights[view]),
    kinds: kinds && Uint8Array.from(kept, (view) => kinds[view]),
  };
}
