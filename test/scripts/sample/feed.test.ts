import { expect, test } from 'vitest';
import { CatalogueBuilder } from '../../../engine/catalogue/build-catalogue.ts';
import { valuesAt } from '../../../engine/catalogue/catalogue.ts';
import { factsOf } from '../../../engine/catalogue/catalogue-facts.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { makeCatalogue } from '../../../scripts/sample/catalogue.ts';
import { SAMPLE } from '../../../scripts/sample/clickstream.ts';
import { sampleFeed } from '../../../scripts/sample/feed.ts';

function load() {
  const [header, ...lines] = [...sampleFeed(SAMPLE)].join('').trim().split('\n');
  const builder = new CatalogueBuilder(header.split(','));
  const faults = lines.map((line) => builder.add(splitCsv(line))).filter((fault) => fault !== undefined);
  return { catalogue: builder.finish('v1'), faults };
}

/** Only titles hold commas. */
function splitCsv(line: string): string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y;
  for (;;) {
    const [, quoted, plain, end] = cell.exec(line)!;
    cells.push(quoted ?? plain);
    if (end === '') return cells;
  }
}

test('has the products of the clickstream, each with a title, a price, a brand and a drawn picture', () => {
  const { catalogue, faults } = load();
  expect(faults).toEqual([]);
  expect(catalogue.productIds).toEqual(makeCatalogue(SAMPLE.products, seededRandom(SAMPLE.seed)).codes);
  expect(factsOf(catalogue)).toMatchObject({
    withTitle: SAMPLE.products,
    withPrice: SAMPLE.products,
    withImage: SAMPLE.products,
    withAvailability: SAMPLE.products,
    currencies: { USD: SAMPLE.products },
  });
});

test('has a few that are sold out, and colours of one piece as its variants', () => {
  const { catalogue } = load();
  const { available, products } = factsOf(catalogue);
  expect(products - available).toBeGreaterThan(3);
  expect(products - available).toBeLessThan(30);
  const groups = Map.groupBy(
    catalogue.productIds,
    (_, row) => valuesAt(catalogue.fields.get('item_group_id')!, row)[0],
  );
  const variants = [...groups.values()].filter((ids) => ids.length > 1);
  expect(variants.length).toBeGreaterThan(5);
  for (const ids of variants) {
    const colours = ids.map((id) => valuesAt(catalogue.fields.get('color')!, catalogue.rowOf.get(id)!)[0]);
    expect(new Set(colours).size).toBe(ids.length);
  }
});

test('is the same each time', () => {
  expect([...sampleFeed(SAMPLE)]).toEqual([...sampleFeed(SAMPLE)]);
});
