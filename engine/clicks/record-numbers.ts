import type { Database } from './database.ts';
import type { SourceFile } from './source-file.ts';
import { literal } from './sql.ts';
import { textRecords, WHOLE_LINES } from './text-records.ts';

/**
 * A file's records are its header, its rows and its blank lines, numbered from 1. Those in `skipped_records` became no
 * row of `incoming`; the record of every row follows from them.
 */
export const SKIPPED_RECORDS_DDL = 'CREATE OR REPLACE TEMP TABLE skipped_records (record BIGINT)';

/** For rows that know their `position` among those that were read, from 1: `position + coalesce(skipped, 0)` is the record. */
export const JOIN_SKIPPED_RECORDS = `ASOF LEFT JOIN (
    SELECT record - number AS rows_before, max(number) AS skipped
    FROM (SELECT record, row_number() OVER (ORDER BY record) AS number FROM skipped_records) GROUP BY rows_before
  ) ON position > rows_before`;

/**
 * Finds the line where each record of a CSV file starts (`record_starts`) and adds the blank ones to
 * `skipped_records`: DuckDB's reader tells neither.
 *
 * @returns whether it could: a quote inside an unquoted value (5" screen) hides where values end.
 */
export async function findRecordStarts(database: Database, file: SourceFile): Promise<boolean> {
  // Latin-1 takes every byte; only a line that is too long is left out, and then the counts do not fit.
  const lines = textRecords(
    file.path,
    "{'text': 'VARCHAR'}",
    `${WHOLE_LINES}, encoding = 'latin-1', ignore_errors = true`,
  );
  await database.run(
    `CREATE OR REPLACE TEMP TABLE record_starts AS
       SELECT row_number() OVER () AS record, line, is_blank FROM (
         SELECT line, is_blank, sum(quotes) OVER (ROWS UNBOUNDED PRECEDING) - quotes AS quotes_before FROM (
           SELECT row_number() OVER () AS line, text IS NULL AS is_blank,
             coalesce(length(text) - length(replace(text, '"', '')), 0) AS quotes
           FROM ${lines}))
       WHERE quotes_before % 2 = 0`,
  );
  const [{ fits }] = await database.rows(
    `SELECT (SELECT count(*) FROM record_starts WHERE NOT is_blank) =
       (SELECT count(*) FROM incoming) + (SELECT count(*) FROM skipped_records) AS fits`,
  );
  if (fits !== true) return false;
  await database.run('INSERT INTO skipped_records SELECT record FROM record_starts WHERE is_blank');
  return true;
}

/** Replaces the record numbers of a file's rejected rows by lines. */
export async function recordsToLines(database: Database, file: SourceFile): Promise<void> {
  await database.run(
    `UPDATE rejected_rows SET line = record_starts.line FROM record_starts
     WHERE file = ${literal(file.name)} AND rejected_rows.line = record_starts.record`,
  );
}
