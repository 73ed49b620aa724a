import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { dsvFormat } from 'd3-dsv';

const FILE = fileURLToPath(new URL('../../../shared/data/eshop2008/e-shop clothing 2008.csv.gz', import.meta.url));

/** The e-shop data set as it was downloaded (gzip); undefined, loudly, where it does not lie beside the checkout. */
export function readEshopFile(): Uint8Array | undefined {
  if (existsSync(FILE)) return readFileSync(FILE);
  console.warn(
    `SKIPPED: the tests on the real clickstream, because there is no ${FILE} (npm run data -- eshop gets it).`,
  );
  return undefined;
}

/** Its cells as another parser than the product's reads them, header first. */
export function parseEshop(file: Uint8Array): string[][] {
  return dsvFormat(';').parseRows(gunzipSync(file).toString());
}
