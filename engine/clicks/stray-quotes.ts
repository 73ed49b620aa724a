import { InputError } from '../errors.ts';
import type { Database } from './database.ts';
import { findLines } from './line-numbers.ts';
import { newName, numbered, type Scan } from './scan.ts';
import type { SourceFile } from './source-file.ts';
import { identifier, literal } from './sql.ts';
import { refusedBy } from './text-records.ts';

const FIX = 'Close it, or double it ("") where it belongs to the text.';

/** A quote that never closes swallows all rows after it: one "rejected row" would hide the loss of a whole file. */
export async function refuseUnclosedQuote(database: Database, files: readonly SourceFile[]): Promise<void> {
  const [unclosed] = await database.rows(
    `WITH refused AS (SELECT index, line, error_type, trim(csv_line, chr(10) || chr(13)) AS text
       FROM ${refusedBy(files.map(({ path }) => path))})
     SELECT index, line, length(text) - length(replace(text, chr(10), '')) AS lines FROM refused
     WHERE lines > 0 AND (error_type = 'UNQUOTED VALUE' OR (length(text) - length(replace(text, '"', ''))) % 2 = 1)
     ORDER BY lines DESC LIMIT 1`,
  );
  if (unclosed !== undefined) {
    throw new InputError(
      `${files[Number(unclosed['index'])].name}, line ${unclosed['line']}: a quote (") opens and does not close, and takes at least ${unclosed['lines']} following lines with it. ${FIX}`,
    );
  }
}

/** Line ends in a cell from which on it may hold rows; two lines of prose may have as many commas as two rows have. */
const LEAST_LINE_ENDS = 3;
/** Of a row: with fewer it looks like prose. */
const LEAST_DELIMITERS = 2;

/**
 * Two quotes of which each lost the other one make a single cell of all rows between them. Such a cell begins and ends in
 * the same column, and each line inside of it has the delimiters of a row. The kernel looks for the same, and leaves the
 * file to DuckDB then.
 */
export async function refuseSwallowedRows(database: Database, scan: Scan, delimiter: string): Promise<void> {
  const columns = Array.from(scan.columns.keys());
  const ofRow = columns.length - 1;
  const suspects = ofRow < LEAST_DELIMITERS ? [] : await columnsOfManyLines(database, scan);
  if (suspects.length === 0) return;
  const { from, number } = numbered(scan);
  const delimiters = newName('delimiters', columns);
  const cells = suspects.map((name) => {
    const counts = `list_transform(regexp_split_to_array(${identifier(name)}, '\\r\\n|\\r|\\n'),
      lambda line: (length(line) - length(replace(line, ${literal(delimiter)}, ''))) // ${delimiter.length})`;
    return `SELECT ${number} AS row, ${literal(name)} AS name, ${counts} AS ${delimiters} FROM ${from}
      WHERE ${hasLineEnd(name)}`;
  });
  const [found] = await database.rows(
    `SELECT row::INTEGER AS row, name, len(${delimiters})::INTEGER - 1 AS lines FROM (${cells.join(' UNION ALL ')})
     WHERE lines >= ${LEAST_LINE_ENDS} AND list_sum(${delimiters}) = lines * ${ofRow}
       AND list_min(${delimiters}[2:-2]) = ${ofRow} AND list_max(${delimiters}[2:-2]) = ${ofRow}
     ORDER BY row LIMIT 1`,
  );
  if (found === undefined) return;
  let row = Number(found['row']);
  const at = scan.files.findIndex(({ rows }) => {
    if (row < rows) return true;
    row -= rows;
    return false;
  });
  const lines = await findLines(scan.files[at], [row], []);
  const name = String(found['name']);
  const place = lines === undefined ? `row ${row + 1}` : `line ${lines.ofRows[0]}`;
  throw new InputError(
    `${scan.files[at].file.name}, ${place}: a quote (") opens in the column ${JSON.stringify(scan.renamed?.get(name) ?? name)} and closes ${found['lines']} lines below, and the lines between look like rows. ${FIX}`,
  );
}

/** One pass over the rows for all columns, of which a table may have thousands. */
async function columnsOfManyLines(database: Database, { columns, from }: Scan): Promise<string[]> {
  const texts = Array.from(columns.keys()).filter((name) => columns.get(name) === 'VARCHAR');
  if (texts.length === 0) return [];
  const found = texts.map((name) => `coalesce(bool_or(${hasLineEnd(name)}), false)`);
  const rows = await database.rows(
    `SELECT name FROM (SELECT unnest([${texts.map(literal).join(', ')}]) AS name, unnest([${found.join(', ')}]) AS found FROM ${from}) WHERE found`,
  );
  return rows.map(({ name }) => String(name));
}

function hasLineEnd(name: string): string {
  return `(contains(${identifier(name)}, chr(10)) OR contains(${identifier(name)}, chr(13)))`;
}
