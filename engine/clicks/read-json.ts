import { InputError } from '../errors.ts';
import { refuseTooManyColumns, renamedOf, uniqueNames } from './csv-header.ts';
import type { Database } from './database.ts';
import { isNotUtf8, LATIN_1_HINT, withoutEnd } from './explain-reading.ts';
import { faultOfLine } from './json-line-fault.ts';
import { knownKeys } from './known-keys.ts';
import { readTable, type TableTools, type TableWishes } from './read-table.ts';
import { type Scan, scanOfTable } from './scan.ts';
import type { SourceFile } from './source-file.ts';
import { identifier, literal } from './sql.ts';
import { temporaryParquet } from './temporary-parquet.ts';
import { readRecords, refusedBy, rowsPerFile, WHOLE_LINES } from './text-records.ts';

const LINES = "{'text': 'VARCHAR'}";
const IS_OBJECT = `coalesce(json_type(CASE WHEN json_valid(text) THEN text END) = 'OBJECT', false)`;

/**
 * How values are kept: as text, where what is nested is JSON; or each as the JSON that it is; or so that a null can be told
 * from a key that is not there, which takes longer.
 */
export type JsonForm = 'text' | 'json' | 'json-with-nulls';

/** The keys of all objects, in the order of first appearance. @param from of what reads the column `text`. */
async function jsonKeys(database: Database, from: string): Promise<string[]> {
  const keys = await database.rows(
    `SELECT key FROM (SELECT unnest(json_keys(text)) AS key, generate_subscripts(json_keys(text), 1) AS place, position
       FROM (SELECT text, row_number() OVER () AS position FROM ${from}) WHERE ${IS_OBJECT})
     GROUP BY key ORDER BY min((position, place))`,
  );
  return keys.map(({ key }) => String(key));
}

/**
 * Reads JSON Lines into a Parquet file at `path`, and adds lines that are no
 * object to `rejected_rows`. Whole lines first: DuckDB's JSON reader stops at the first bad one, and a bad line is only one
 * row.
 *
 * @param native how to read them without DuckDB, where every line is as the first ones are.
 * @throws InputError when no line is an object.
 */
export async function readJsonLines(
  database: Database,
  files: readonly SourceFile[],
  required: readonly string[],
  path: string,
  native?: { tools: TableTools; wishesOf: (columns: readonly string[]) => TableWishes; areTypesFinal: boolean },
  form: JsonForm = 'text',
): Promise<Scan> {
  const known = native && knownKeys(files);
  if (native !== undefined && known !== undefined) {
    const columns = uniqueNames(known.keys, required);
    const layout = { columns, keys: known.keys };
    const table = await readTable(files, layout, known.flags, native.wishesOf(columns), path, native.tools);
    if (table !== undefined) return scanOfTable(table, files, columns, [], native.areTypesFinal, path);
  }
  const linesPath = `${path}.lines`;
  const { files: readFiles, refused } = await readRecords(
    database,
    files,
    LINES,
    WHOLE_LINES,
    (records) =>
      `COPY (SELECT text, ${IS_OBJECT} AS is_object FROM ${records}) TO ${literal(linesPath)} (${temporaryParquet(2)})`,
  );
  const paths = readFiles.map((file) => file.path);
  const names = `[${readFiles.map(({ name }) => literal(name)).join(', ')}]`;
  if (refused.length > 0) {
    await database.run(
      `INSERT INTO rejected_rows SELECT DISTINCT ON (index, line) list_extract(${names}, index + 1), line, NULL,
         lower(error_type) || ': ' || error_message, csv_line FROM ${refusedBy(paths)}`,
    );
  }
  const lines = `read_parquet(${literal(linesPath)})`;
  const rows = await rowsPerFile(database, readFiles, LINES, WHOLE_LINES, lines);
  const bad = await database.rows(
    `SELECT row::INTEGER AS row, text FROM (SELECT *, row_number() OVER () - 1 AS row FROM ${lines}) WHERE NOT is_object ORDER BY row`,
  );
  const scanned = readFiles.map((file, i) => ({
    file,
    rows: rows[i],
    skippedRecords: refused.filter((record) => record.file === i).map(({ record }) => record),
  }));
  await refuseLines(database, scanned, bad as { row: number; text: string | null }[]);
  return extractFields(database, scanned, `(SELECT text FROM ${lines} WHERE is_object)`, required, path, form);
}

/** Lines that are no objects: blank ones are left out, the others are rejected. Takes them off the rows of their files. */
async function refuseLines(
  database: Database,
  files: Scan['files'],
  bad: readonly { row: number; text: string | null }[],
): Promise<void> {
  let next = 0;
  let firstRow = 0;
  for (const scanned of files) {
    const { file, rows, skippedRecords } = scanned;
    const mine: { row: number; text: string | null }[] = [];
    while (next < bad.length && bad[next].row < firstRow + rows) mine.push(bad[next++]);
    const refusedBefore = [...skippedRecords];
    const records = recordsOfRows(
      mine.map(({ row }) => row - firstRow),
      refusedBefore,
    );
    const values = mine.flatMap(({ text }, i) =>
      text === null || text.trim() === ''
        ? []
        : [`(${literal(file.name)}, ${records[i]}, NULL, ${literal(faultOfLine(text))}, ${literal(text)})`],
    );
    for (let i = 0; i < values.length; i += 1000) {
      await database.run(`INSERT INTO rejected_rows VALUES ${values.slice(i, i + 1000).join(', ')}`);
    }
    scanned.skippedRecords = [...refusedBefore, ...records].sort((a, b) => a - b);
    scanned.rows = rows - mine.length;
    firstRow += rows;
  }
}

/** The record of each row: rows and skipped records take turns. @param rows ascending, from 0. @param skipped ascending, from 1. */
export function recordsOfRows(rows: readonly number[], skipped: readonly number[]): number[] {
  let before = 0;
  return rows.map((row) => {
    while (before < skipped.length && skipped[before] <= row + 1 + before) before++;
    return row + 1 + before;
  });
}

/** Reads a JSON array, or objects that span lines: whole, or not at all. */
export async function readJsonDocument(
  database: Database,
  file: SourceFile,
  required: readonly string[],
  path: string,
  form: JsonForm = 'text',
): Promise<Scan> {
  const format = file.format === 'json-array' ? 'array' : 'unstructured';
  // DuckDB takes the values before the cut and says nothing.
  const end = file.format === 'json-array' ? ']' : '}';
  if ((await lastCharacter(file)) !== end) {
    throw new InputError(
      `${file.name} cannot be read as JSON: it does not end with "${end}". If it was cut off or damaged on its way, upload it again.`,
    );
  }
  const objects = `(SELECT CAST(json AS VARCHAR) AS text FROM read_json_objects(${literal(file.path)}, format = '${format}', maximum_object_size = 16777216))`;
  const [{ rows, objectRows }] = await database.rows(
    `SELECT count(*)::INTEGER AS rows, count(*) FILTER (${IS_OBJECT})::INTEGER AS objectRows FROM ${objects}`,
  );
  if (rows !== objectRows) {
    throw new InputError(
      `${file.name}: ${Number(rows) - Number(objectRows)} of its ${rows} JSON values are no objects with fields.`,
    );
  }
  return extractFields(database, [{ file, rows: Number(rows), skippedRecords: [] }], objects, required, path, form);
}

async function lastCharacter(file: SourceFile): Promise<string> {
  let last = '';
  for await (const piece of file.read()) last = new TextDecoder('latin1').decode(piece).trimEnd().at(-1) ?? last;
  return last;
}

/** Writes the fields of JSON objects as columns. */
async function extractFields(
  database: Database,
  files: Scan['files'],
  objects: string,
  required: readonly string[],
  path: string,
  form: JsonForm,
): Promise<Scan> {
  const keys = await jsonKeys(database, objects);
  const where = files.length === 1 ? files[0].file.name : `${files[0].file.name} and ${files.length - 1} more`;
  if (keys.length === 0) {
    const [first] = await database.rows(
      'SELECT reason, left(content, 80) AS content FROM rejected_rows ORDER BY line LIMIT 1',
    );
    const reason = String(first?.['reason']);
    const example =
      first === undefined ? '' : ` The first one ${withoutEnd(reason)}: found ${JSON.stringify(first['content'])}.`;
    const hint = isNotUtf8(reason) ? ` ${LATIN_1_HINT}` : '';
    throw new InputError(
      `${where} has no line that is a JSON object with fields.${example} Export one object a line, in UTF-8.${hint}`,
    );
  }
  refuseTooManyColumns(where, keys.length);
  const names = uniqueNames(keys, required);
  // `from_json` takes names that differ in case only for one, and a null for nothing.
  const isPlain =
    form !== 'json-with-nulls' && names.every((name, i) => name === keys[i]) && keys.every((key) => key !== '');
  const type = form === 'text' ? 'VARCHAR' : 'JSON';
  const structure = literal(JSON.stringify(Object.fromEntries(keys.map((key) => [key, type]))));
  const extract = form === 'text' ? 'json_extract_string' : 'json_extract';
  // A JSON pointer: ~ and / are the only characters that it escapes.
  const pointers = keys.map((key) => literal(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`));
  const query = isPlain
    ? `SELECT unnest(from_json(text, ${structure})) FROM ${objects}`
    : `SELECT ${names.map((name, i) => `found[${i + 1}] AS ${identifier(name)}`).join(', ')}
       FROM (SELECT ${extract}(text, [${pointers.join(', ')}]) AS found FROM ${objects})`;
  await database.run(`COPY (${query}) TO ${literal(path)} (${temporaryParquet(keys.length)})`);
  return {
    files,
    from: `read_parquet(${literal(path)})`,
    columns: new Map(names.map((name) => [name, type])),
    renamed: renamedOf(keys, names),
    isText: form === 'text',
  };
}
