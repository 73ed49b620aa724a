import type { FeedRecord } from '../../engine/catalogue/feed-record.ts';
import type { FeedSource } from './load-feed.ts';

/** The record of a feed that could not be used at all. */
export function failedRecord(
  { name, id, uploadedAt, sizeBytes }: FeedSource,
  { version, loadedAt, kind, reason }: Pick<FeedRecord, 'version' | 'loadedAt' | 'kind' | 'reason'>,
): FeedRecord {
  return {
    version,
    loadedAt,
    kind,
    feed: { name, id, uploadedAt, sizeBytes, sha256: '' },
    outcome: 'failed',
    reason,
    forced: false,
    counts: { rows: 0, rejectedRows: 0, repeatedIds: 0 },
    notes: [],
  };
}
