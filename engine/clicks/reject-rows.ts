import type { Columns } from '../artifacts/click-source.ts';
import { InputError } from '../errors.ts';
import type { FaultyRows, RowFault } from './compact-views.ts';
import type { Database } from './database.ts';
import { isNotUtf8, LATIN_1_HINT } from './explain-reading.ts';
import { findLines } from './line-numbers.ts';
import { recordsOfRows } from './read-json.ts';
import type { ResolvedReading } from './recognise-format.ts';
import { newName, numbered, type Scan, type ScannedFile } from './scan.ts';
import { identifier, literal } from './sql.ts';
import { option } from './suggested-options.ts';
import { TIME_FORMATS } from './time-expression.ts';
import { quotedTime, quotedValue, sessionOf, type ViewPaths, valuesOf } from './view-query.ts';
import type { Views } from './views.ts';

/** Rows to leave out of the dataset: `scan` and `row`, from 0. */
const FAULTY_ROWS_DDL =
  'CREATE OR REPLACE TEMP TABLE faulty_rows (scan INTEGER, row BIGINT, file VARCHAR, line BIGINT, fault INTEGER)';
const BATCH = 20_000;

/** Adds rows that cannot be used to `rejected_rows`, with line, column, reason and content, and to `faulty_rows`. */
export async function rejectRows(
  database: Database,
  scans: readonly { scan: Scan; paths: ViewPaths }[],
  faulty: readonly FaultyRows[],
  columns: Columns,
): Promise<void> {
  await database.run(FAULTY_ROWS_DDL);
  for (const [s, { scan, paths }] of scans.entries()) {
    const { rows, faults } = faulty[s];
    const kinds = new Map<RowFault['role'] | string, { fault: RowFault; number: number }>();
    const numbers = faults.map((fault) => {
      const key = `${fault.role} ${fault.reason}`;
      if (!kinds.has(key)) kinds.set(key, { fault, number: kinds.size });
      return kinds.get(key)!.number;
    });
    let firstRow = 0;
    let next = 0;
    for (const file of scan.files) {
      const end = next + lowerBound(rows, next, firstRow + file.rows);
      const mine = rows.slice(next, end).map((row) => row - firstRow);
      const lines = await linesOf(database, file, mine);
      for (let i = 0; i < mine.length; i += BATCH) {
        const list = (values: readonly number[]) => `unnest([${values.slice(i, i + BATCH).join(', ')}])`;
        await database.run(
          `INSERT INTO faulty_rows SELECT ${s}, ${list(mine.map((row) => row + firstRow))}, ${literal(file.file.name)}, ${list(lines)}, ${list(numbers.slice(next, end))}`,
        );
      }
      firstRow += file.rows;
      next = end;
    }
    if (rows.length > 0) await insertRejects(database, s, scan, paths, columns, Array.from(kinds.values()));
  }
}

function lowerBound(rows: readonly number[], from: number, limit: number): number {
  let count = 0;
  while (from + count < rows.length && rows[from + count] < limit) count++;
  return count;
}

/** Of each faulty row; and puts lines in place of the records of what the reader itself refused. */
export async function linesOf(database: Database, scanned: ScannedFile, rows: readonly number[]): Promise<number[]> {
  const { file, skippedRecords } = scanned;
  const records = recordsOfRows(rows, skippedRecords);
  if (file.format !== 'csv') return records;
  const refused = await database.rows(
    `SELECT DISTINCT line FROM rejected_rows WHERE file = ${literal(file.name)} ORDER BY line`,
  );
  const refusedRecords = refused.map(({ line }) => Number(line));
  if (rows.length + refusedRecords.length === 0) return records;
  const found = await findLines(scanned, rows, refusedRecords);
  if (found === undefined) return records;
  for (let i = 0; i < refusedRecords.length; i += BATCH) {
    const pairs = refusedRecords.slice(i, i + BATCH).map((record, k) => `(${record}, ${found.ofRecords[i + k]})`);
    // Downwards, so that no line is taken for a record again: a record is never beyond its line.
    await database.run(
      `UPDATE rejected_rows SET line = -lines.line FROM (VALUES ${pairs.join(', ')}) lines(record, line)
       WHERE file = ${literal(file.name)} AND rejected_rows.line = record`,
    );
  }
  await database.run(`UPDATE rejected_rows SET line = -line WHERE file = ${literal(file.name)} AND line < 0`);
  return found.ofRows;
}

async function insertRejects(
  database: Database,
  s: number,
  scan: Scan,
  paths: ViewPaths,
  columns: Columns,
  kinds: readonly { fault: RowFault; number: number }[],
): Promise<void> {
  const { from, number } = numbered(scan);
  const names = Array.from(scan.columns.keys());
  const value = (name: string) => (scan.isText ? `CAST(${identifier(name)} AS VARCHAR)` : identifier(name));
  const pack = names.map((name) => `${identifier(name)} := ${value(name)}`).join(', ');
  // A column of the source may have any of these names.
  const own = ['row', 'file', 'line', 'fault'].map((name) => ({ name, unique: newName(name, names) }));
  const renamed = own.map(({ name, unique }) => `${name} AS ${unique}`).join(', ');
  const faultyOnly = `(SELECT * FROM ${from} JOIN (SELECT ${renamed} FROM faulty_rows WHERE scan = ${s}) ON ${own[0].unique} = ${number})`;
  const content = `to_json(struct_pack(${pack}))::VARCHAR AS content`;
  const values = valuesOf(scan, paths, columns.events, faultyOnly, [
    ...own.map(({ name, unique }) => `${unique} AS ${name}`),
    content,
  ]);
  const columnOf = { ...labels(columns), order: columns.order ?? '', time: (columns.time ?? []).join(', ') };
  const found = {
    session: paths.session.map((_, i) => quotedValue(`session_${i}`)).join(` || ', ' || `),
    product: quotedValue('product'),
    order: quotedValue('position'),
    time: quotedTime(paths),
  };
  const reasons = kinds.map(({ fault: { role, reason }, number: kind }) => {
    const text = reason === 'has no id' ? literal(reason) : `${literal(`${reason}: `)} || ${found[role]}`;
    return `WHEN ${kind} THEN ${text}`;
  });
  const columnNames = kinds.map(({ fault: { role }, number: kind }) => `WHEN ${kind} THEN ${literal(columnOf[role])}`);
  await database.run(
    `INSERT INTO rejected_rows
       SELECT DISTINCT ON (row) file, line, CASE fault ${columnNames.join(' ')} END, CASE fault ${reasons.join(' ')} END, content
       FROM (${values}) ORDER BY row`,
  );
}

function labels({ user, session, product }: Columns) {
  const parts = [...(user === undefined ? [] : [user]), ...(session === undefined ? [] : [session].flat())];
  return { session: parts.join(', '), product: product ?? '' };
}

/** What `loadClicks` made of the rows. */
interface ConsideredRows {
  acceptedRows: number;
  rejectedRows: number;
  hasFaultyRows: boolean;
  views: Pick<Views, 'products'>;
  counts: Record<string, number>;
  reading: ResolvedReading;
}

/**
 * Rows that hold a placeholder in place of an id are no fault of the file's.
 *
 * @param rows accepted and rejected. @param allowedShare of all rows, 0…1. @param rejectedRowsKey where the refused rows
 * are kept, for the message; undefined: nowhere.
 * @throws InputError with the most frequent reasons and an example of each when a larger share was refused, or all
 * rows that count.
 */
export async function refuseTooManyRejections(
  database: Database,
  { acceptedRows, rejectedRows, hasFaultyRows, views, counts, reading }: ConsideredRows,
  allowedShare: number,
  rejectedRowsKey?: string,
): Promise<void> {
  const rows = acceptedRows + rejectedRows;
  const placeholderRows = counts['placeholderRows'] ?? 0;
  // The others are of other events, or not of the filter.
  const isNoneLeft = hasFaultyRows && views.products.length === 0;
  if (acceptedRows > 0 && !isNoneLeft && rejectedRows - placeholderRows <= allowedShare * rows) return;
  const reasons = await database.rows(
    `SELECT "column", regexp_replace(reason, ': .*', '', 's') AS kind, count(*)::INTEGER AS rows,
       arg_min(file || ' line ' || line || ': ' || left(reason, 300), line) AS example
     FROM rejected_rows GROUP BY "column", kind ORDER BY rows DESC, min(line) LIMIT 3`,
  );
  const list = reasons.map(({ column, kind, rows, example }) => {
    const where = column === null ? 'the row' : `column ${JSON.stringify(column)}`;
    return `  ${rows} rows: ${where} ${kind} (first: ${example})`;
  });
  const encodingHint = reasons.some(({ kind }) => isNotUtf8(String(kind))) ? ` ${LATIN_1_HINT}` : '';
  const timeHint = reasons.some(({ kind }) => kind === 'is not a time') ? ` Times are read as ${TIME_FORMATS}.` : '';
  const blank = reasons.find(({ kind }) => kind === 'has no id')?.['column'];
  const blankHint = hintForBlank(reading, String(blank));
  const kept = rejectedRowsKey === undefined ? '' : `All of them stand in ${rejectedRowsKey}. `;
  const allowed = `max_rejected_share allows ${Number((allowedShare * 100).toPrecision(6))} %`;
  const some = `${rejectedRows} of ${rows} rows were refused`;
  const found = isNoneLeft ? `${some}, which are all that count` : `${some}; ${allowed}`;
  throw new InputError(
    `${acceptedRows === 0 ? `All ${rows} rows were refused` : found}.\n${list.join('\n')}\n${kept}Mend the file, name other columns, or allow a larger share.${encodingHint}${timeHint}${blankHint}`,
  );
}

/** Where a session is a customer's, guests have none. The conditions of a format are replaced by those that are typed. */
function hintForBlank({ columns, where = [] }: ResolvedReading, column: string): string {
  if (!sessionOf(columns).includes(column)) return '';
  const conditions = [...where, `${column}!=`].map((condition) => option('where', condition));
  return ` To leave out the rows without ${JSON.stringify(column)}, and count them: ${conditions.join(' ')}.`;
}
