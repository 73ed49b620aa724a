import type { CsvLayout } from './csv-header.ts';
import type { Database } from './database.ts';
import { NumberColumns, type NumberType } from './number-columns.ts';
import { readCsvTable, type TableTools, type TableWishes } from './read-table.ts';
import { type Scan, scanOfTable } from './scan.ts';
import type { SourceFile } from './source-file.ts';
import { literal } from './sql.ts';
import { refuseSwallowedRows, refuseUnclosedQuote } from './stray-quotes.ts';
import { temporaryParquet } from './temporary-parquet.ts';
import { readRecords, refusedBy, rowsPerFile } from './text-records.ts';

/**
 * Reads CSV files of one layout into a Parquet file at `path`, and adds the records that cannot be taken apart to
 * `rejected_rows`, with the number of the record as their line.
 *
 * @param textColumns that stay text; undefined: all do, as where files of other layouts have a say in their types.
 * @param native how to read them without DuckDB, where nothing is wrong with them.
 * @throws InputError when the quotes of a file are wrong.
 */
export async function readCsv(
  database: Database,
  files: readonly SourceFile[],
  layout: CsvLayout,
  textColumns: readonly string[] | undefined,
  path: string,
  native?: { tools: TableTools; wishesOf: (columns: readonly string[]) => TableWishes },
): Promise<Scan> {
  const table = native && (await readCsvTable(files, layout, native.wishesOf(layout.columns), path, native.tools));
  if (table !== undefined) {
    return scanOfTable(table, files, layout.columns, recordsBefore(layout), textColumns !== undefined, path);
  }
  const options = `delim = ${literal(layout.delimiter)}, header = ${layout.hasHeader}, skip = ${layout.skipLines}, quote = '"', escape = '"', comment = ''`;
  const from = `read_parquet(${literal(path)})`;
  const read = (types: readonly string[]) =>
    readRecords(
      database,
      files,
      `{${layout.columns.map((name, i) => `${literal(name)}: '${types[i]}'`).join(', ')}}`,
      options,
      (records) => `COPY (SELECT * FROM ${records}) TO ${literal(path)} (${temporaryParquet(layout.columns.length)})`,
    );
  const texts = layout.columns.map(() => 'VARCHAR');
  const { types, found } =
    textColumns === undefined || layout.delimiter.length > 1
      ? { types: texts, found: await read(texts) }
      : await readTyped(files, layout, textColumns, read);
  const { files: readFiles, refused } = found;
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
  const columns = `{${layout.columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`;
  const rows = await rowsPerFile(database, readFiles, columns, options, from);
  const scan: Scan = {
    files: readFiles.map((file, i) => ({
      file,
      rows: rows[i],
      skippedRecords: [
        ...recordsBefore(layout),
        ...refused.filter((record) => record.file === i).map(({ record }) => record),
      ],
    })),
    from,
    columns: new Map(layout.columns.map((name, i) => [name, types[i]])),
    renamed: layout.renamed,
    isText: true,
    ...(textColumns !== undefined && layout.delimiter.length === 1 && refused.length === 0 && { finishedPath: path }),
  };
  await refuseSwallowedRows(database, scan, layout.delimiter);
  return scan;
}

/** Up to the header. */
function recordsBefore({ skipLines, hasHeader }: CsvLayout): number[] {
  return Array.from({ length: skipLines + (hasHeader ? 1 : 0) }, (_, record) => record + 1);
}

/**
 * Reads with the types that the first megabyte suggests, while all bytes are looked at for what the types are; and once
 * more in the seldom case that they differ.
 */
async function readTyped<T>(
  files: readonly SourceFile[],
  layout: CsvLayout,
  textColumns: readonly string[],
  read: (types: readonly string[]) => Promise<T>,
): Promise<{ types: string[]; found: T }> {
  const before = layout.skipLines + (layout.hasHeader ? 1 : 0);
  const scanner = () => new NumberColumns(layout.columns.length, layout.delimiter, before);
  const typesOf = (numbers: readonly (string | undefined)[]) =>
    layout.columns.map((name, i) => (textColumns.includes(name) ? 'VARCHAR' : (numbers[i] ?? 'VARCHAR')));
  const sample = scanner();
  sample.add(files[0].start);
  sample.endFile();
  const guess = typesOf(sample.types());
  const [attempt, types] = await Promise.all([
    read(guess).then(
      (found) => ({ found }),
      (error: unknown) => ({ error }),
    ),
    numbersOf(files, scanner()).then(typesOf),
  ]);
  if (types.some((type, i) => type !== guess[i])) return { types, found: await read(types) };
  if ('error' in attempt) throw attempt.error;
  return { types, found: attempt.found };
}

async function numbersOf(files: readonly SourceFile[], numbers: NumberColumns): Promise<(NumberType | undefined)[]> {
  for (const file of files) {
    for await (const piece of file.read()) numbers.add(piece);
    numbers.endFile();
  }
  return numbers.types();
}
