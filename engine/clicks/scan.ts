import type { NumberedTexts, ReadTable } from './read-table.ts';
import type { SourceFile } from './source-file.ts';
import { identifier, literal } from './sql.ts';

/** Rows of one or more files of one layout, in their order. */
export interface Scan {
  files: ScannedFile[];
  /** What stands after FROM. */
  from: string;
  /** Name → type, as DuckDB names it. */
  columns: Map<string, string>;
  /** Names that the reader made unique, since DuckDB's are not case-sensitive: name → as the file has it. */
  renamed?: ReadonlyMap<string, string>;
  /** All values are text, as they stood in the file; else the file has types of its own. */
  isText: boolean;
  /** A Parquet file of exactly these rows whose types are final; undefined: it is to be written. */
  finishedPath?: string;
  /** Columns whose values are numbered already, by name. */
  numbered?: ReadonlyMap<string, NumberedTexts>;
  /** (rowCount) where they are known already; NaN where there is none. */
  orders?: Float64Array;
  timesMs?: Float64Array;
}

export interface ScannedFile {
  file: SourceFile;
  /** How many of its records became rows. */
  rows: number;
  /**
   * Records that became no row, ascending, counted from 1: the header, what the reader refused. Blank lines of a CSV file
   * are missing.
   */
  skippedRecords: number[];
}

export function rowsOf({ files }: Scan): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}

/** The rows with their number from 0, under a name that no column has. */
export function numbered({ from, columns }: Scan): { from: string; number: string } {
  const number = newName('row_number', Array.from(columns.keys()));
  return { from: `(SELECT *, row_number() OVER () - 1 AS ${number} FROM ${from})`, number };
}

/** An SQL identifier that none of the columns has, in any case. */
export function newName(base: string, columns: readonly string[]): string {
  const taken = new Set(columns.map((name) => name.toLowerCase()));
  let name = `alike_${base}`;
  while (taken.has(name)) name += '_';
  return identifier(name);
}

/** @param recordsBefore the first row of each file. @param path of the table. */
export function scanOfTable(
  { rows, types, numbered, orders, timesMs }: ReadTable,
  files: readonly SourceFile[],
  columns: readonly string[],
  recordsBefore: readonly number[],
  areTypesFinal: boolean,
  path: string,
): Scan {
  return {
    files: files.map((file, i) => ({ file, rows: rows[i], skippedRecords: [...recordsBefore] })),
    from: `read_parquet(${literal(path)})`,
    columns: new Map(columns.map((name, i) => [name, types[i]])),
    isText: true,
    ...(areTypesFinal && { finishedPath: path }),
    numbered,
    ...(orders !== undefined && { orders }),
    ...(timesMs !== undefined && { timesMs }),
  };
}
