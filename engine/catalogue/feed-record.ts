import * as z from 'zod';
import { catalogueFactsSchema } from './catalogue-facts.ts';
import { lineageSchema } from './lineage.ts';

const count = z.int().min(0);

/** What became of a feed: `catalogue/<version>/feed.json`. */
export const feedRecordSchema = z.object({
  version: z.string().min(1),
  /** ISO 8601, UTC. */
  loadedAt: z.string().min(1),
  kind: z.enum(['full', 'delta']),
  feed: z.object({
    name: z.string(),
    /** Names this upload of it. */
    id: z.string().min(1),
    uploadedAt: z.string().min(1),
    sizeBytes: count,
    /** Of the file as it was given; empty when it could not be read. */
    sha256: z.string(),
  }),
  /**
   * `live`: answers. `refused`: would have lost too much. `outdated`: a later full feed was loaded before. `failed`: cannot
   * be used.
   */
  outcome: z.enum(['live', 'refused', 'outdated', 'failed']),
  /** A sentence; what a person overruled with `--force` stands in it. */
  reason: z.string(),
  forced: z.boolean(),
  counts: z.object({
    rows: count,
    rejectedRows: count,
    /** Rows whose id comes again further down. */
    repeatedIds: count,
  }),
  /** Why the first of the rejected rows cannot be used; absent where none was, and in what earlier releases wrote. */
  firstReject: z.string().optional(),
  /** Only of a delta. */
  changes: z
    .object({
      added: count,
      updated: count,
      deleted: count,
      unknownDeletions: count,
      cleared: z.record(z.string(), count),
    })
    .optional(),
  /** Of the catalogue that the feed leads to, and of the one that was live before. */
  facts: catalogueFactsSchema.optional(),
  before: catalogueFactsSchema.optional(),
  /** What the catalogue is made of; none where there is none. */
  lineage: lineageSchema.optional(),
  /** What is worth knowing and no fault. */
  notes: z.array(z.string()),
});
export type FeedRecord = z.infer<typeof feedRecordSchema>;
