import { InputError } from '../errors.ts';
import type { CsvLayout } from './csv-header.ts';
import type { Database } from './database.ts';
import type { Scan } from './scan.ts';
import type { SourceFile } from './source-file.ts';
import { literal } from './sql.ts';
import { TEMPORARY_PARQUET } from './temporary-parquet.ts';
import { readRecords, refusedBy, rowsPerFile } from './text-records.ts';

/**
 * Reads CSV files of one layout into a Parquet file at `path`, every value as text, and adds the records that cannot be
 * taken apart to `rejected_rows`, with the number of the record as their line.
 *
 * @throws InputError when the quotes of a file are wrong.
 */
export async function readCsv(
  database: Database,
  files: readonly SourceFile[],
  layout: CsvLayout,
  path: string,
): Promise<Scan> {
  const columns = `{${layout.columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`;
  const options = `delim = ${literal(layout.delimiter)}, header = ${layout.hasHeader}, skip = ${layout.skipLines}, quote = '"', escape = '"', comment = ''`;
  const from = `read_parquet(${literal(path)})`;
  const { files: readFiles, refused } = await readRecords(
    database,
    files,
    columns,
    options,
    (records) => `COPY (SELECT * FROM ${records}) TO ${literal(path)} (${TEMPORARY_PARQUET})`,
  );
  const paths = readFiles.map((file) => file.path);
  if (refused.length > 0) {
    await refuseUnclosedQuote(database, readFiles);
    // A record may have several errors and is one row nevertheless; its text may begin with the line end before it.
    await database.run(
      `INSERT INTO rejected_rows
         SELECT DISTINCT ON (index, line) list_extract([${readFiles.map(({ name }) => literal(name)).join(', ')}], index + 1),
           line, column_name, lower(error_type) || ': ' || error_message, ltrim(csv_line, chr(10) || chr(13))
         FROM ${refusedBy(paths)} ORDER BY index, line, column_idx`,
    );
  }
  const rows = await rowsPerFile(database, readFiles, columns, options, from);
  const before = layout.skipLines + (layout.hasHeader ? 1 : 0);
  return {
    files: readFiles.map((file, i) => ({
      file,
      rows: rows[i],
      skippedRecords: [
        ...Array.from({ length: before }, (_, record) => record + 1),
        ...refused.filter((record) => record.file === i).map(({ record }) => record),
      ],
    })),
    from,
    columns: new Map(layout.columns.map((name) => [name, 'VARCHAR'])),
    isText: true,
  };
}

/** A quote that never closes swallows all rows after it: one "rejected row" would hide the loss of a whole file. */
async function refuseUnclosedQuote(database: Database, files: readonly SourceFile[]) {
  const [unclosed] = await database.rows(
    `WITH refused AS (SELECT index, line, error_type, trim(csv_line, chr(10) || chr(13)) AS text
       FROM ${refusedBy(files.map(({ path }) => path))})
     SELECT index, line, length(text) - length(replace(text, chr(10), '')) AS lines FROM refused
     WHERE lines > 0 AND (error_type = 'UNQUOTED VALUE' OR (length(text) - length(replace(text, '"', ''))) % 2 = 1)
     ORDER BY lines DESC LIMIT 1`,
  );
  if (unclosed !== undefined) {
    throw new InputError(
      `${files[Number(unclosed['index'])].name}, line ${unclosed['line']}: a quote (") opens and does not close, and takes at least ${unclosed['lines']} following lines with it. Close it, or double it ("") where it belongs to the text.`,
    );
  }
}
