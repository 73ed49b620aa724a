import { CatalogueBuilder } from '../../engine/catalogue/build-catalogue.ts';
import type { Catalogue } from '../../engine/catalogue/catalogue.ts';
import { encodeCatalogue } from '../../engine/catalogue/catalogue-file.ts';
import { catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import type { Cell } from '../../engine/catalogue/feed-values.ts';
import { inspectCurrentCatalogue, moveCurrentCatalogue } from '../../lambdas/shared/catalogue/current-catalogue.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';

/** A row of a feed by its columns. */
export type FeedRow = Record<string, Cell>;

export function catalogueOf(rows: readonly FeedRow[], version = 'test'): Catalogue {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const builder = new CatalogueBuilder(columns);
  for (const row of rows) {
    const fault = builder.add(columns.map((column) => row[column]));
    if (fault !== undefined) throw new Error(`${fault.column}: ${fault.reason}`);
  }
  return builder.finish(version);
}

/** Loads a feed and makes it live. */
export async function publishCatalogue(store: ArtifactStore, rows: readonly FeedRow[], version = 'catalogue-1') {
  await store.put(catalogueKey(version, 'catalogue'), encodeCatalogue(catalogueOf(rows, version)));
  await moveCurrentCatalogue(store, version, '2026-11-23T10:05:00.000Z', await inspectCurrentCatalogue(store));
}

/**
 * A feed of the sample model's products P0…P7, without P7, and of `new`, which no one has viewed yet. P1 and P2 are
 * variants of one shirt.
 */
export const SAMPLE_FEED: readonly FeedRow[] = [
  { id: 'P0', title: 'Red shirt', price: '10', brand: 'Acme', product_type: 'Clothes > Shirts', colours: ['red'] },
  { id: 'P1', title: 'Blue shirt, S', price: '12', brand: 'Acme', product_type: 'Clothes > Shirts', colours: ['blue'] },
  { id: 'P2', title: 'Blue shirt, M', price: '12', brand: 'Acme', product_type: 'Clothes > Shirts', colours: ['blue'] },
  {
    id: 'P3',
    title: 'Café trousers',
    price: '40',
    brand: 'Bolt',
    product_type: 'Clothes > Trousers',
    colours: ['red', 'blue'],
  },
  { id: 'P4', title: 'Spade', price: '15', brand: 'Cog', product_type: 'Garden > Tools' },
  { id: 'P5', title: 'Fork', price: '18', brand: 'Cog', product_type: 'Garden > Tools' },
  { id: 'P6', title: 'Seeds', product_type: 'Garden' },
  { id: 'new', title: 'Green shirt', price: '11', brand: 'Acme', product_type: 'Clothes > Shirts', colours: ['green'] },
].map((row, i) => ({
  ...row,
  availability: i === 4 ? 'out of stock' : 'in stock',
  item_group_id: i === 1 || i === 2 ? 'blue-shirt' : `group-${i}`,
  link: `https://shop.example/${row.id}`,
}));
