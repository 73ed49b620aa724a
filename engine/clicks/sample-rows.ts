import type { CsvLayout } from './csv-header.ts';
import type { Database } from './database.ts';
import type { SourceFile } from './source-file.ts';
import { literal } from './sql.ts';

const ROWS = 200;

/** A value as JSON has it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/**
 * The first rows of a file of which nothing is known yet, to tell what its columns hold. Text that holds JSON is taken apart.
 *
 * @param layout of a CSV file. @returns none where the file cannot be read: whoever reads it later says why.
 */
export async function sampleRows(
  database: Database,
  file: SourceFile,
  layout: CsvLayout | undefined,
): Promise<Record<string, JsonValue>[]> {
  if (file.format === 'jsonl') {
    const lines = new TextDecoder().decode(file.start).split(/[\r\n]+/, ROWS);
    return lines.flatMap((line) => {
      const row = parsed(line);
      return isObject(row) ? [row] : [];
    });
  }
  try {
    const from = scanOf(file, layout);
    const rows = await database.rows(
      `SELECT CAST(to_json(row) AS VARCHAR) AS row FROM (SELECT * FROM ${from} LIMIT ${ROWS}) AS row`,
    );
    return rows.map(({ row }) =>
      Object.fromEntries(Object.entries(JSON.parse(String(row))).map(([name, value]) => [name, takenApart(value)])),
    );
  } catch {
    return [];
  }
}

function scanOf(file: SourceFile, layout: CsvLayout | undefined): string {
  const path = literal(file.path);
  if (file.format === 'parquet') return `read_parquet(${path})`;
  if (layout === undefined) {
    return `read_json(${path}, format = '${file.format === 'json-array' ? 'array' : 'unstructured'}')`;
  }
  const columns = layout.columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  return `read_csv(${path}, auto_detect = false, columns = {${columns}}, delim = ${literal(layout.delimiter)}, header = ${layout.hasHeader}, skip = ${layout.skipLines}, quote = '"', escape = '"', null_padding = true, ignore_errors = true)`;
}

function takenApart(value: unknown): JsonValue {
  if (typeof value === 'string' && /^\s*[[{]/.test(value)) return parsed(value) ?? value;
  return value as JsonValue;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
