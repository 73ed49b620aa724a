import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { dsvFormat } from 'd3-dsv';
import { beforeEach } from 'vitest';
import { ESHOP_FILE_MISSING, findEshopFile } from '../../scripts/data/eshop-file.ts';

/** Skips the tests of the `describe` it is called in where the e-shop file is not there; the end of the run says so. */
export function needsEshopFile(): void {
  beforeEach(({ skip }) => skip(findEshopFile() === undefined, ESHOP_FILE_MISSING));
}

/** The e-shop data set as it was downloaded, gzip. Call it in a test that `needsEshopFile`. */
export function readEshopFile(): Uint8Array {
  const path = findEshopFile();
  if (path === undefined) throw new Error(ESHOP_FILE_MISSING);
  const file = readFileSync(path);
  return path.endsWith('.gz') ? file : gzipSync(file);
}

/** Its cells as another parser than the product's reads them, header first. */
export function parseEshop(file: Uint8Array): string[][] {
  return dsvFormat(';').parseRows(gunzipSync(file).toString());
}
