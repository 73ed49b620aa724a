import type { ScannedFile } from './scan.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;

/**
 * Finds the lines of rows of a CSV file, and of records that its reader refused: DuckDB tells neither. Best effort: a quote
 * inside an unquoted value (5" screen) hides where values end, and then there is no answer.
 *
 * @param rows wanted, ascending, from 0. @param records wanted, ascending, from 1.
 * @returns the lines of both, from 1; undefined when they cannot be told.
 */
export async function findLines(
  { file, rows: rowCount, skippedRecords }: ScannedFile,
  rows: readonly number[],
  records: readonly number[],
): Promise<{ ofRows: number[]; ofRecords: number[] } | undefined> {
  const ofRows: number[] = [];
  const ofRecords: number[] = [];
  let nextSkipped = 0;
  let record = 0;
  let row = 0;
  let isOver = false;
  const endRecord = (line: number, isBlank: boolean) => {
    record++;
    while (nextSkipped < skippedRecords.length && skippedRecords[nextSkipped] < record) nextSkipped++;
    const isSkipped = skippedRecords[nextSkipped] === record;
    if (records[ofRecords.length] === record) ofRecords.push(line);
    if (isSkipped || isBlank) return;
    if (rows[ofRows.length] === row) ofRows.push(line);
    row++;
  };

  let line = 1;
  let recordLine = 1;
  let isBlank = true;
  let isQuoted = false;
  let afterCr = false;
  for await (const bytes of file.read()) {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte === LF && afterCr) {
        afterCr = false;
        continue;
      }
      afterCr = byte === CR;
      if (byte === LF || byte === CR) {
        line++;
        if (isQuoted) continue;
        endRecord(recordLine, isBlank);
        recordLine = line;
        isBlank = true;
      } else {
        isBlank = false;
        if (byte === QUOTE) isQuoted = !isQuoted;
      }
    }
  }
  if (!isBlank) endRecord(recordLine, false);
  isOver = row === rowCount && !isQuoted;
  return isOver && ofRows.length === rows.length && ofRecords.length === records.length
    ? { ofRows, ofRecords }
    : undefined;
}
