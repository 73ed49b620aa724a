import type { Database } from './database.ts';
import type { Scan } from './scan.ts';
import type { SourceFile } from './source-file.ts';
import { literal } from './sql.ts';

/** What every reader of Parquet opens; others are written anew. */
const PLAIN_CODECS = ['SNAPPY', 'UNCOMPRESSED'];

/** Parquet is scanned as it is, with its own types. One file that any reader opens is the dataset as it stands. */
export async function readParquet(database: Database, files: readonly SourceFile[]): Promise<Scan> {
  const paths = `[${files.map(({ path }) => literal(path)).join(', ')}]`;
  const counts = await database.rows(`SELECT file_name, num_rows::DOUBLE AS rows FROM parquet_file_metadata(${paths})`);
  const byPath = new Map(counts.map(({ file_name: name, rows }) => [name, Number(rows)]));
  return {
    files: files.map((file) => ({ file, rows: byPath.get(file.path) ?? 0, skippedRecords: [] })),
    from: `read_parquet(${paths})`,
    columns: await parquetColumns(database, files[0]),
    isText: false,
    ...(files.length === 1 && (await isPlain(database, files[0])) && { finishedPath: files[0].path }),
  };
}

async function isPlain(database: Database, file: SourceFile): Promise<boolean> {
  const codecs = await database.rows(`SELECT DISTINCT compression FROM parquet_metadata(${literal(file.path)})`);
  if (!codecs.every(({ compression }) => PLAIN_CODECS.includes(String(compression)))) return false;
  // What is damaged in a column that nobody needs would go unseen otherwise.
  await database.rows(`SELECT bit_xor(hash(COLUMNS(*))) FROM read_parquet(${literal(file.path)})`);
  return true;
}

/** Name → type. */
export async function parquetColumns(database: Database, file: SourceFile): Promise<Map<string, string>> {
  const columns = await database.rows(`DESCRIBE SELECT * FROM read_parquet(${literal(file.path)})`);
  return new Map(columns.map(({ column_name: name, column_type: type }) => [String(name), String(type)]));
}
