import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Where the e-shop file is looked for: where `npm run data -- eshop` puts it, then beside the checkout, as downloaded. */
const ESHOP_FILE_PLACES: readonly string[] = [
  fromRoot('.alike/data/eshop.csv'),
  fromRoot('../shared/data/eshop2008/e-shop clothing 2008.csv.gz'),
];

/** What to say where the e-shop file is needed and not there. */
export const ESHOP_FILE_MISSING = 'the e-shop file is not there; get it with: npm run data -- eshop';

/** @returns the path of the e-shop file, plain or gzip (told by `.gz`), or undefined where it is in none of its places. */
export function findEshopFile(): string | undefined {
  return ESHOP_FILE_PLACES.find((path) => existsSync(path));
}
