import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CatalogueBuilder } from '../../../engine/catalogue/build-catalogue.ts';
import { type Catalogue, valuesAt } from '../../../engine/catalogue/catalogue.ts';
import { decodeCatalogue, encodeCatalogue } from '../../../engine/catalogue/catalogue-file.ts';
import { describeFields } from '../../../engine/catalogue/describe-fields.ts';
import { FeedColumns } from '../../../engine/catalogue/feed-columns.ts';
import type { Cell } from '../../../engine/catalogue/feed-values.ts';
import { joinCatalogue } from '../../../engine/catalogue/join.ts';

const COLUMNS = ['id', 'title', 'Price', 'availability', 'product type', 'colour', 'stock', 'code'];

function build(rows: Cell[][], columns = COLUMNS): { catalogue: Catalogue; faults: unknown[]; replaced: number } {
  const builder = new CatalogueBuilder(columns);
  const faults = rows.map((row) => builder.add(row)).filter((fault) => fault !== undefined);
  return { catalogue: builder.finish('v1'), faults, replaced: builder.replacedRows };
}

function rowsOf({ fields, productIds }: Catalogue): Record<string, unknown>[] {
  return productIds.map((id, row) => ({
    id,
    ...Object.fromEntries([...fields].map(([name, field]) => [name, valuesAt(field, row)])),
  }));
}

const A: Cell[] = ['a', 'Apple', '1,50 €', 'In Stock', 'Food>Fruit', ['red', 'green'], 3, '007'];
const B: Cell[] = ['b', null, '', 'sold out', 'Food', 'red', 10.5, '8'];

describe('a feed becomes a catalogue', () => {
  test('each cell under its field', () => {
    const { catalogue, faults } = build([A, B]);
    expect(faults).toEqual([]);
    expect(rowsOf(catalogue)).toEqual([
      {
        id: 'a',
        title: ['Apple'],
        price: [1.5],
        availability: ['in_stock'],
        product_type: ['Food > Fruit'],
        colour: ['red', 'green'],
        stock: [3],
        code: ['007'],
        currency: ['EUR'],
      },
      {
        id: 'b',
        title: [],
        price: [],
        availability: ['out_of_stock'],
        product_type: ['Food'],
        colour: ['red'],
        stock: [10.5],
        code: ['8'],
        currency: [],
      },
    ]);
  });

  test.each<[Cell[], string, string]>([
    [[' ', 'x'], 'id', 'there is no id'],
    [['(not set)', 'x'], 'id', '"(not set)" is a placeholder'],
    [['c', 'x', 'cheap'], 'Price', '"cheap" is no price'],
    [['c', 'x', 1, 'perhaps'], 'availability', '"perhaps" is no availability'],
  ])('%j is refused with its column', (row, column, reason) => {
    const { catalogue, faults } = build([A, row]);
    expect(faults).toEqual([{ column, reason: expect.stringContaining(reason) }]);
    expect(catalogue.productIds).toEqual(['a']);
  });

  test('a link may not run code', () => {
    const { faults } = build([['a', 'javascript:alert(1)']], ['id', 'link']);
    expect(faults).toEqual([{ column: 'link', reason: expect.stringContaining('is no link') }]);
  });

  test('a picture may stand in the feed, a page may not', () => {
    const { faults } = build(
      [
        ['a', 'data:image/svg+xml,%3Csvg/%3E'],
        ['b', 'data:text/html,x'],
      ],
      ['id', 'image_link'],
    );
    expect(faults).toEqual([{ column: 'image_link', reason: expect.stringContaining('is no link to a picture') }]);
  });

  test('GIVEN a cell with several pictures THEN the first is taken, as of a list', () => {
    const cells: Cell[] = [
      'https://s.example/a.jpg, https://s.example/b.jpg',
      ['/m/a.jpg', '/m/b.jpg'],
      '/m/a.jpg|/m/b.jpg',
    ];
    const { catalogue } = build(
      cells.map((cell, i) => [`p${i}`, cell]),
      ['id', 'image_link'],
    );
    expect(rowsOf(catalogue).map((row) => row['image_link'])).toEqual([
      ['https://s.example/a.jpg'],
      ['/m/a.jpg'],
      ['/m/a.jpg'],
    ]);
  });

  test('a column may be named, and leaves its own name free', () => {
    const columns = new FeedColumns({ columns: { id: 'sku', title: 'Name' } });
    const builder = new CatalogueBuilder(['id', 'sku', 'Name', 'title', 'description'], columns);
    builder.add(['7', 'A13', 'Shirt', 'Mr', 'long']);
    expect(rowsOf(builder.finish('v1'))).toEqual([{ id: 'A13', feed_id: [7], title: ['Shirt'], feed_title: ['Mr'] }]);
    expect(builder.leftOut).toEqual(['description']);
  });

  test('a column may be named for several fields', () => {
    const builder = new CatalogueBuilder(
      ['sku', 'name'],
      new FeedColumns({ columns: { id: 'sku', mpn: 'sku', title: 'name', brand: 'name' } }),
    );
    builder.add(['A13', 'Acme']);
    expect(rowsOf(builder.finish('v1'))).toEqual([{ id: 'A13', mpn: ['A13'], title: ['Acme'], brand: ['Acme'] }]);
  });

  test('two columns that are one field are refused', () => {
    expect(() => build([], ['id', 'g:title', 'Title'])).toThrow(/"g:title" and "Title" are both the field "title"/);
  });

  test('ids that are whole numbers lose the fraction that pandas gives them', () => {
    expect(build([['1207.0'], ['1208.0']], ['id']).catalogue.productIds).toEqual(['1207', '1208']);
    expect(build([['1207.00'], ['1208.00']], ['id']).catalogue.productIds).toEqual(['1207', '1208']);
    expect(build([['1207.0'], ['a']], ['id']).catalogue.productIds).toEqual(['1207.0', 'a']);
  });

  test('rows that are one product without the fraction are told, and the later counts', () => {
    const { catalogue, replaced } = build(
      [
        ['1.0', 'A'],
        ['2.0', 'B'],
        ['2', 'C'],
      ],
      ['id', 'title'],
    );
    expect(replaced).toBe(1);
    expect(rowsOf(catalogue)).toEqual([
      { id: '1', title: ['A'] },
      { id: '2', title: ['C'] },
    ]);
  });

  test('the later of two rows with one id counts', () => {
    const { catalogue, replaced } = build([A, B, ['a', 'Apricot', 9]]);
    expect(replaced).toBe(1);
    expect(rowsOf(catalogue).map(({ id, title, price }) => [id, title, price])).toEqual([
      ['b', [], []],
      ['a', ['Apricot'], [9]],
    ]);
  });

  test('a value that a product lists twice counts once', () => {
    const { catalogue } = build(
      [
        ['a', ['t', 'u', 't'], ['H > G', 'H>G']],
        ['b', ['3', '3'], 'H'],
        ['c', ['t'], ['H', 'H > G']],
      ],
      ['id', 'tags', 'product type'],
    );
    expect(rowsOf(catalogue)).toEqual([
      { id: 'a', tags: ['t', 'u'], product_type: ['H > G'] },
      { id: 'b', tags: ['3'], product_type: ['H'] },
      { id: 'c', tags: ['t'], product_type: ['H', 'H > G'] },
    ]);
    expect(describeFields(catalogue, ['tags', 'product_type'], 9).map(({ values }) => values)).toEqual([
      [
        { value: 't', products: 2 },
        { value: '3', products: 1 },
        { value: 'u', products: 1 },
      ],
      [
        { value: 'H', products: 2 },
        { value: 'H > G', products: 2 },
      ],
    ]);
  });

  test('a column where hardly two rows are alike is text', () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => [`p${i}`, `sku ${i}`, `kind ${i % 50}`]);
    const { fields } = build(rows, ['id', 'sku', 'kind']).catalogue;
    expect([fields.get('sku')?.type, fields.get('kind')?.type]).toEqual(['text', 'facet']);
  });

  test('"n/a" is no value among numbers, and a name among names', () => {
    const { catalogue } = build(
      [
        ['a', '1.5', 'None', '-'],
        ['b', 'N/A', 'dots', ''],
      ],
      ['id', 'weight', 'pattern', 'nothing'],
    );
    expect(rowsOf(catalogue)).toEqual([
      { id: 'a', weight: [1.5], pattern: ['None'], nothing: ['-'] },
      { id: 'b', weight: [], pattern: ['dots'], nothing: [] },
    ]);
  });

  test('a column of lists keeps all of their values, however many there are', () => {
    const rows = Array.from({ length: 1_500 }, (_, i): Cell[] => [`p${i}`, [`tag ${i}`, `tag ${1_500 + i}`]]);
    const { fields } = build(rows, ['id', 'tags']).catalogue;
    expect(fields.get('tags')).toMatchObject({ type: 'facet', values: { length: 3_000 } });
    expect(valuesAt(fields.get('tags')!, 7)).toEqual(['tag 7', 'tag 1507']);
  });
});

test('the file gives back what was written, and again the same bytes', () => {
  const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant(null), fc.constant('\ufeffx'));
  const rows = fc.array(fc.tuple(fc.string({ minLength: 1 }), cell, cell), { maxLength: 30 });
  fc.assert(
    fc.property(rows, (feed) => {
      const { catalogue } = build(feed, ['id', 'title', 'colour']);
      const bytes = encodeCatalogue(catalogue);
      expect(rowsOf(decodeCatalogue(bytes))).toEqual(rowsOf(catalogue));
      expect(encodeCatalogue(decodeCatalogue(bytes))).toEqual(bytes);
    }),
  );
});

test('joined, the rows are the model’s products, then the new ones', () => {
  const joined = joinCatalogue(build([A, B]).catalogue, ['x', 'b']);
  expect(rowsOf(joined.catalogue).map(({ id, colour, stock, title }) => [id, colour, stock, title])).toEqual([
    ['x', [], [], []],
    ['b', ['red'], [10.5], []],
    ['a', ['red', 'green'], [3], ['Apple']],
  ]);
  expect([joined.modelProducts, joined.listedProducts]).toEqual([2, 1]);
});
