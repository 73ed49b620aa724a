import {
  decodeContainer,
  encodeContainer,
  finiteSectionOf,
  hasSection,
  sectionOf,
} from '../artifacts/binary-container.ts';
import { decodeStrings, type EncodedStrings, encodeStrings } from '../artifacts/encoded-strings.ts';
import { allBelow, isPartition } from '../artifacts/section-checks.ts';
import { ArtifactError } from '../errors.ts';
import { type ArraySpace, OWN_SPACE, uint32 } from '../numeric/array-space.ts';
import { offsetsOf } from '../numeric/grouping.ts';
import { EVENT_KINDS } from './event-kinds.ts';

/**
 * The sessions of a run as integers: what every trainer and scorer reads (`corpus.bin`). The same sessions stand in
 * `sequential_products` with their ids as text, for people.
 *
 * Products are numbered by falling view count, equal counts by first view, so that any minimum count keeps a prefix.
 * Sessions are ordered by their start time where the clickstream has one, else by first appearance: the later
 * sessions are always the tail.
 */
export interface Corpus {
  /** (productCount) */
  productIds: string[];
  /** (productCount) views in the kept sessions, immediate repeats counted once and of one session at most three. Falling. */
  viewCounts: Uint32Array;
  /** (sessionCount) */
  sessionIds: string[];
  /** (sessionCount) milliseconds since the epoch; undefined when the clickstream has no time. */
  startTimesMs: Float64Array | undefined;
  /** (sessionCount + 1) session s has the views [offsets[s], offsets[s + 1]). */
  offsets: Uint32Array;
  /** (viewCount) product numbers, oldest first in each session. Immediate repeats are kept: see `collapseRepeats`. */
  views: Uint32Array;
  /** (viewCount) how much each counts, above 0; undefined when all count 1. */
  weights?: Float32Array | undefined;
  /** (viewCount) `KIND_NUMBER` of each: a view, a cart or a purchase; undefined when all are views. */
  kinds?: Uint8Array | undefined;
}

const KIND = 'corpus';
const VERSION = 1;

/** The ids as they are written. */
export interface CorpusIds {
  products: EncodedStrings;
  sessions: EncodedStrings;
}

export function encodeIds({ productIds, sessionIds }: Pick<Corpus, 'productIds' | 'sessionIds'>): CorpusIds {
  return { products: encodeStrings(productIds), sessions: encodeStrings(sessionIds) };
}

/** @param ids of this corpus, where they are encoded already. */
export function encodeCorpus(corpus: Corpus, { products, sessions }: CorpusIds = encodeIds(corpus)): Uint8Array {
  return encodeContainer({
    kind: KIND,
    kindVersion: VERSION,
    meta: {},
    sections: {
      productIds: products.bytes,
      productIdOffsets: products.offsets,
      viewCounts: corpus.viewCounts,
      sessionIds: sessions.bytes,
      sessionIdOffsets: sessions.offsets,
      ...(corpus.startTimesMs !== undefined && { startTimesMs: corpus.startTimesMs }),
      offsets: corpus.offsets,
      views: corpus.views,
      ...(corpus.weights !== undefined && { weights: corpus.weights }),
      ...(corpus.kinds !== undefined && { kinds: corpus.kinds }),
    },
  });
}

/** @throws ArtifactError when the file is torn, newer than this code, or contradicts itself. */
export function decodeCorpus(file: Uint8Array): Corpus {
  const container = decodeContainer(file, KIND, VERSION);
  const strings = (name: string) =>
    decodeStrings(sectionOf(container, `${name}s`, Uint8Array), sectionOf(container, `${name}Offsets`, Uint32Array));
  const corpus: Corpus = {
    productIds: strings('productId'),
    viewCounts: sectionOf(container, 'viewCounts', Uint32Array),
    sessionIds: strings('sessionId'),
    startTimesMs: hasSection(container, 'startTimesMs')
      ? finiteSectionOf(container, 'startTimesMs', Float64Array)
      : undefined,
    offsets: sectionOf(container, 'offsets', Uint32Array),
    views: sectionOf(container, 'views', Uint32Array),
    weights: hasSection(container, 'weights') ? finiteSectionOf(container, 'weights', Float32Array) : undefined,
    kinds: hasSection(container, 'kinds') ? sectionOf(container, 'kinds', Uint8Array) : undefined,
  };
  const fault = faultIn(corpus);
  if (fault !== undefined) throw new ArtifactError(`The ${KIND} file contradicts itself (${fault}): train a new run.`);
  return corpus;
}

function faultIn(corpus: Corpus): string | undefined {
  const { productIds, viewCounts, sessionIds, startTimesMs, offsets, views, weights, kinds } = corpus;
  if (viewCounts.length !== productIds.length) return `${viewCounts.length} view counts, ${productIds.length} products`;
  const times = startTimesMs?.length ?? sessionIds.length;
  if (times !== sessionIds.length) return `${times} start times, ${sessionIds.length} sessions`;
  if (!isPartition(offsets, sessionIds.length, views.length)) return 'the sessions and their views do not fit together';
  if (!allBelow(views, productIds.length)) return 'a session names a product that is not there';
  const weightCount = weights?.length ?? views.length;
  if (weightCount !== views.length) return `${weightCount} weights, ${views.length} views`;
  if (weights?.some((weight) => weight <= 0)) return 'a view has a weight that is not above 0';
  const kindCount = kinds?.length ?? views.length;
  if (kindCount !== views.length) return `${kindCount} kinds of events, ${views.length} views`;
  return kinds?.some((kind) => kind >= EVENT_KINDS.length) ? 'a view is of no known kind' : undefined;
}

/**
 * The sessions [from, to) alone. Products keep their numbers, and their view counts those of the whole corpus: only to be
 * split further or counted anew.
 */
export function sliceSessions(corpus: Corpus, from: number, to: number): Corpus {
  const start = corpus.offsets[from];
  return {
    ...corpus,
    sessionIds: corpus.sessionIds.slice(from, to),
    startTimesMs: corpus.startTimesMs?.slice(from, to),
    offsets: corpus.offsets.slice(from, to + 1).map((offset) => offset - start),
    views: corpus.views.slice(start, corpus.offsets[to]),
    weights: corpus.weights?.slice(start, corpus.offsets[to]),
    kinds: corpus.kinds?.slice(start, corpus.offsets[to]),
  };
}

/** Flat sessions: (sessionCount + 1) offsets into the views. */
export type Sessions = Pick<Corpus, 'offsets' | 'views' | 'weights' | 'kinds'>;

/** These sessions in this order, with all that is known of their views. */
export function pickSessions({ offsets, views, weights, kinds }: Sessions, sessions: readonly number[]): Sessions {
  const newOffsets = offsetsOf(sessions.map((session) => offsets[session + 1] - offsets[session]));
  const viewCount = newOffsets[sessions.length];
  const picked = {
    offsets: newOffsets,
    views: new Uint32Array(viewCount),
    weights: weights && new Float32Array(viewCount),
    kinds: kinds && new Uint8Array(viewCount),
  };
  sessions.forEach((session, s) => {
    const [from, to] = [offsets[session], offsets[session + 1]];
    picked.views.set(views.subarray(from, to), newOffsets[s]);
    picked.weights?.set(weights!.subarray(from, to), newOffsets[s]);
    picked.kinds?.set(kinds!.subarray(from, to), newOffsets[s]);
  });
  return picked;
}

/** Sessions of which nothing but the products counts. */
export type Sequences = Pick<Corpus, 'offsets' | 'views'>;

/** Consecutive views of the same product become one, as the seed does. */
export function collapseRepeats({ offsets, views }: Sequences, space: ArraySpace = OWN_SPACE): Sequences {
  const collapsed = uint32(space, views.length);
  const newOffsets = uint32(space, offsets.length);
  let end = 0;
  for (let s = 0; s + 1 < offsets.length; s++) {
    for (let i = offsets[s]; i < offsets[s + 1]; i++) {
      if (i === offsets[s] || views[i] !== views[i - 1]) collapsed[end++] = views[i];
    }
    newOffsets[s + 1] = end;
  }
  return { offsets: newOffsets, views: collapsed.subarray(0, end) };
}
