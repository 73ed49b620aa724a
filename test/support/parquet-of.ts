import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDatabase } from '../../lambdas/shared/duckdb/duckdb.ts';

/** The answer to a query as a Parquet file, as a data warehouse unloads it. */
export function parquetOf(query: string): Promise<Uint8Array> {
  return withDatabase(async (database, folder) => {
    await database.run(`COPY (${query}) TO '${join(folder, 'x.parquet')}'`);
    return readFile(join(folder, 'x.parquet'));
  });
}
