/** What pure code may ask of DuckDB; `lambdas/shared/duckdb/duckdb.ts` opens one. */
export interface Database {
  run(sql: string): Promise<void>;
  /** Each row as an object of JSON values (BIGINT as text); only for small results. */
  rows(sql: string): Promise<Record<string, string | number | boolean | null>[]>;
  /** The values of a query's only column, text without nulls. */
  strings(sql: string): Promise<string[]>;
  /**
   * Streams a result whose columns are all INTEGER or DOUBLE without nulls, a chunk of at most 2,048 rows at a time.
   * The arrays of a chunk are valid until the next one.
   */
  numericChunks(sql: string): AsyncIterable<NumericChunk>;
}

/** One typed array a column. */
type NumericChunk = (Int32Array | Float64Array)[];
