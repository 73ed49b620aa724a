import type { Database } from '../clicks/database.ts';
import { explainedLater } from '../clicks/explain-reading.ts';
import { linesOf } from '../clicks/reject-rows.ts';
import { newName, numbered } from '../clicks/scan.ts';
import { REJECTED_ROWS_DDL, type SourceFile } from '../clicks/source-file.ts';
import { identifier, literal } from '../clicks/sql.ts';
import { InputError } from '../errors.ts';
import { CatalogueBuilder, type RowFault } from './build-catalogue.ts';
import { FeedColumns, type FeedReading } from './feed-columns.ts';
import { type FeedScan, rowsOfFeed, scanFeed } from './scan-feed.ts';

export interface ReadFeed {
  builder: CatalogueBuilder;
  acceptedRows: number;
  rejectedRows: number;
}

/**
 * Reads a feed; rows that cannot be used go to `rejected_rows` (file, line, column, reason, content).
 *
 * @param folder for temporary files. @throws InputError when the file as a whole cannot be used.
 */
export async function readFeed(
  database: Database,
  file: SourceFile,
  reading: FeedReading,
  folder: string,
): Promise<ReadFeed> {
  await database.run(REJECTED_ROWS_DDL);
  const feedColumns = new FeedColumns(reading);
  const feed = await scanFeed(database, file, feedColumns, folder);
  const builder = new CatalogueBuilder(feed.columns, feedColumns);
  const faults: (RowFault & { row: number })[] = [];
  let row = 0;
  await explainedLater([feed.scan], async () => {
    for await (const cells of rowsOfFeed(database, feed)) {
      const fault = builder.add(cells);
      if (fault !== undefined) faults.push({ ...fault, row });
      row++;
    }
  });
  await rejectFeedRows(database, feed, faults);
  const [{ n }] = await database.rows('SELECT count(*)::INTEGER AS n FROM rejected_rows');
  const rejectedRows = Number(n);
  const acceptedRows = row - faults.length;
  if (acceptedRows + rejectedRows === 0) {
    throw new InputError(`${file.name} has columns but not one row: export the feed again.`);
  }
  return { builder, acceptedRows, rejectedRows };
}

const BATCH = 1_000;

/** @param faults ascending by row, from 0. */
async function rejectFeedRows(
  database: Database,
  { scan, columns }: FeedScan,
  faults: readonly (RowFault & { row: number })[],
): Promise<void> {
  const [scanned] = scan.files;
  const lines = await linesOf(
    database,
    scanned,
    faults.map(({ row }) => row),
  );
  await database.run('CREATE OR REPLACE TEMP TABLE faults (place BIGINT, line BIGINT, field VARCHAR, reason VARCHAR)');
  for (let i = 0; i < faults.length; i += BATCH) {
    const values = faults
      .slice(i, i + BATCH)
      .map(({ row, column, reason }, k) => `(${row}, ${lines[i + k]}, ${literal(column)}, ${literal(reason)})`);
    await database.run(`INSERT INTO faults VALUES ${values.join(', ')}`);
  }
  if (faults.length === 0) return;
  const { from, number } = numbered(scan);
  // A column of the feed may have any of these names.
  const own = ['place', 'line', 'field', 'reason'].map((name) => ({ name, unique: newName(name, columns) }));
  const renamed = own.map(({ name, unique }) => `${name} AS ${unique}`).join(', ');
  const [place, line, field, reason] = own.map(({ unique }) => unique);
  const pack = columns.map((name) => `${identifier(name)} := ${identifier(name)}`).join(', ');
  await database.run(
    `INSERT INTO rejected_rows SELECT ${literal(scanned.file.name)}, ${line}, ${field}, ${reason}, to_json(struct_pack(${pack}))::VARCHAR
       FROM ${from} JOIN (SELECT ${renamed} FROM faults) ON ${place} = ${number} ORDER BY ${place}`,
  );
}
