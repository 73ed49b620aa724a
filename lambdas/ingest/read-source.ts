import type { Database } from '../shared/database.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { identifier, literal } from '../shared/sql.ts';
import { readCsvHeader } from './csv-header.ts';
import type { SourceFormat } from './source-format.ts';

/** A plain UTF-8 file on local disk. */
export interface SourceFile {
  path: string;
  /** What the shop calls it, for messages. */
  name: string;
  format: SourceFormat;
  /** The first bytes of it. */
  start: Uint8Array;
}

/** Rows that the reader could not take apart; `column` is null when the row as a whole is wrong. */
export const REJECTED_ROWS_DDL =
  'CREATE TABLE rejected_rows (file VARCHAR, line BIGINT, "column" VARCHAR, reason VARCHAR, content VARCHAR)';

/** A line may hold a product id of 10,000 characters or a page's worth of JSON, but a binary file has no lines at all. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

const CSV_DIALECT = `header = true, quote = '"', escape = '"', comment = '', skip = 0, max_line_size = ${MAX_LINE_BYTES}`;

/**
 * Reads one file into a new table `incoming`, every CSV and JSON value as text, and adds the rows that it could not
 * take apart to `rejected_rows`.
 *
 * @param requiredColumns for the message when the delimiter was wrong.
 * @throws InputError when the file as a whole is unusable.
 */
export async function readSource(
  database: Database,
  file: SourceFile,
  delimiter: string | undefined,
  requiredColumns: readonly string[],
): Promise<void> {
  try {
    if (file.format === 'parquet') {
      await database.run(`CREATE TABLE incoming AS SELECT * FROM read_parquet(${literal(file.path)})`);
    } else if (file.format === 'jsonl') {
      await readJsonLines(database, file);
    } else {
      await readCsv(database, file, delimiter, requiredColumns);
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(
      `${file.name} cannot be read as ${file.format === 'jsonl' ? 'JSON Lines' : file.format.toUpperCase()}: ${messageOf(cause).split('\n')[0]}`,
      { cause },
    );
  }
}

async function readCsv(
  database: Database,
  file: SourceFile,
  delimiter: string | undefined,
  requiredColumns: readonly string[],
) {
  const header = readCsvHeader(file.start, file.name, requiredColumns, delimiter);
  const columns = `{${header.columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`;
  const read = (strict: boolean) =>
    database.run(
      `CREATE OR REPLACE TABLE incoming AS SELECT * FROM read_csv(${literal(file.path)}, auto_detect = false,
         columns = ${columns}, delim = ${literal(header.delimiter)}, ${CSV_DIALECT},
         strict_mode = ${strict}, store_rejects = true, rejects_table = 'reject_errors', rejects_scan = 'reject_scans')`,
    );
  try {
    await read(true);
  } catch (error) {
    // Files that mix CRLF and LF line ends are legal input but not to DuckDB's strict parser.
    if (!messageOf(error).includes('strict_mode=false')) throw error;
    await read(false);
  }
  await refuseUnclosedQuote(database, file);
  await database.run(
    `INSERT INTO rejected_rows SELECT ${literal(file.name)}, line, column_name, lower(error_type) || ': ' || error_message, csv_line
     FROM reject_errors; DROP TABLE reject_errors; DROP TABLE reject_scans`,
  );
}

/** A quote that never closes swallows all rows after it: one "rejected row" would hide the loss of a whole file. */
async function refuseUnclosedQuote(database: Database, file: SourceFile) {
  const [unclosed] = await database.rows(
    `WITH refused AS (SELECT line, error_type, trim(csv_line, chr(10) || chr(13)) AS text FROM reject_errors)
     SELECT line, length(text) - length(replace(text, chr(10), '')) AS lines FROM refused
     WHERE lines > 0 AND (error_type = 'UNQUOTED VALUE' OR (length(text) - length(replace(text, '"', ''))) % 2 = 1)
     ORDER BY lines DESC LIMIT 1`,
  );
  if (unclosed !== undefined) {
    throw new InputError(
      `${file.name}, line ${unclosed['line']}: a quote (") opens and does not close, and takes at least ${unclosed['lines']} following lines with it. Close it, or double it ("") where it belongs to the text.`,
    );
  }
}

async function readJsonLines(database: Database, file: SourceFile) {
  // One column of whole lines first: DuckDB's JSON reader stops at the first bad line, and a bad line is only one row.
  await database.run(
    `CREATE TEMP TABLE json_lines AS SELECT line, row_number() OVER () AS number, json_valid(line) AND json_type(CASE WHEN json_valid(line) THEN line END) = 'OBJECT' AS valid
     FROM read_csv(${literal(file.path)}, auto_detect = false, columns = {'line': 'VARCHAR'}, header = false, delim = '',
       quote = '', escape = '', max_line_size = ${MAX_LINE_BYTES})`,
  );
  const keys = await database.rows(
    `SELECT key FROM (SELECT unnest(json_keys(line)) AS key, number FROM json_lines WHERE valid) GROUP BY key ORDER BY min(number), key`,
  );
  await database.run(
    `INSERT INTO rejected_rows SELECT ${literal(file.name)}, number, NULL, 'is not a JSON object', line FROM json_lines WHERE NOT valid AND trim(line) <> ''`,
  );
  const values = keys.map(({ key }) => {
    // A JSON pointer: ~ and / are the only characters that it escapes.
    const pointer = `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return `json_extract_string(line, ${literal(pointer)}) AS ${identifier(String(key))}`;
  });
  if (values.length === 0) throw new InputError(`${file.name} has no line that is a JSON object with fields.`);
  await database.run(
    `CREATE TABLE incoming AS SELECT ${values.join(', ')} FROM json_lines WHERE valid; DROP TABLE json_lines`,
  );
}
