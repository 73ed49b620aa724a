import type { Columns } from '../artifacts/training-request.ts';
import { InputError, messageOf } from '../errors.ts';
import {
  idExpression,
  orderExpression,
  orderingColumns,
  plausibleTimeExpression,
  timeBounds,
  timeExpression,
  timeFault,
} from './click-columns.ts';
import { quoteNames } from './csv-header.ts';
import type { Database } from './database.ts';
import { readSource } from './read-source.ts';
import { findRecordStarts, JOIN_SKIPPED_RECORDS, recordsToLines } from './record-numbers.ts';
import { REJECTED_ROWS_DDL, type SourceFile } from './source-file.ts';
import { identifier, literal } from './sql.ts';

export interface LoadedClicks {
  acceptedRows: number;
  rejectedRows: number;
  columns: string[];
}

/**
 * Reads all files into the table `clicks` (the columns of the source, in its order) and the rows that cannot be used
 * into `rejected_rows` (file, line, column, reason, content). Nothing is dropped in silence: each row is in one of them.
 *
 * @param nowMs when the run began: no click is later.
 * @throws InputError when a file or its header is unusable, or when no row is usable.
 */
export async function loadClicks(
  database: Database,
  files: readonly SourceFile[],
  columns: Columns,
  delimiter: string | undefined,
  nowMs: number,
): Promise<LoadedClicks> {
  const required = [columns.session, columns.product, ...orderingColumns(columns)];
  await database.run(REJECTED_ROWS_DDL);
  let header: string[] | undefined;
  for (const file of files) {
    const readFile = await readSource(database, file, delimiter, required);
    const found = await columnNames(database, 'incoming');
    requireColumns(file.name, found, required);
    await refuseUnusableRows(database, readFile, columns, nowMs);
    if (header === undefined) {
      header = found;
      await database.run('ALTER TABLE incoming RENAME TO clicks');
      continue;
    }
    requireSameColumns(file.name, found, files[0].name, header);
    await append(database, file.name, files[0].name);
  }
  const [counts] = await database.rows(
    'SELECT (SELECT count(*)::INTEGER FROM clicks) AS accepted, (SELECT count(*)::INTEGER FROM rejected_rows) AS rejected',
  );
  const loaded = {
    acceptedRows: Number(counts['accepted']),
    rejectedRows: Number(counts['rejected']),
    columns: header ?? [],
  };
  if (loaded.acceptedRows + loaded.rejectedRows === 0) {
    throw new InputError(
      `${files.map((file) => file.name).join(', ')}: there is a header (${quoteNames(loaded.columns)}) but not one row. Export the clickstream again.`,
    );
  }
  return loaded;
}

/**
 * @param allowedShare of all rows, 0…1. @param rejectedRowsKey where the refused rows are kept, for the message.
 * @throws InputError with the most frequent reasons and an example of each when a larger share was refused.
 */
export async function refuseTooManyRejections(
  database: Database,
  { acceptedRows, rejectedRows }: LoadedClicks,
  allowedShare: number,
  rejectedRowsKey: string,
): Promise<void> {
  const rows = acceptedRows + rejectedRows;
  if (acceptedRows > 0 && rejectedRows <= allowedShare * rows) return;
  const reasons = await database.rows(
    `SELECT "column", regexp_replace(reason, ': .*', '', 's') AS kind, count(*)::INTEGER AS rows,
       arg_min(file || ' line ' || line || ': ' || left(reason, 300), line) AS example
     FROM rejected_rows GROUP BY "column", kind ORDER BY rows DESC, min(line) LIMIT 3`,
  );
  const list = reasons.map(({ column, kind, rows, example }) => {
    const where = column === null ? 'the row' : `column ${JSON.stringify(column)}`;
    return `  ${rows} rows: ${where} ${kind} (first: ${example})`;
  });
  const encodingHint = reasons.some(({ kind }) => String(kind).startsWith('invalid encoding'))
    ? ' If the file is Latin-1 (Windows-1252), say so with the encoding "latin-1".'
    : '';
  const allowed = `max_rejected_share allows ${Number((allowedShare * 100).toPrecision(6))} %`;
  throw new InputError(
    `${acceptedRows === 0 ? `All ${rows} rows were refused` : `${rejectedRows} of ${rows} rows were refused; ${allowed}`}.\n${list.join('\n')}\nAll of them stand in ${rejectedRowsKey}. Mend the file, name other columns, or allow a larger share.${encodingHint}`,
  );
}

/** Moves rows without a usable session, product, order or time from `incoming` to `rejected_rows`. */
async function refuseUnusableRows(database: Database, file: SourceFile, columns: Columns, nowMs: number) {
  const bounds = columns.time && timeBounds(await medianTime(database, columns.time), nowMs);
  const quoted = (column: string) =>
    `coalesce('found ' || to_json(left(CAST(${identifier(column)} AS VARCHAR), 200))::VARCHAR, 'it is empty')`;
  const checks = [
    ...[columns.session, columns.product].map((column) => ({
      column,
      expression: idExpression(column),
      reason: `'has no id'`,
    })),
    ...(columns.order === undefined
      ? []
      : [
          {
            column: columns.order,
            expression: orderExpression(columns.order),
            reason: `'is not a number: ' || ${quoted(columns.order)}`,
          },
        ]),
    ...(columns.time === undefined || bounds === undefined
      ? []
      : [
          {
            column: columns.time.join(', '),
            expression: plausibleTimeExpression(columns.time, bounds),
            reason: timeFault(columns.time, bounds, columns.time.map(quoted).join(` || ', ' || `)),
          },
        ]),
  ];
  const firstFault = (value: (check: (typeof checks)[number]) => string) =>
    `CASE ${checks.map((check) => `WHEN (${check.expression}) IS NULL THEN ${value(check)}`).join(' ')} END`;
  await database.run(
    `CREATE TEMP TABLE unusable AS SELECT rowid AS row, ${firstFault(({ column }) => literal(column))} AS "column",
       ${firstFault(({ reason }) => reason)} AS reason, to_json(incoming)::VARCHAR AS content
     FROM incoming WHERE ${checks.map(({ expression }) => `(${expression}) IS NULL`).join(' OR ')}`,
  );
  const [{ unusable, refused }] = await database.rows(
    `SELECT (SELECT count(*)::INTEGER FROM unusable) AS unusable,
       (SELECT count(*)::INTEGER FROM rejected_rows WHERE file = ${literal(file.name)}) AS refused`,
  );
  const knowsLines =
    file.format === 'csv' && (unusable !== 0 || refused !== 0) && (await findRecordStarts(database, file));
  if (unusable !== 0) {
    await database.run(
      `INSERT INTO rejected_rows
         SELECT ${literal(file.name)}, position + coalesce(skipped, 0), "column", reason, content
         FROM (SELECT *, row + 1 AS position FROM unusable) ${JOIN_SKIPPED_RECORDS};
       DELETE FROM incoming WHERE rowid IN (SELECT row FROM unusable)`,
    );
  }
  if (knowsLines) await recordsToLines(database, file);
  await database.run('DROP TABLE unusable');
}

/** @returns milliseconds since the epoch, of the first rows of `incoming`; null when none of them has a time. */
async function medianTime(database: Database, columns: readonly string[]): Promise<number | null> {
  const [{ median }] = await database.rows(
    `SELECT median(${timeExpression(columns)}) AS median FROM (SELECT * FROM incoming LIMIT 10000)`,
  );
  return median === null ? null : Number(median);
}

async function append(database: Database, name: string, firstName: string) {
  try {
    await database.run('INSERT INTO clicks BY NAME SELECT * FROM incoming; DROP TABLE incoming');
  } catch (cause) {
    throw new InputError(
      `${name} has other types than ${firstName}: ${messageOf(cause).split('\n')[0]}. Parquet files of one run have the same types; give each layout its own prefix.`,
      { cause },
    );
  }
}

async function columnNames(database: Database, table: string): Promise<string[]> {
  const rows = await database.rows(`SELECT column_name FROM (DESCRIBE ${table})`);
  return rows.map((row) => String(row['column_name']));
}

function requireColumns(name: string, found: readonly string[], required: readonly string[]) {
  const missing = required.filter((column) => !found.includes(column));
  if (missing.length === 0) return;
  throw new InputError(
    `${name} has no column ${quoteNames(missing)}. Its header has ${quoteNames(found)}. Name the columns of this file: session, product, and order or time.`,
  );
}

function requireSameColumns(name: string, found: readonly string[], firstName: string, first: readonly string[]) {
  const missing = first.filter((column) => !found.includes(column));
  const extra = found.filter((column) => !first.includes(column));
  if (missing.length + extra.length === 0) return;
  const parts = [
    ...(missing.length === 0 ? [] : [`lacks ${quoteNames(missing)}`]),
    ...(extra.length === 0 ? [] : [`has ${quoteNames(extra)} besides`]),
  ];
  throw new InputError(
    `${name} ${parts.join(' and ')}, compared with ${firstName}: files of one run have the same columns. Give each layout its own prefix.`,
  );
}
