import { plainText } from '../clicks/column-path.ts';
import { layoutOfNames, readCsvHeader } from '../clicks/csv-header.ts';
import type { Chunk, Database } from '../clicks/database.ts';
import { explained } from '../clicks/explain-reading.ts';
import { readCsv } from '../clicks/read-csv.ts';
import { readJsonDocument, readJsonLines } from '../clicks/read-json.ts';
import { readParquet } from '../clicks/read-parquet.ts';
import type { Scan } from '../clicks/scan.ts';
import type { SourceFile } from '../clicks/source-file.ts';
import { identifier, literal } from '../clicks/sql.ts';
import { type FeedColumns, NAME_COLUMNS } from './feed-columns.ts';
import type { Cell } from './feed-values.ts';

/** A feed as rows of cells. */
export interface FeedScan {
  scan: Scan;
  columns: string[];
  /** The same as the feed itself names them: several may be called alike. */
  names: string[];
}

/**
 * Finds the rows of a feed, whatever its format.
 *
 * @param folder for temporary files. @param wanted the columns to read; undefined: all. @throws InputError when the file cannot be read, or has no column with the id.
 */
export function scanFeed(
  database: Database,
  file: SourceFile,
  feedColumns: FeedColumns,
  folder: string,
  wanted?: readonly string[],
): Promise<FeedScan> {
  return explained([file], async () => {
    const scan = await scanOf(database, file, feedColumns, `${folder}/feed.parquet`);
    const columns = Array.from(scan.columns.keys());
    const missing = feedColumns.missingOf(columns);
    if (missing.length > 0) {
      throw feedColumns.missingError(file.name, missing, columns, await listOfObjects(database, scan));
    }
    if (wanted !== undefined) return { scan, columns: [...wanted], names: [...wanted] };
    const renamed = file.format === 'parquet' ? await renamedInParquet(database, file, columns) : scan.renamed;
    return { scan, columns, names: columns.map((name) => renamed?.get(name) ?? name) };
  });
}

async function scanOf(database: Database, file: SourceFile, feedColumns: FeedColumns, path: string): Promise<Scan> {
  const { names, delimiter, kind } = feedColumns;
  if (file.format === 'csv') {
    const missingOf = (columns: readonly string[]) => feedColumns.missingOf(columns);
    const layout =
      names === undefined
        ? readCsvHeader(file, feedColumns.named, missingOf, delimiter, NAME_COLUMNS)
        : layoutOfNames(file, names, delimiter);
    return readCsv(database, [file], layout, undefined, path);
  }
  if (file.format === 'parquet') return readParquet(database, [file]);
  const form = kind === 'delta' ? 'json-with-nulls' : 'json';
  return file.format === 'jsonl'
    ? readJsonLines(database, [file], feedColumns.named, path, undefined, form)
    : readJsonDocument(database, file, feedColumns.named, path, form);
}

/** @returns the column of a single row whose value is a list of objects: what is around the products of an API's answer. */
async function listOfObjects(database: Database, { from, columns }: Scan): Promise<string | undefined> {
  const names = [...columns].filter(([, type]) => type === 'JSON').map(([name]) => name);
  if (names.length === 0) return undefined;
  const firsts = names.map((name, i) => `json_type(${identifier(name)}, '$[0]') AS first${i}`);
  const rows = await database.rows(`SELECT ${firsts.join(', ')} FROM ${from} LIMIT 2`);
  return rows.length === 1 ? names.find((_, i) => rows[0][`first${i}`] === 'OBJECT') : undefined;
}

/** DuckDB renames the second of two columns whose names differ in case only: "title_1". */
async function renamedInParquet(
  database: Database,
  { path }: SourceFile,
  columns: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const schema = await database.rows(`SELECT DISTINCT name FROM parquet_schema(${literal(path)})`);
  const names = new Set(schema.map(({ name }) => String(name)));
  const renamed = columns.filter((column) => !names.has(column));
  return new Map(renamed.map((column) => [column, column.replace(/_\d+$/, '')]));
}

/** The cells of all rows, in the order of the file; undefined where an object has no such key. */
export async function* rowsOfFeed(database: Database, { scan, columns }: FeedScan): AsyncGenerator<Cell[]> {
  const types = columns.map((name) => scan.columns.get(name)!);
  const values = columns.map((name, i) => `coalesce(${plainText(name, types[i])}, '')`);
  const areJson = types.map(isNested);
  const absent = scan.files[0].file.format === 'parquet' ? null : undefined;
  for await (const chunk of database.chunks(`SELECT ${values.join(', ')} FROM ${scan.from}`)) {
    yield* rowsOfChunk(chunk, areJson, absent);
  }
}

function* rowsOfChunk(chunk: Chunk, areJson: readonly boolean[], absent: null | undefined): Generator<Cell[]> {
  const vectors = areJson.map((_, column) => chunk.texts(column));
  for (let row = 0; row < chunk.rowCount; row++) {
    yield vectors.map((vector, column) => {
      const text = vector.at(row);
      if (!areJson[column]) return text;
      return text === '' ? absent : cellOfJson(text);
    });
  }
}

/** Whether values of that type are JSON, or are made JSON. */
function isNested(type: string): boolean {
  return type === 'JSON' || type.endsWith(']') || /^(STRUCT|MAP|UNION)\b/.test(type);
}

/** Of text what it says, of a list its values; a number stays as it is written, and an object JSON. */
function cellOfJson(json: string): Cell {
  if (json === 'null') return null;
  if (!/^["[]/.test(json)) return json;
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.map(valueOfList) : (value as string);
  } catch {
    // DuckDB takes some that is no JSON: [NaN].
    return json;
  }
}

function valueOfList(value: unknown): Cell {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Cell);
}
