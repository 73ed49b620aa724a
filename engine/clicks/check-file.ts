import type { TrainingRequest } from '../artifacts/training-request.ts';
import type { Database } from './database.ts';
import { explained } from './explain-reading.ts';
import type { ResolvedReading } from './recognise-format.ts';
import { parseCondition } from './row-filter.ts';
import { scanFiles } from './scan-files.ts';
import { REJECTED_ROWS_DDL, type SourceFile } from './source-file.ts';
import { findPaths } from './view-query.ts';

/**
 * Reads one file by itself, all of it, and keeps nothing. A file with a header and no row is sound.
 *
 * @param folder for temporary files. @returns how it is read.
 * @throws InputError when it cannot be taken apart, or has not the columns.
 */
export async function checkFile(
  database: Database,
  file: SourceFile,
  request: Pick<TrainingRequest, 'format' | 'columns' | 'where' | 'names' | 'delimiter'>,
  folder: string,
): Promise<ResolvedReading> {
  await database.run(`DROP TABLE IF EXISTS rejected_rows; ${REJECTED_ROWS_DDL}`);
  try {
    const { scans, reading } = await scanFiles(database, [file], request, folder);
    const conditions = (reading.where ?? []).map(parseCondition);
    for (const { columns } of scans) findPaths(reading.columns, conditions, Array.from(columns.keys()), file.name);
    if (file.format === 'parquet') {
      // The others were read whole; of Parquet only the footer was, and damage in the middle shows when it is needed.
      await explained([file], () => database.rows(`SELECT count(hash(COLUMNS(*))) FROM ${scans[0].from}`));
    }
    return reading;
  } finally {
    await database.run('DROP TABLE rejected_rows');
  }
}
