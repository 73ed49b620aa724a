import { messageOf } from '../errors.ts';
import type { Database } from './database.ts';
import type { SourceFile } from './source-file.ts';
import { literal } from './sql.ts';

/** A line may hold a product id of 10,000 characters or a page's worth of JSON, but a binary file has no lines at all. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Threads take a buffer each. DuckDB's own choice is 32 lines of the greatest length: half a gigabyte, on one thread. */
const BUFFER_BYTES = 2 * MAX_LINE_BYTES;

const STORE_REJECTS = "store_rejects = true, rejects_table = 'reject_errors', rejects_scan = 'reject_scans'";

/** Options of DuckDB's `read_csv` that take a line as it is. */
export const WHOLE_LINES = `header = false, delim = '', quote = '', escape = ''`;

/** A query's source: text files by DuckDB's `read_csv`, nothing guessed. @param columns name → type, as SQL. */
function textRecords(paths: readonly string[], columns: string, options: string): string {
  const list = paths.map(literal).join(', ');
  return `read_csv([${list}], auto_detect = false, columns = ${columns}, ${options}, max_line_size = ${MAX_LINE_BYTES}, buffer_size = ${BUFFER_BYTES})`;
}

/** What a reader refused, in the order of the lines; the first fault of each record. */
export interface RefusedRecord {
  /** Index of the file. */
  file: number;
  /** Number of the record, from 1. */
  record: number;
}

/**
 * Reads text files of one layout with a statement; records that the reader refuses go to `reject_errors`. Files that mix
 * CRLF and LF are legal input, but DuckDB's strict parser fails on them or refuses good rows, and its lenient one drops
 * surplus columns in silence: such a file is read again with its line ends made the same.
 *
 * @param statement makes the SQL that reads, from what stands after FROM.
 * @returns the files that were read in the end, and what was refused of them.
 */
export async function readRecords(
  database: Database,
  files: readonly SourceFile[],
  columns: string,
  options: string,
  statement: (from: string) => string,
): Promise<{ files: SourceFile[]; refused: RefusedRecord[] }> {
  const read = async (paths: readonly string[]) => {
    await database.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans');
    await database.run(statement(textRecords(paths, columns, `${options}, ${STORE_REJECTS}`)));
  };
  let paths = files.map(({ path }) => path);
  let failure: unknown;
  let refused: RefusedRecord[] = [];
  try {
    await read(paths);
    refused = await refusedRecords(database, paths);
    if (refused.length === 0) return { files: [...files], refused };
  } catch (error) {
    if (!messageOf(error).includes('strict_mode=false')) throw error;
    failure = error;
  }
  const suspects = failure === undefined ? new Set(refused.map(({ file }) => file)) : new Set(files.keys());
  const unified = new Map<number, string>();
  for (const file of suspects) {
    const path = await files[file].unifyLineEnds();
    if (path !== undefined) unified.set(file, path);
  }
  if (unified.size === 0) {
    if (failure !== undefined) throw failure;
    return { files: [...files], refused };
  }
  paths = paths.map((path, i) => unified.get(i) ?? path);
  await read(paths);
  return {
    files: files.map((file, i) => ({ ...file, path: paths[i] })),
    refused: await refusedRecords(database, paths),
  };
}

/** `reject_errors` with the index of the file, as SQL. @param paths as they were read. */
export function refusedBy(paths: readonly string[]): string {
  const indexes = paths.map((path, i) => `(${literal(path)}, ${i})`).join(', ');
  return `(SELECT reject_errors.*, index FROM reject_errors JOIN reject_scans USING (scan_id, file_id)
    JOIN (VALUES ${indexes}) files(path, index) ON path = file_path)`;
}

async function refusedRecords(database: Database, paths: readonly string[]): Promise<RefusedRecord[]> {
  const [{ any }] = await database.rows('SELECT count(*) > 0 AS any FROM reject_errors');
  if (any !== true) return [];
  const rows = await database.rows(`SELECT DISTINCT index, line FROM ${refusedBy(paths)} ORDER BY index, line`);
  return rows.map(({ index, line }) => ({ file: Number(index), record: Number(line) }));
}

/** How many rows each file has. */
export async function rowsPerFile(
  database: Database,
  files: readonly SourceFile[],
  columns: string,
  options: string,
  totalFrom: string,
): Promise<number[]> {
  if (files.length === 1) {
    const [{ rows }] = await database.rows(`SELECT count(*)::INTEGER AS rows FROM ${totalFrom}`);
    return [Number(rows)];
  }
  const paths = files.map(({ path }) => path);
  const from = textRecords(paths, columns, `${options}, ignore_errors = true, filename = true`);
  const counts = await database.rows(`SELECT filename, count(*)::INTEGER AS rows FROM ${from} GROUP BY filename`);
  const byPath = new Map(counts.map(({ filename, rows }) => [filename, Number(rows)]));
  return paths.map((path) => byPath.get(path) ?? 0);
}
