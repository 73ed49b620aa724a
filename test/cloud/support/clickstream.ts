import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ESHOP_FILE_MISSING, findEshopFile } from '../../../scripts/data/eshop-file.ts';
import { npm } from './processes.ts';

/** The seed's own data set where it is; else a made-up clickstream with the same columns, and the log says so. */
export async function provideClickstream(folder: string): Promise<{ path: string; isEshop: boolean; lines: string[] }> {
  const eshop = findEshopFile();
  const isEshop = eshop !== undefined;
  const path = eshop ?? join(folder, 'sample.csv');
  if (!isEshop) {
    console.warn(`SKIPPED: the e-shop figures: ${ESHOP_FILE_MISSING}. Training on a made-up clickstream instead.`);
    await npm('sample', '--out', path);
  }
  const bytes = await readFile(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split(/\r?\n/);
  return { path, isEshop, lines };
}

/** Splits a file with a header into files that each have it. */
export function splitClickstream([header, ...rows]: readonly string[], count: number): string[] {
  const size = Math.ceil(rows.length / count);
  return Array.from({ length: count }, (_, i) =>
    [header, ...rows.slice(i * size, (i + 1) * size)].map((line) => `${line}\r\n`).join(''),
  );
}
