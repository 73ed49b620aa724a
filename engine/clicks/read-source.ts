import { InputError, messageOf } from '../errors.ts';
import type { Database } from './database.ts';
import { readCsv } from './read-csv.ts';
import { readJsonLines } from './read-json-lines.ts';
import { SKIPPED_RECORDS_DDL } from './record-numbers.ts';
import type { SourceFile } from './source-file.ts';
import { literal } from './sql.ts';

const FORMAT_NAMES = { csv: 'CSV', jsonl: 'JSON Lines', parquet: 'Parquet' } as const;

/**
 * Reads one file into a new table `incoming`, every CSV and JSON value as text, and adds the rows that it could not
 * take apart to `rejected_rows`, with the number of the record as their line.
 *
 * @param requiredColumns for telling the delimiter, and for the message when it was wrong.
 * @returns the file as it was read in the end.
 * @throws InputError when the file as a whole is unusable.
 */
export async function readSource(
  database: Database,
  file: SourceFile,
  delimiter: string | undefined,
  requiredColumns: readonly string[],
): Promise<SourceFile> {
  await database.run(SKIPPED_RECORDS_DDL);
  try {
    if (file.format === 'csv') return await readCsv(database, file, delimiter, requiredColumns);
    if (file.format === 'jsonl') return await readJsonLines(database, file, requiredColumns);
    await database.run(`CREATE TABLE incoming AS SELECT * FROM read_parquet(${literal(file.path)})`);
    return file;
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const reason = messageOf(cause).split('\n')[0].replaceAll(file.path, file.name);
    throw new InputError(
      `${file.name} cannot be read as ${FORMAT_NAMES[file.format]}: ${reason}. If it was cut off or damaged on its way, upload it again.`,
      { cause },
    );
  }
}
