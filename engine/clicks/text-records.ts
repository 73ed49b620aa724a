import { messageOf } from '../errors.ts';
import type { Database } from './database.ts';
import type { SourceFile } from './source-file.ts';
import { literal } from './sql.ts';

/** A line may hold a product id of 10,000 characters or a page's worth of JSON, but a binary file has no lines at all. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Threads take a buffer each. DuckDB's own choice is 32 lines of the greatest length: half a gigabyte, on one thread. */
const BUFFER_BYTES = 2 * MAX_LINE_BYTES;

const REJECTS = "store_rejects = true, rejects_table = 'reject_errors', rejects_scan = 'reject_scans'";

/** Options of DuckDB's `read_csv` that take a line as it is. */
export const WHOLE_LINES = `header = false, delim = '', quote = '', escape = ''`;

/** A query's source: a text file by DuckDB's `read_csv`, nothing guessed. @param columns name → type, as SQL. */
export function textRecords(path: string, columns: string, options: string): string {
  return `read_csv(${literal(path)}, auto_detect = false, columns = ${columns}, ${options}, max_line_size = ${MAX_LINE_BYTES}, buffer_size = ${BUFFER_BYTES})`;
}

/**
 * Reads a text file into a table; records that its reader refuses go to `reject_errors`. Files that mix CRLF and LF are
 * legal input, but DuckDB's strict parser fails on them or refuses good rows, and its lenient one drops surplus columns
 * in silence: such a file is read again with its line ends made the same.
 *
 * @returns the file that was read in the end.
 */
export async function readRecords(
  database: Database,
  file: SourceFile,
  table: string,
  columns: string,
  options: string,
): Promise<SourceFile> {
  const read = (path: string) =>
    database.run(
      `DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans;
       CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${textRecords(path, columns, `${options}, ${REJECTS}`)}`,
    );
  let failure: unknown;
  try {
    await read(file.path);
    const [{ refused }] = await database.rows('SELECT count(*)::INTEGER AS refused FROM reject_errors');
    if (refused === 0) return file;
  } catch (error) {
    if (!messageOf(error).includes('strict_mode=false')) throw error;
    failure = error;
  }
  const unified = await file.unifyLineEnds();
  if (unified !== undefined) {
    await read(unified);
    return { ...file, path: unified };
  }
  if (failure !== undefined) throw failure;
  return file;
}
