import type { Catalogue } from '../../engine/catalogue/catalogue.ts';
import { encodeCatalogue } from '../../engine/catalogue/catalogue-file.ts';
import { CATALOGUE_CURRENT_KEY, catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import { catalogueOf } from '../engine/attributes/example-catalogue.ts';

/** Category and price of each product, from clicks in the e-shop file's columns. */
export function catalogueOfClicks(clicks: string): Catalogue {
  const rows = clicks.trim().split('\r\n').slice(1);
  const products = new Map(rows.map((line) => line.split(';')).map((cells) => [cells[7], cells]));
  return catalogueOf(
    ['id', 'product_type', 'price'],
    [...products].map(([id, cells]) => [id, cells[6], cells[11]]),
  );
}

/** Makes a catalogue live, apart from the product's own commands. */
export async function uploadCatalogue(
  stages: { upload(key: string, content: string | Uint8Array): Promise<void> },
  { version, bytes }: { version: string; bytes: Uint8Array },
): Promise<void> {
  const pointer = { version, publishedAt: '2026-11-23T09:00:00.000Z', previous: null };
  await stages.upload(catalogueKey(version, 'catalogue'), bytes);
  await stages.upload(CATALOGUE_CURRENT_KEY, JSON.stringify(pointer));
}

export function encodedCatalogue(catalogue: Catalogue): { version: string; bytes: Uint8Array } {
  return { version: catalogue.version, bytes: encodeCatalogue(catalogue) };
}
