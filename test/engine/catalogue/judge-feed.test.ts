import { expect, test } from 'vitest';
import { CatalogueBuilder } from '../../../engine/catalogue/build-catalogue.ts';
import { type CatalogueFacts, factsOf } from '../../../engine/catalogue/catalogue-facts.ts';
import { faultsOfFeed } from '../../../engine/catalogue/judge-feed.ts';

const BEFORE: CatalogueFacts = {
  products: 1_000,
  withTitle: 1_000,
  withPrice: 900,
  withImage: 800,
  withAvailability: 1_000,
  available: 700,
  medianPrice: 20,
  currencies: { EUR: 900 },
  fields: ['title', 'price', 'image_link', 'availability'],
};

function faults(
  facts: Partial<CatalogueFacts>,
  rejectedRows = 0,
  before: CatalogueFacts | undefined = BEFORE,
  notUtf8Rows = 0,
) {
  const all = { ...BEFORE, ...facts };
  const figures = { rows: all.products, rejectedRows, firstReject: 'line 2: it is bad', notUtf8Rows, facts: all };
  return faultsOfFeed(figures, before);
}

test('figures are counted', () => {
  const builder = new CatalogueBuilder(['id', 'title', 'price', 'availability', 'image_link']);
  builder.add(['a', 'Apple', '3 EUR', 'in stock', '/a.jpg']);
  builder.add(['b', '', '10 EUR', 'sold out', '']);
  builder.add(['c', 'Pear', '5 USD', '', '']);
  expect(factsOf(builder.finish('v1'))).toEqual({
    products: 3,
    withTitle: 2,
    withPrice: 3,
    withImage: 1,
    withAvailability: 2,
    available: 1,
    medianPrice: 5,
    currencies: { EUR: 2, USD: 1 },
    fields: ['title', 'price', 'availability', 'image_link', 'currency'],
    types: { title: 'text', price: 'number', availability: 'facet', image_link: 'text', currency: 'facet' },
  });
});

test.each<[string, Partial<CatalogueFacts>]>([
  ['the same', {}],
  [
    'half of the products',
    { products: 500, withPrice: 450, withTitle: 500, withImage: 400, withAvailability: 500, available: 350 },
  ],
  ['a sale that sells nearly everything out', { available: 70 }],
  ['prices that doubled', { medianPrice: 40 }],
  [
    'ten times the products',
    { products: 10_000, withPrice: 9_000, withTitle: 10_000, withImage: 8_000, withAvailability: 10_000 },
  ],
])('%s may go live', (_what, facts) => {
  expect(faults(facts)).toEqual([]);
});

test.each<[string, Partial<CatalogueFacts>, RegExp]>([
  [
    'fewer than half of the products',
    { products: 499, withPrice: 450, withTitle: 499, withImage: 400, withAvailability: 499, available: 340 },
    /^499 products are left, where the live catalogue has 1,000/,
  ],
  ['prices that went', { withPrice: 449 }, /^449 of 1,000 products have a price; in the live catalogue 900 of 1,000/],
  ['titles that went', { withTitle: 0 }, /have a title/],
  ['pictures that went', { withImage: 10 }, /have a picture/],
  ['availability that went', { withAvailability: 0, available: 0 }, /have an availability/],
  ['everything sold out', { available: 0 }, /^0 products are available, where the live catalogue has 700/],
  ['cents in place of euros', { medianPrice: 2_000 }, /median price is 2000, where it was 20/],
  ['a lost decimal sign', { medianPrice: 0.2 }, /median price/],
])('%s may not', (_what, facts, reason) => {
  expect(faults(facts)).toEqual([expect.stringMatching(reason)]);
});

test('many rows that cannot be used are a fault, a few of a small feed are not', () => {
  expect(faults({}, 111)).toEqual([]);
  expect(faults({}, 112)).toEqual([expect.stringMatching(/^112 of 1,112 rows cannot be used.*line 2: it is bad/)]);
  const small = { ...BEFORE, products: 4 };
  expect(faultsOfFeed({ rows: 4, rejectedRows: 3, firstReject: '', notUtf8Rows: 0, facts: small }, undefined)).toEqual(
    [],
  );
  expect(
    faultsOfFeed({ rows: 2, rejectedRows: 3, firstReject: '', notUtf8Rows: 0, facts: small }, undefined),
  ).toHaveLength(1);
});

test('a handful of products is no loss worth refusing', () => {
  const few = { ...BEFORE, products: 9, withPrice: 9, withTitle: 9, withImage: 9, withAvailability: 9, available: 9 };
  expect(
    faults(
      { ...few, products: 1, withPrice: 0, withTitle: 0, withImage: 0, withAvailability: 0, available: 0 },
      0,
      few,
    ),
  ).toEqual([]);
});

test('rows that are not UTF-8 are refused with the option to try', () => {
  expect(faults({}, 500, BEFORE, 1)).toEqual([
    expect.stringMatching(/the first: line 2: it is bad\. If the file is Latin-1 .*--encoding latin-1\)\.$/),
  ]);
});
