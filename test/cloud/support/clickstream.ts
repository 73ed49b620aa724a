import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { npm } from './processes.ts';

const ESHOP = fileURLToPath(new URL('../../../../shared/data/eshop2008/e-shop clothing 2008.csv.gz', import.meta.url));

/** The seed's own data set where it is; else a made-up clickstream with the same columns, and the log says so. */
export async function provideClickstream(folder: string): Promise<{ path: string; isEshop: boolean; lines: string[] }> {
  const isEshop = existsSync(ESHOP);
  const path = isEshop ? ESHOP : join(folder, 'sample.csv');
  if (!isEshop) {
    console.warn(`SKIPPED: the e-shop figures, since there is no ${ESHOP}; training on a made-up clickstream instead.`);
    await npm('sample', '--out', path);
  }
  const bytes = await readFile(path);
  const lines = (isEshop ? gunzipSync(bytes) : bytes).toString().trimEnd().split(/\r?\n/);
  return { path, isEshop, lines };
}

/** Splits a file with a header into files that each have it. */
export function splitClickstream([header, ...rows]: readonly string[], count: number): string[] {
  const size = Math.ceil(rows.length / count);
  return Array.from({ length: count }, (_, i) =>
    [header, ...rows.slice(i * size, (i + 1) * size)].map((line) => `${line}\r\n`).join(''),
  );
}
