const MOST_ROWS = 122_880;
/** DuckDB's own steps. */
const ROWS_A_STEP = 2_048;
/**
 * DuckDB holds a row group in memory before it writes it. With 1.4 GB and two threads, a COPY of 10,000 rows of 1,300 columns
 * ended in 33 s so, and had not ended after 400 s in groups of 122,880 rows.
 */
const MOST_VALUES = 2 ** 22;

/** Of files that no other stage reads: fast rather than small. @param columns how many: the more, the fewer rows at a time. */
export function temporaryParquet(columns: number): string {
  const steps = Math.max(1, Math.floor(Math.min(MOST_ROWS, MOST_VALUES / columns) / ROWS_A_STEP));
  return `FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${steps * ROWS_A_STEP}`;
}
