import type { Database } from '../clicks/database.ts';
import { explainedLater, withoutEnd } from '../clicks/explain-reading.ts';
import { linesOf } from '../clicks/reject-rows.ts';
import { newName, numbered } from '../clicks/scan.ts';
import { REJECTED_ROWS_DDL, type SourceFile } from '../clicks/source-file.ts';
import { identifier, literal } from '../clicks/sql.ts';
import { InputError } from '../errors.ts';
import { CatalogueBuilder, type RowFault } from './build-catalogue.ts';
import { FeedColumns, type FeedReading, ID_FIELD } from './feed-columns.ts';
import { feedFormatOf } from './feed-formats.ts';
import { type FeedScan, rowsOfFeed, scanFeed } from './scan-feed.ts';

export interface ReadFeed {
  builder: CatalogueBuilder;
  acceptedRows: number;
  rejectedRows: number;
  /** Where and why the first of them cannot be used. */
  firstReject: string | undefined;
  /** Of the rejected rows, those that are not UTF-8. */
  notUtf8Rows: number;
  /** Rows whose id comes again further down. */
  repeatedIds: number;
  /** Field → products that lose their value by that. */
  overwrittenValues: ReadonlyMap<string, number>;
}

/**
 * Reads a feed; rows that cannot be used go to `rejected_rows` (file, line, column, reason, content).
 *
 * @param folder for temporary files. @param linesOfItems where each record began in the file that the shop sent, from 1;
 * undefined: where it stands in this one. @throws InputError when the file as a whole cannot be used.
 */
export async function readFeed(
  database: Database,
  file: SourceFile,
  reading: FeedReading,
  folder: string,
  linesOfItems?: readonly number[],
): Promise<ReadFeed> {
  await database.run(REJECTED_ROWS_DDL);
  const format = feedFormatOf(reading.format);
  const feedColumns = new FeedColumns(
    format === undefined ? reading : { ...reading, columns: Object.fromEntries(format.columns.map(unmapped)) },
  );
  const feed = await scanFeed(database, file, feedColumns, folder, format?.columns);
  const builder =
    format === undefined
      ? new CatalogueBuilder(feed.names, feedColumns)
      : new CatalogueBuilder(format.fields, new FeedColumns({ kind: reading.kind, deletes: reading.deletes }));
  const faults: (RowFault & { row: number })[] = [];
  let row = 0;
  await explainedLater([feed.scan], async () => {
    for await (const cells of rowsOfFeed(database, feed)) {
      const fault = builder.add(format === undefined ? cells : format.rowOf(cells));
      if (fault !== undefined) faults.push({ ...fault, row });
      row++;
    }
  });
  await rejectFeedRows(database, feed, faults, linesOfItems);
  const [{ n, notUtf8, first }] = await database.rows(
    `SELECT count(*)::INTEGER AS n, count(*) FILTER (reason LIKE 'invalid encoding%')::INTEGER AS notUtf8, arg_min('line ' || line || coalesce(', column ' || "column", '') || ': ' || left(reason, 300), line) AS first FROM rejected_rows`,
  );
  const rejectedRows = Number(n);
  const acceptedRows = row - faults.length;
  if (acceptedRows + rejectedRows === 0) {
    throw new InputError(`${file.name} has columns but not one row: export the feed again.`);
  }
  const repeats = format?.repeats === true;
  return {
    builder,
    acceptedRows,
    rejectedRows,
    firstReject: rejectedRows === 0 ? undefined : withoutEnd(String(first)),
    notUtf8Rows: Number(notUtf8),
    repeatedIds: repeats ? 0 : builder.replacedRows,
    overwrittenValues: repeats ? new Map() : builder.overwrittenValues,
  };
}

/** A format says itself what its columns mean; they only have to be there, and the first is the id. */
function unmapped(column: string, i: number): [string, string] {
  return [i === 0 ? ID_FIELD : column, column];
}

const BATCH = 1_000;

/** @param faults ascending by row, from 0. */
async function rejectFeedRows(
  database: Database,
  { scan, columns }: FeedScan,
  faults: readonly (RowFault & { row: number })[],
  linesOfItems: readonly number[] | undefined,
): Promise<void> {
  const [scanned] = scan.files;
  const rows = faults.map(({ row }) => row);
  const records = await linesOf(database, scanned, rows);
  const lines = linesOfItems === undefined ? records : records.map((record) => linesOfItems[record - 1]);
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
