import { join } from 'node:path';
import { encodeCatalogue } from '../../engine/catalogue/catalogue-file.ts';
import { catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import type { FeedReading } from '../../engine/catalogue/feed-columns.ts';
import type { FeedRecord } from '../../engine/catalogue/feed-record.ts';
import { readFeed } from '../../engine/catalogue/read-feed.ts';
import { detectEncoding } from '../../engine/clicks/source-format.ts';
import { literal } from '../../engine/clicks/sql.ts';
import { inspectCurrentCatalogue, moveCurrentCatalogue } from '../shared/catalogue/current-catalogue.ts';
import { withDatabase } from '../shared/duckdb/duckdb.ts';
import { openSourceFile } from '../shared/duckdb/open-source-file.ts';
import { type ArtifactStore, putJson } from '../shared/store/artifact-store.ts';

export interface FeedSource {
  /** Where the file is. */
  store: ArtifactStore;
  key: string;
  sizeBytes: number;
}

export interface FeedOptions extends FeedReading {
  encoding?: 'utf-8' | 'latin-1' | 'utf-16';
}

/**
 * Makes a catalogue of a feed and makes it live.
 *
 * @param version names the new catalogue. @param loadedAt ISO 8601, UTC.
 * @throws InputError when the file cannot be used. @throws ConflictError when another feed went live meanwhile.
 */
export function loadFeed(
  store: ArtifactStore,
  source: FeedSource,
  { encoding = 'utf-8', ...reading }: FeedOptions,
  { version, loadedAt }: { version: string; loadedAt: string },
): Promise<FeedRecord> {
  return withDatabase(async (database, folder) => {
    const path = join(folder, 'source');
    await source.store.download(source.key, path);
    const { file, sha256 } = await openSourceFile(path, source.key, (start) => detectEncoding(start, encoding));
    const { builder, acceptedRows, rejectedRows } = await readFeed(database, file, reading, folder);
    const rejectsPath = join(folder, 'rejected_rows.parquet');
    await database.run(
      `COPY (SELECT * FROM rejected_rows ORDER BY file, line) TO ${literal(rejectsPath)} (FORMAT parquet)`,
    );
    await store.upload(catalogueKey(version, 'rejected_rows'), rejectsPath);

    const before = await inspectCurrentCatalogue(store);
    const catalogue = builder.finish(version);
    const record: FeedRecord = {
      version,
      loadedAt,
      feed: { name: source.key, sizeBytes: source.sizeBytes, sha256 },
      counts: {
        rows: acceptedRows,
        rejectedRows,
        repeatedIds: builder.replacedRows,
        products: catalogue.productIds.length,
      },
    };
    await store.put(catalogueKey(version, 'catalogue'), encodeCatalogue(catalogue));
    await putJson(store, catalogueKey(version, 'feed'), record);
    await moveCurrentCatalogue(store, version, loadedAt, before);
    return record;
  });
}
