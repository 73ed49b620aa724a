import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';

/** An array, or what makes a value when it is asked for: each row is asked for once, in order. */
interface Rows<T> {
  readonly length: number;
  at(row: number): T | undefined;
}

/** One column of a dataset. No value is null; a list may be empty. */
export type ParquetColumn =
  | { name: string; type: 'STRING'; values: Rows<string> }
  | { name: string; type: 'INT32'; values: Rows<number> }
  | { name: string; type: 'STRING_LIST'; values: Rows<readonly string[]> }
  | { name: string; type: 'FLOAT_LIST'; values: Rows<ArrayLike<number>> };

/** Bounds what the writer unpacks at a time: 10,000 vectors of 100 dimensions are a million leaf values. */
const ROWS_PER_GROUP = 10_000;

const LEAF_TYPES = {
  STRING: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  INT32: { type: 'INT32' },
  STRING_LIST: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  FLOAT_LIST: { type: 'FLOAT' },
} as const satisfies Record<ParquetColumn['type'], Partial<SchemaElement>>;

/**
 * A Parquet file (Snappy) that pandas, DuckDB, Athena and Spark open as it is; lists have the three levels of the
 * Parquet specification, `name (LIST) > list > element`. The same columns always give the same bytes.
 *
 * @throws TypeError when the columns differ in length.
 */
export function writeParquet(columns: readonly ParquetColumn[]): Uint8Array {
  const rowCount = columns[0]?.values.length ?? 0;
  for (const { name, values } of columns) {
    if (values.length !== rowCount) {
      throw new TypeError(`Column "${name}" has ${values.length} rows but "${columns[0].name}" has ${rowCount}.`);
    }
  }
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({ writer, schema: schemaOf(columns), statistics: false });
  for (let start = 0; start < rowCount; start += ROWS_PER_GROUP) {
    const end = Math.min(start + ROWS_PER_GROUP, rowCount);
    parquet.write({
      columnData: columns.map((column) => ({ name: column.name, data: rowsOf(column, start, end) })),
      rowGroupSize: ROWS_PER_GROUP,
    });
  }
  parquet.finish();
  return writer.getBytes();
}

function schemaOf(columns: readonly ParquetColumn[]): SchemaElement[] {
  const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }];
  for (const { name, type } of columns) {
    const leaf = LEAF_TYPES[type];
    if (type === 'STRING_LIST' || type === 'FLOAT_LIST') {
      schema.push(
        { name, repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', repetition_type: 'REQUIRED', ...leaf },
      );
    } else {
      schema.push({ name, repetition_type: 'REQUIRED', ...leaf });
    }
  }
  return schema;
}

/** The writer takes plain arrays only, also for the rows of a list. */
function rowsOf(column: ParquetColumn, start: number, end: number): unknown[] {
  const rows: unknown[] = [];
  for (let row = start; row < end; row++) {
    rows.push(column.type === 'FLOAT_LIST' ? Array.from(column.values.at(row)!) : column.values.at(row));
  }
  return rows;
}
