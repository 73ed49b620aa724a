import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { literal } from '../../engine/clicks/sql.ts';
import { withDatabase } from '../../lambdas/shared/duckdb/duckdb.ts';

/** Beside CSV. */
export const FORMATS = ['csv.gz', 'jsonl', 'parquet'] as const;
export type FormatName = (typeof FORMATS)[number];

/** Writes the rows of a CSV file in the e-shop's layout in another format. */
export async function writeAs(format: FormatName, csv: string, target: string): Promise<void> {
  if (format === 'csv.gz') await pipeline(createReadStream(csv), createGzip(), createWriteStream(target));
  else if (format === 'jsonl') await pipeline(Readable.from(jsonLines(csv)), createWriteStream(target));
  else await writeParquet(csv, target);
}

/** Numbers as numbers, a batch of lines at a time. */
async function* jsonLines(csv: string): AsyncGenerator<string> {
  let keys: string[] | undefined;
  let batch: string[] = [];
  for await (const line of createInterface({ input: createReadStream(csv, { highWaterMark: 1 << 20 }) })) {
    const cells = line.split(';');
    if (keys === undefined) {
      keys = cells.map((key) => JSON.stringify(key));
      continue;
    }
    const fields = cells.map((cell, i) => `${keys![i]}:${/^(0|[1-9]\d*)$/.test(cell) ? cell : JSON.stringify(cell)}`);
    batch.push(`{${fields.join()}}\n`);
    if (batch.length < 10_000) continue;
    yield batch.join('');
    batch = [];
  }
  yield batch.join('');
}

function writeParquet(csv: string, target: string): Promise<void> {
  return withDatabase(async (database, folder) => {
    const [source, written] = [path.join(folder, 'clicks.csv'), path.join(folder, 'clicks.parquet')];
    await copyFile(csv, source);
    await database.run(
      `COPY (SELECT * FROM read_csv(${literal(source)}, delim = ';', header = true)) TO ${literal(written)} (FORMAT parquet)`,
    );
    await copyFile(written, target);
  });
}
