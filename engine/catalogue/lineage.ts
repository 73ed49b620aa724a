import * as z from 'zod';

/** A feed as part of what a catalogue is made of. */
const feedEntrySchema = z.object({
  /** Of the load; its own rows stand in `catalogue/<version>/`. */
  version: z.string().min(1),
  /** Names the upload: the same upload is taken once, however often it is announced. */
  id: z.string().min(1),
  /** ISO 8601, UTC. */
  uploadedAt: z.string().min(1),
});
export type FeedEntry = z.infer<typeof feedEntrySchema>;

/** A full feed, and the deltas that were uploaded after it, oldest first. */
export const lineageSchema = z.object({ base: feedEntrySchema, deltas: z.array(feedEntrySchema) });
export type Lineage = z.infer<typeof lineageSchema>;

/** What a feed makes of a lineage. */
export type Step =
  /** It was taken before. */
  | { kind: 'repeated' }
  /** A full feed that was uploaded later says more. */
  | { kind: 'outdated'; by: FeedEntry }
  /** It comes last: the live catalogue with it is the new one. */
  | { kind: 'next'; lineage: Lineage }
  /** It belongs before some deltas: the new catalogue is composed anew. */
  | { kind: 'compose'; lineage: Lineage };

/**
 * Where a feed belongs among those that are live. Uploads count in the order of their upload, whatever order they are
 * announced in, so that the catalogue is the same for every order.
 *
 * @param live undefined when there is no catalogue; then only a full feed makes one.
 */
export function placeFeed(live: Lineage | undefined, kind: 'full' | 'delta', entry: FeedEntry): Step | undefined {
  if (live === undefined) return kind === 'full' ? { kind: 'next', lineage: { base: entry, deltas: [] } } : undefined;
  const { base, deltas } = live;
  if ([base, ...deltas].some(({ id }) => id === entry.id)) return { kind: 'repeated' };
  if (isBefore(entry, base)) return { kind: 'outdated', by: base };
  const later = deltas.filter((delta) => isBefore(entry, delta));
  if (kind === 'full')
    return { kind: later.length === 0 ? 'next' : 'compose', lineage: { base: entry, deltas: later } };
  const earlier = deltas.filter((delta) => !isBefore(entry, delta));
  const lineage = { base, deltas: [...earlier, entry, ...later] };
  return { kind: later.length === 0 ? 'next' : 'compose', lineage };
}

/** S3 tells the time of an upload to the second; then any order will do, as long as it is always the same. */
function isBefore(a: FeedEntry, b: FeedEntry): boolean {
  const difference = Date.parse(a.uploadedAt) - Date.parse(b.uploadedAt);
  return difference !== 0 ? difference < 0 : a.id < b.id;
}

/** Versions that the catalogue can be composed of anew. */
export function versionsOf({ base, deltas }: Lineage): string[] {
  return [base, ...deltas].map(({ version }) => version);
}
