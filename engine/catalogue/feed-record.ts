import * as z from 'zod';

const count = z.int().min(0);

/** What became of a feed: `catalogue/<version>/feed.json`. */
const feedRecordSchema = z.object({
  version: z.string().min(1),
  /** ISO 8601, UTC. */
  loadedAt: z.string().min(1),
  feed: z.object({
    name: z.string(),
    sizeBytes: count,
    /** Of the file as it was given. */
    sha256: z.string(),
  }),
  counts: z.object({
    rows: count,
    rejectedRows: count,
    /** Rows whose id came again further down. */
    repeatedIds: count,
    products: count,
  }),
});
export type FeedRecord = z.infer<typeof feedRecordSchema>;
