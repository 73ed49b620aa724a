import {
  type Container,
  decodeContainer,
  encodeContainer,
  finiteSectionOf,
  hasSection,
  sectionOf,
} from '../artifacts/binary-container.ts';
import { decodeStrings, type EncodedStrings, encodeStrings } from '../artifacts/encoded-strings.ts';
import { type PackedNumbers, packNumbers, unpackNumbers } from './packed-numbers.ts';

/**
 * The views of a clickstream as numbers, in the order of the files: what `ingest` hands to `sequence`, so that ids, times
 * and weights are understood once (`views.bin`).
 */
export interface Views {
  /** By first appearance. */
  sessionIds: string[];
  /** By first appearance. */
  productIds: string[];
  /** (viewCount) */
  sessions: Int32Array;
  /** (viewCount) */
  products: Int32Array;
  /** (viewCount) milliseconds since the epoch; undefined when the clickstream has no time. */
  timesMs: Float64Array | undefined;
  /** (viewCount) position in the session; undefined when the time says it, or the file. */
  orders: Float64Array | undefined;
  /** (viewCount) how much each view counts; undefined when all count 1. */
  weights: Float64Array | undefined;
  /** (fileCount) the view after the last one of each file. */
  fileEnds: Int32Array;
  /** A session ends where the pause is longer, in milliseconds; undefined: sessions are whole. */
  gapMs: number | undefined;
  /** The columns that order the views of a session, as the user names them; undefined: the file does. */
  orderedBy: string | undefined;
}

const KIND = 'views';
/** 1 has times and orders as they are, in f64. */
const VERSION = 2;
/** Of times: days, seconds, milliseconds. */
const TIME_STEPS_MS = [86_400_000, 1000, 1];

/** Views whose ids are bytes: a message to another thread copies nothing of arrays in shared memory. */
export interface EncodedViews extends Omit<Views, 'sessionIds' | 'productIds'> {
  sessionIds: EncodedStrings;
  productIds: EncodedStrings;
}

export function encodeIdsOfViews(views: Views): EncodedViews {
  return { ...views, sessionIds: encodeStrings(views.sessionIds), productIds: encodeStrings(views.productIds) };
}

export function encodeViews(views: Views): Uint8Array {
  return viewsFileOf(encodeIdsOfViews(views));
}

/** The second half of `encodeViews`. */
export function viewsFileOf(views: EncodedViews): Uint8Array {
  const { sessionIds: sessions, productIds: products, timesMs, weights } = views;
  const times = timesMs && packNumbers(timesMs, TIME_STEPS_MS);
  const orders = views.orders && packNumbers(views.orders, [1]);
  return encodeContainer({
    kind: KIND,
    kindVersion: VERSION,
    meta: {
      ...(views.gapMs !== undefined && { gapMs: views.gapMs }),
      ...(views.orderedBy !== undefined && { orderedBy: views.orderedBy }),
      ...(times !== undefined && { timesMs: { base: times.base, step: times.step } }),
      ...(orders !== undefined && { orders: { base: orders.base, step: orders.step } }),
    },
    sections: {
      sessionIds: sessions.bytes,
      sessionIdOffsets: sessions.offsets,
      productIds: products.bytes,
      productIdOffsets: products.offsets,
      sessions: views.sessions,
      products: views.products,
      ...(times !== undefined && { timesMs: times.values }),
      ...(orders !== undefined && { orders: orders.values }),
      ...(weights !== undefined && { weights }),
      fileEnds: views.fileEnds,
    },
  });
}

/** @throws ArtifactError when the file is torn or newer than this code. */
export function decodeViews(file: Uint8Array): Views {
  const container = decodeContainer(file, KIND, VERSION);
  const strings = (name: string) =>
    decodeStrings(sectionOf(container, `${name}s`, Uint8Array), sectionOf(container, `${name}Offsets`, Uint32Array));
  return {
    sessionIds: strings('sessionId'),
    productIds: strings('productId'),
    sessions: sectionOf(container, 'sessions', Int32Array),
    products: sectionOf(container, 'products', Int32Array),
    timesMs: numbersOf(container, 'timesMs'),
    orders: numbersOf(container, 'orders'),
    weights: numbersOf(container, 'weights'),
    fileEnds: sectionOf(container, 'fileEnds', Int32Array),
    gapMs: container.meta['gapMs'] as number | undefined,
    orderedBy: container.meta['orderedBy'] as string | undefined,
  };
}

/** An optional section of numbers, packed or as they are. */
function numbersOf(container: Container, name: string): Float64Array | undefined {
  if (!hasSection(container, name)) return undefined;
  const values = container.sections[name];
  if (values instanceof Uint8Array || values instanceof Uint16Array || values instanceof Uint32Array) {
    const { base, step } = container.meta[name] as Omit<PackedNumbers, 'values'>;
    return unpackNumbers({ base, step, values });
  }
  return finiteSectionOf(container, name, Float64Array);
}
