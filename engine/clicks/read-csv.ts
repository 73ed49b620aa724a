import { InputError } from '../errors.ts';
import { readCsvHeader } from './csv-header.ts';
import type { Database } from './database.ts';
import type { SourceFile } from './source-file.ts';
import { literal } from './sql.ts';
import { readRecords } from './text-records.ts';

const CSV_DIALECT = `header = true, quote = '"', escape = '"', comment = '', skip = 0`;

/** @throws InputError when the header or the quotes are wrong. */
export async function readCsv(
  database: Database,
  file: SourceFile,
  delimiter: string | undefined,
  requiredColumns: readonly string[],
): Promise<SourceFile> {
  const header = readCsvHeader(file.start, file.name, requiredColumns, delimiter);
  const columns = `{${header.columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`;
  const options = `delim = ${literal(header.delimiter)}, ${CSV_DIALECT}`;
  const readFile = await readRecords(database, file, 'incoming', columns, options);
  await refuseUnclosedQuote(database, file.name);
  // A record may have several errors and is one row nevertheless; its text may begin with the line end before it.
  await database.run(
    `INSERT INTO rejected_rows
       SELECT DISTINCT ON (line) ${literal(file.name)}, line, column_name, lower(error_type) || ': ' || error_message,
         ltrim(csv_line, chr(10) || chr(13))
       FROM reject_errors ORDER BY line, column_idx;
     INSERT INTO skipped_records SELECT 1 UNION SELECT line FROM reject_errors`,
  );
  return readFile;
}

/** A quote that never closes swallows all rows after it: one "rejected row" would hide the loss of a whole file. */
async function refuseUnclosedQuote(database: Database, fileName: string) {
  const [unclosed] = await database.rows(
    `WITH refused AS (SELECT line, error_type, trim(csv_line, chr(10) || chr(13)) AS text FROM reject_errors)
     SELECT line, length(text) - length(replace(text, chr(10), '')) AS lines FROM refused
     WHERE lines > 0 AND (error_type = 'UNQUOTED VALUE' OR (length(text) - length(replace(text, '"', ''))) % 2 = 1)
     ORDER BY lines DESC LIMIT 1`,
  );
  if (unclosed !== undefined) {
    throw new InputError(
      `${fileName}, line ${unclosed['line']}: a quote (") opens and does not close, and takes at least ${unclosed['lines']} following lines with it. Close it, or double it ("") where it belongs to the text.`,
    );
  }
}
