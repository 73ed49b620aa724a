import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CatalogueBuilder } from '../../../engine/catalogue/build-catalogue.ts';
import { type Catalogue, type FacetField, type Field, newCatalogue } from '../../../engine/catalogue/catalogue.ts';
import { passingRows } from '../../../engine/catalogue/compile-filter.ts';
import { type Filter, readFilter } from '../../../engine/catalogue/filter.ts';
import { formatFilter } from '../../../engine/catalogue/format-filter.ts';
import { parseFilter } from '../../../engine/catalogue/parse-filter.ts';

interface Row {
  brand?: string;
  price?: number;
  colours?: string[];
  category?: string;
}

const ROWS: Row[] = [
  { brand: 'Acme', price: 10, colours: ['red', 'blue'], category: 'Home > Garden' },
  { brand: 'Acme', price: 15, colours: ['red'], category: 'Home' },
  { brand: 'Bolt', price: 20, category: 'Home > Garden > Tools' },
  { price: 9, colours: ['blue'], category: 'Homeware' },
  { brand: 'Cog' },
];
const catalogue = catalogueOf(ROWS);

describe.each<[string, number | undefined, number[]]>([
  ['brand:Acme', undefined, [0, 1]],
  ['brand:Acme,Bolt', undefined, [0, 1, 2]],
  // A row without the field passes no condition on it, and so passes its NOT.
  ['NOT brand:Acme', undefined, [2, 3, 4]],
  ['price<=15', undefined, [0, 1, 3]],
  ['price<15', undefined, [0, 3]],
  ['price:10..15', undefined, [0, 1]],
  ['price:15', undefined, [1]],
  ['colours:blue', undefined, [0, 3]],
  ['colours:blue AND colours:red', undefined, [0]],
  // A path takes in what lies below it, and not what merely begins alike.
  ['category:Home', undefined, [0, 1, 2]],
  ['category:"Home > Garden"', undefined, [0, 2]],
  ['brand:@', 0, [0, 1]],
  ['colours:@', 0, [0, 1, 3]],
  ['price<=1.5*@price', 0, [0, 1, 3]],
  ['price>@ OR brand:Cog', 1, [2, 4]],
  // The query product has no brand, or there is none.
  ['brand:@', 3, []],
  ['NOT brand:@', 3, [0, 1, 2, 3, 4]],
  ['price<=2*@', undefined, []],
  // Row 4 has no price, and "Acme" is no number.
  ['price:@brand', 0, []],
  ['NOT price:@brand', 0, [0, 1, 2, 3, 4]],
  ['brand:Nobody', undefined, []],
])('%s of row %o', (text, queryRow, rows) => {
  test(`passes ${rows}`, () => {
    expect(rowsPassing(parseFilter(text), queryRow)).toEqual(rows);
  });
});

test.each([
  ['product_type', 'Home>Garden', [0, 2]],
  ['product_type', 'Home', [0, 1, 2]],
  ['product_type', ' Home  >  Garden > ', [0, 2]],
  ['availability', 'in stock', [0, 2]],
  ['availability', 'https://schema.org/InStock', [0, 2]],
  ['availability', 'Sold out', [1]],
  ['availability', 'out_of_stock', [1]],
  ['availability', 'nonsense', []],
  // Fields that the feed stores as they are written.
  ['brand', 'Acme > Co', [1]],
  ['brand', 'Acme>Co', []],
])(
  'GIVEN a value of %s as a feed may write it, %j THEN the rows that the feed means pass: %j',
  (field, value, rows) => {
    const builder = new CatalogueBuilder(['id', 'product_type', 'availability', 'brand']);
    builder.add(['a', 'Home >Garden', 'In Stock', 'Acme']);
    builder.add(['b', 'Home', 'sold out', 'Acme > Co']);
    builder.add(['c', 'Home > Garden > Tools', '7', '']);
    const feed = builder.finish('v1');
    const bits = passingRows(feed, { field, in: [value] }, undefined);
    expect([0, 1, 2].filter((row) => bits.has(row))).toEqual(rows);
  },
);

test.each([
  ['size:42', 'The catalogue has no field "size"; it has brand, price, colours, category'],
  ['brand<3', 'The catalogue\'s field "brand" holds no numbers: compare it with a value, as in brand:VALUE'],
  ['price<@size', 'has no field "size"'],
])('%s is refused', (text, message) => {
  expect(() => rowsPassing(parseFilter(text), 0)).toThrow(message);
});

test('as a plain reading of the tree over each row', () => {
  const row = fc.record(
    {
      brand: fc.constantFrom('Acme', 'Bolt', 'Cog'),
      price: fc.integer({ min: 0, max: 5 }),
      colours: fc.uniqueArray(fc.constantFrom('red', 'blue', 'green'), { minLength: 1 }),
    },
    { requiredKeys: [] },
  );
  const condition = fc
    .constantFrom(
      'brand:Acme',
      'brand:@',
      'brand:Bolt,Cog',
      'price<3',
      'price>=@',
      'price<=0.5*@',
      'price:1..2',
      'colours:red,green',
      'colours:@',
    )
    .map(parseFilter);
  const filter: fc.Arbitrary<Filter> = fc.letrec<{ node: Filter }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      condition,
      fc.record({ and: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ or: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: tie('node') }),
    ),
  })).node;
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 40 }),
      filter,
      fc.option(fc.nat(), { nil: undefined }),
      (rows, tree, at) => {
        const queryRow = at === undefined ? undefined : at % rows.length;
        const query = queryRow === undefined ? {} : rows[queryRow];
        const bits = passingRows(catalogueOf(rows), tree, queryRow);
        expect(rows.map((_, r) => bits.has(r))).toEqual(rows.map((candidate) => passes(tree, candidate, query)));
        expect(bits.count()).toBe(rows.filter((candidate) => passes(tree, candidate, query)).length);
      },
    ),
    { numRuns: 500 },
  );
});

test('every bound of a condition holds, in the tree and in its text', () => {
  const bound = fc.oneof(
    fc.integer({ min: -1, max: 6 }),
    fc.record({ own: fc.constant('price'), times: fc.constantFrom(0.5, 1, 2) }),
  );
  const range = fc
    .record({ gt: bound, gte: bound, lt: bound, lte: bound }, { requiredKeys: [] })
    .filter((bounds) => Object.keys(bounds).length > 0)
    .map((bounds) => ({ field: 'price', ...bounds }));
  const rows = Array.from({ length: 7 }, (_, price) => ({ price }));
  const prices = catalogueOf(rows);
  fc.assert(
    fc.property(
      fc.oneof(
        range,
        range.map((not) => ({ not })),
      ),
      fc.nat(6),
      (json, queryRow) => {
        const expected = rows.map((row) => passes(json, row, rows[queryRow]));
        const filter = readFilter(json);
        for (const tree of [filter, parseFilter(formatFilter(filter))]) {
          const bits = passingRows(prices, tree, queryRow);
          expect(rows.map((_, row) => bits.has(row))).toEqual(expected);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

function passes(filter: Filter, row: Row, query: Row): boolean {
  if ('and' in filter) return filter.and.every((part) => passes(part, row, query));
  if ('or' in filter) return filter.or.some((part) => passes(part, row, query));
  if ('not' in filter) return !passes(filter.not, row, query);
  const valuesOf = (of: Row, field: string) => [of[field as keyof Row] ?? []].flat().map(String);
  const values = valuesOf(row, filter.field);
  if ('in' in filter) {
    const wanted = filter.in.flatMap((value) => (typeof value === 'string' ? value : valuesOf(query, value.own)));
    return values.some((value) => wanted.includes(value));
  }
  return (['gt', 'gte', 'lt', 'lte'] as const).every((side) => {
    const bound = filter[side];
    if (bound === undefined) return true;
    const limit = typeof bound === 'number' ? bound : Number(valuesOf(query, bound.own)[0]) * (bound.times ?? 1);
    const value = Number(values[0]);
    return { gt: value > limit, gte: value >= limit, lt: value < limit, lte: value <= limit }[side];
  });
}

function rowsPassing(filter: Filter, queryRow: number | undefined): number[] {
  const bits = passingRows(catalogue, filter, queryRow);
  return ROWS.map((_, row) => row).filter((row) => bits.has(row));
}

function catalogueOf(rows: Row[]): Catalogue {
  return newCatalogue(
    'test',
    rows.map((_, r) => `p${r}`),
    new Map<string, Field>([
      ['brand', facet(rows.map(({ brand }) => (brand === undefined ? [] : [brand])))],
      ['price', { type: 'number', values: Float64Array.from(rows, ({ price }) => price ?? Number.NaN) }],
      ['colours', facet(rows.map(({ colours }) => colours ?? []))],
      [
        'category',
        facet(
          rows.map(({ category }) => (category === undefined ? [] : [category])),
          true,
        ),
      ],
    ]),
  );
}

function facet(rows: string[][], isPath = false): FacetField {
  const values = [...new Set(rows.flat())];
  const offsets = [0];
  for (const row of rows) offsets.push(offsets[offsets.length - 1] + row.length);
  return {
    type: 'facet',
    isPath,
    values,
    offsets: Uint32Array.from(offsets),
    codes: Uint32Array.from(rows.flat(), (value) => values.indexOf(value)),
  };
}
