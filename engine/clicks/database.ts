/** What pure code may ask of DuckDB; `lambdas/shared/duckdb/duckdb.ts` opens one. */
export interface Database {
  run(sql: string): Promise<void>;
  /** Each row as an object of JSON values (BIGINT as text); only for small results. */
  rows(sql: string): Promise<Record<string, string | number | boolean | null>[]>;
  /**
   * Streams a result whose columns are all VARCHAR, UBIGINT or DOUBLE without nulls, a chunk of at most 2,048 rows at a
   * time. What a chunk holds is valid until the next one.
   */
  chunks(sql: string): AsyncIterable<Chunk>;
}

export interface Chunk {
  rowCount: number;
  /** Of a VARCHAR column. */
  texts(column: number): TextVector;
  /** Of a UBIGINT column: the low half of each value, then the high one. */
  halves(column: number): Uint32Array;
  /** Of a DOUBLE column. */
  numbers(column: number): Float64Array;
}

export interface TextVector {
  /**
   * DuckDB's `string_t`, four words a row: the length in bytes, then the bytes themselves where they are at most 12, padded
   * with zeros; else the first 4 of them and an address that says nothing.
   */
  words: Uint32Array;
  at(row: number): string;
}
