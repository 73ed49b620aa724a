import { CatalogueBuilder } from '../../../engine/catalogue/build-catalogue.ts';
import type { Catalogue } from '../../../engine/catalogue/catalogue.ts';
import type { Cell } from '../../../engine/catalogue/feed-values.ts';

export function catalogueOf(columns: readonly string[], rows: readonly (readonly Cell[])[]): Catalogue {
  const builder = new CatalogueBuilder(columns);
  for (const row of rows) {
    const fault = builder.add(row);
    if (fault !== undefined) throw new Error(`${fault.column}: ${fault.reason}`);
  }
  return builder.finish('catalogue-1');
}
