import { CatalogueBuilder } from '../../../engine/catalogue/build-catalogue.ts';
import { joinCatalogue } from '../../../engine/catalogue/join.ts';
import { ProductWorld } from '../../../engine/rules/product-world.ts';
import { readRules } from '../../../engine/rules/read-rules.ts';
import type { RulesFile } from '../../../engine/rules/rules-file.ts';
import { walkingIndex } from '../ranking/walking-index.ts';

/** What the catalogue says of a product, so that a test can say it without a filter. */
export interface Facts {
  brand: string | undefined;
  category: string;
  price: number;
  availability: 'in_stock' | 'out_of_stock';
}

export const PRODUCTS = 240;
export const index = walkingIndex(PRODUCTS, 60);

/** Every seventh has no brand. */
export const FACTS: readonly Facts[] = index.productIds.map((_, product) => ({
  brand: product % 7 === 0 ? undefined : `brand ${product % 5}`,
  category: `Home > Room ${product % 3}`,
  price: 10 + (product % 11),
  availability: product % 4 === 0 ? 'out_of_stock' : 'in_stock',
}));

/** A product that the feed lists and nobody has viewed. */
export const NEW_PRODUCT = { id: 'new', number: PRODUCTS };

const COLUMNS = ['id', 'brand', 'product_type', 'price', 'availability', 'title'];

const joined = joinCatalogue(makeCatalogue(), index.productIds);
export const world = new ProductWorld(index, joined);

function makeCatalogue() {
  const builder = new CatalogueBuilder(COLUMNS);
  FACTS.forEach(({ brand = null, category, price, availability }, product) => {
    builder.add([index.productIds[product], brand, category, price, availability, `title ${product}`]);
  });
  builder.add([NEW_PRODUCT.id, 'brand 1', 'Home > Room 1', 12, 'in_stock', 'new']);
  return builder.finish('v1');
}

let ids = 0;

/** A rule with what every rule must have. */
export function rule(fields: object): object {
  return { id: `rule-${++ids}`, author: 'Ana', note: 'test', ...fields };
}

export function rulesOf(file: object): RulesFile {
  return readRules(JSON.stringify(file), 'rules.json');
}
