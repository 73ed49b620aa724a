import {
  decodeContainer,
  decodeStrings,
  encodeContainer,
  encodeStrings,
  finiteSectionOf,
  hasSection,
  sectionOf,
} from '../artifacts/binary-container.ts';

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
const VERSION = 1;

export function encodeViews(views: Views): Uint8Array {
  const sessions = encodeStrings(views.sessionIds);
  const products = encodeStrings(views.productIds);
  const { timesMs, orders, weights } = views;
  return encodeContainer({
    kind: KIND,
    kindVersion: VERSION,
    meta: {
      ...(views.gapMs !== undefined && { gapMs: views.gapMs }),
      ...(views.orderedBy !== undefined && { orderedBy: views.orderedBy }),
    },
    sections: {
      sessionIds: sessions.bytes,
      sessionIdOffsets: sessions.offsets,
      productIds: products.bytes,
      productIdOffsets: products.offsets,
      sessions: views.sessions,
      products: views.products,
      ...(timesMs !== undefined && { timesMs }),
      ...(orders !== undefined && { orders }),
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
  const optional = (name: string) =>
    hasSection(container, name) ? finiteSectionOf(container, name, Float64Array) : undefined;
  return {
    sessionIds: strings('sessionId'),
    productIds: strings('productId'),
    sessions: sectionOf(container, 'sessions', Int32Array),
    products: sectionOf(container, 'products', Int32Array),
    timesMs: optional('timesMs'),
    orders: optional('orders'),
    weights: optional('weights'),
    fileEnds: sectionOf(container, 'fileEnds', Int32Array),
    gapMs: container.meta['gapMs'] as number | undefined,
    orderedBy: container.meta['orderedBy'] as string | undefined,
  };
}
