import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyPatch } from '../../../engine/catalogue/apply-patch.ts';
import { CatalogueBuilder } from '../../../engine/catalogue/build-catalogue.ts';
import { type Catalogue, newCatalogue, valuesAt } from '../../../engine/catalogue/catalogue.ts';
import { decodePatch, encodePatch } from '../../../engine/catalogue/catalogue-file.ts';
import { FeedColumns } from '../../../engine/catalogue/feed-columns.ts';
import type { Cell } from '../../../engine/catalogue/feed-values.ts';
import { joinCatalogue } from '../../../engine/catalogue/join.ts';
import { variantGroups } from '../../../engine/catalogue/variants.ts';

type Row = Record<string, Cell>;

function fullOf(rows: Row[], columns: string[]): Catalogue {
  const builder = new CatalogueBuilder(columns);
  for (const row of rows) builder.add(columns.map((column) => row[column]));
  return builder.finish('v1');
}

function patchOf(rows: Row[], columns: string[]) {
  const builder = new CatalogueBuilder(columns, new FeedColumns({ kind: 'delta' }));
  for (const row of rows) builder.add(columns.map((column) => row[column]));
  return builder.finishPatch('v2');
}

/** Rows as text, without what is empty. */
function rowsOf({ productIds, fields }: Catalogue): Row[] {
  return productIds.map((id, row) => ({
    id,
    ...Object.fromEntries(
      [...fields].flatMap(([name, field]) => {
        const values = valuesAt(field, row).map(String);
        return values.length === 0 ? [] : [[name, values]];
      }),
    ),
  }));
}

const COLUMNS = ['id', 'title', 'price', 'brand', 'stock'];
const BASE: Row[] = [
  { id: 'a', title: 'Apple', price: '1', brand: 'X', stock: '3' },
  { id: 'b', title: 'Pear', price: '2', brand: 'Y', stock: '4' },
  { id: 'c', title: 'Plum', brand: 'Z' },
];

test('a delta changes the columns that it has, adds at the end, deletes, and leaves the rest', () => {
  const patch = patchOf(
    [
      { id: 'b', action: 'upsert', price: '' },
      { id: 'd', price: '9' },
      { id: 'a', action: 'delete' },
      { id: 'q', action: 'DELETE' },
    ],
    ['id', 'action', 'price'],
  );
  const { catalogue, counts } = applyPatch(fullOf(BASE, COLUMNS), decodePatch(encodePatch(patch), 'v2'), 'v3');
  expect(catalogue.version).toBe('v3');
  expect(rowsOf(catalogue)).toEqual([
    { id: 'b', title: ['Pear'], brand: ['Y'], stock: ['4'] },
    { id: 'c', title: ['Plum'], brand: ['Z'] },
    { id: 'd', price: ['9'] },
  ]);
  expect(counts).toEqual({ added: 1, updated: 1, deleted: 1, unknownDeletions: 1, cleared: { price: 1 } });
  expect(catalogue.fields.get('brand')).toMatchObject({ values: ['Y', 'Z'] });
});

test('a product that is deleted and comes again in one delta is a new one', () => {
  const patch = patchOf(
    [
      { id: 'b', action: 'delete' },
      { id: 'b', price: '5' },
    ],
    ['id', 'action', 'price'],
  );
  const { catalogue } = applyPatch(fullOf(BASE, COLUMNS), patch, 'v3');
  expect(rowsOf(catalogue)[1]).toEqual({ id: 'b', price: ['5'] });
});

test('a row that says nothing of a column leaves it as it was', () => {
  const patch = patchOf(
    [
      { id: 'a', price: '5' },
      { id: 'b', title: 'Quince', price: null },
      { id: 'd', title: 'Fig' },
    ],
    ['id', 'title', 'price'],
  );
  const { catalogue, counts } = applyPatch(fullOf(BASE, COLUMNS), decodePatch(encodePatch(patch), 'v2'), 'v3');
  expect(rowsOf(catalogue)).toEqual([
    { id: 'a', title: ['Apple'], price: ['5'], brand: ['X'], stock: ['3'] },
    { id: 'b', title: ['Quince'], brand: ['Y'], stock: ['4'] },
    { id: 'c', title: ['Plum'], brand: ['Z'] },
    { id: 'd', title: ['Fig'] },
  ]);
  expect(counts).toMatchObject({ added: 1, updated: 2, cleared: { price: 1 } });
});

test('a price without a currency leaves the currency as it was', () => {
  const base = fullOf(
    [
      { id: 'a', price: '1 EUR' },
      { id: 'b', price: '2 EUR' },
    ],
    ['id', 'price'],
  );
  const patch = patchOf(
    [
      { id: 'a', price: '5 USD' },
      { id: 'b', price: '6' },
    ],
    ['id', 'price'],
  );
  const { catalogue, counts } = applyPatch(base, patch, 'v3');
  expect(rowsOf(catalogue)).toEqual([
    { id: 'a', price: ['5'], currency: ['USD'] },
    { id: 'b', price: ['6'], currency: ['EUR'] },
  ]);
  expect(counts.cleared).toEqual({});
});

test.each<[string, Cell, string, unknown]>([
  ['a number', '7.50', 'number', [7.5]],
  ['a name', 'many', 'facet', ['many']],
  ['several', ['1', '2'], 'facet', ['1', '2']],
])('a column of numbers that meets %s', (_what, stock, type, expected) => {
  const { catalogue } = applyPatch(fullOf(BASE, COLUMNS), patchOf([{ id: 'b', stock }], ['id', 'stock']), 'v3');
  const field = catalogue.fields.get('stock')!;
  expect([field.type, valuesAt(field, 1)]).toEqual([type, expected]);
  expect(valuesAt(field, 0).map(String)).toEqual(['3']);
});

test('a delta brings in Merchant Center’s fields as a full feed has them', () => {
  const columns = ['id', 'item_group_id', 'size', 'brand', 'weight'];
  const rows: Row[] = [
    { id: 'a', item_group_id: '100', size: '38', brand: '501', weight: '7' },
    { id: 'b', item_group_id: '100', size: '40', brand: '501', weight: '8' },
    { id: 'c', item_group_id: '200', size: '38', brand: '502', weight: '9' },
  ];
  const full = fullOf(rows, columns);
  const bare = fullOf(BASE, ['id', 'title']);
  const { catalogue } = applyPatch(bare, patchOf(rows, columns), 'v3');
  for (const name of columns.slice(1)) expect(catalogue.fields.get(name)).toEqual(full.fields.get(name));
  expect([...catalogue.fields.values()].map(({ type }) => type)).toEqual(['text', 'facet', 'facet', 'facet', 'number']);
  expect(variantGroups(joinCatalogue(catalogue, ['a', 'b', 'c']))).toEqual(Int32Array.of(0, 0, 1));
});

test('numbers that an earlier release made of such a field are names again', () => {
  const groups = { type: 'number', values: Float64Array.of(100, 100, Number.NaN) } as const;
  const before = newCatalogue('v1', ['a', 'b', 'c'], new Map([['item_group_id', groups]]));
  const patch = patchOf([{ id: 'c', item_group_id: '100' }], ['id', 'item_group_id']);
  const field = applyPatch(before, patch, 'v3').catalogue.fields.get('item_group_id');
  expect(field).toMatchObject({ type: 'facet', values: ['100'], codes: Uint32Array.of(0, 0, 0) });
});

test('a stray value makes a column of numbers names, and a corrected one numbers again', () => {
  const full = fullOf(BASE, COLUMNS);
  const strayed = applyPatch(full, patchOf([{ id: 'b', stock: 'many' }], ['id', 'stock']), 'v3').catalogue;
  expect(strayed.fields.get('stock')?.type).toBe('facet');
  const corrected = applyPatch(strayed, patchOf([{ id: 'b', stock: '5' }], ['id', 'stock']), 'v4').catalogue;
  expect(corrected.fields.get('stock')).toEqual({ type: 'number', values: Float64Array.of(3, 5, Number.NaN) });
});

test('a column of texts with a stray value becomes numbers, too', () => {
  const rows = Array.from({ length: 2_000 }, (_, i) => ({ id: `p${i}`, weight: i === 7 ? 'heavy' : String(i) }));
  const full = fullOf(rows, ['id', 'weight']);
  expect(full.fields.get('weight')?.type).toBe('text');
  const { catalogue } = applyPatch(full, patchOf([{ id: 'p7', weight: '7' }], ['id', 'weight']), 'v3');
  expect(catalogue.fields.get('weight')).toEqual({ type: 'number', values: Float64Array.from(rows, (_, i) => i) });
});

test('a column of texts that meets a list keeps all of its values', () => {
  const rows = Array.from({ length: 2_000 }, (_, i) => ({ id: `p${i}`, note: `note ${i}` }));
  const patch = patchOf([{ id: 'p7', note: ['one', 'two'] }], ['id', 'note']);
  const field = applyPatch(fullOf(rows, ['id', 'note']), patch, 'v3').catalogue.fields.get('note')!;
  expect([field.type, valuesAt(field, 7), valuesAt(field, 8)]).toEqual(['facet', ['one', 'two'], ['note 8']]);
});

test('whatever the deltas, a column of the shop’s own is what a full feed of the same rows makes of it', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd');
  const own: fc.Arbitrary<Cell> = fc.constantFrom<Cell>('', '1', '2.5', '30', '007', 'x', ['1', '2'], ['x', 'y']);
  const products = fc.uniqueArray(fc.record({ id, own }), { minLength: 1, selector: (row) => row.id });
  fc.assert(
    fc.property(products, fc.array(products, { maxLength: 4 }), (base, deltas) => {
      const columns = ['id', 'own'];
      const patched = deltas.reduce(
        (live, delta) => applyPatch(live, patchOf(delta, columns), 'v2').catalogue,
        fullOf(base, columns),
      );
      const last = new Map<string, Row>([base, ...deltas].flat().map((row) => [row.id, row]));
      const rows = patched.productIds.map((product) => last.get(product)!);
      const full = fullOf(rows, columns);
      expect(rowsOf(patched)).toEqual(rowsOf(full));
      // Where no product has a value, numbers stay numbers.
      if (rows.some((row) => row['own'] !== ''))
        expect(patched.fields.get('own')?.type).toBe(full.fields.get('own')?.type);
    }),
    { numRuns: 1_000 },
  );
});

test('whatever the rows, it is what changing them one by one gives', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const cell = fc.constantFrom('', 'x', 'y', '007', 'a longer text');
  const row = fc.record({ id, title: cell, brand: cell, code: cell });
  const action = fc.constantFrom('upsert', 'delete', '');
  const change = fc.record({ id, brand: cell, code: cell, size: cell, action }, { requiredKeys: ['id'] });
  const columns = ['id', 'brand', 'code', 'size', 'action'];
  fc.assert(
    fc.property(fc.array(row), fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 3 }), (base, deltas) => {
      let catalogue = fullOf(base, ['id', 'title', 'brand', 'code']);
      const expected = new Map<string, Row>(base.map((product) => [product.id, { ...product }]));
      for (const delta of deltas) {
        catalogue = applyPatch(catalogue, decodePatch(encodePatch(patchOf(delta, columns))), 'v2').catalogue;
        // Of two rows with one id the later counts.
        const before = new Map(expected);
        for (const { action, ...values } of delta) {
          if (action === 'delete') for (const products of [before, expected]) products.delete(String(values.id));
          else expected.set(values.id, { ...before.get(String(values.id)), ...values });
        }
      }
      const sorted = (rows: Row[]) => rows.sort((p, q) => (String(p['id']) < String(q['id']) ? -1 : 1));
      const filled = [...expected.values()].map((product) =>
        Object.fromEntries(
          Object.entries(product).flatMap(([name, value]) =>
            value === '' ? [] : [[name, name === 'id' ? value : [value]]],
          ),
        ),
      );
      expect(sorted(rowsOf(catalogue))).toEqual(sorted(filled));
    }),
  );
});

describe('ids that are whole numbers with a fraction', () => {
  const change = (base: string[], ...rows: Row[]) => {
    const before = fullOf(
      base.map((id) => ({ id, brand: 'X' })),
      ['id', 'brand'],
    );
    const patch = decodePatch(encodePatch(patchOf(rows, ['id', 'title', 'action'])));
    const { catalogue, counts } = applyPatch(before, patch, 'v2');
    const titles = rowsOf(catalogue).map(({ id, title }) => (title === undefined ? id : `${id} ${title}`));
    return { titles, counts: [counts.added, counts.updated, counts.deleted, counts.unknownDeletions] };
  };

  test.each<[string, string[], Row[], string[], number[]]>([
    [
      'are those of the catalogue, whatever else is named',
      ['1.0', '2.0', '3.0'],
      [
        { id: '1.0', title: 'AA' },
        { id: 'X9', title: 'new' },
      ],
      ['1 AA', '2', '3', 'X9 new'],
      [1, 1, 0, 0],
    ],
    [
      'are the same for deletions',
      ['1.0', '2.0', '3.0'],
      [{ id: '2.0', action: 'delete' }, { id: 'X9' }, { id: '3.0', title: 'CC' }],
      ['1', '3 CC', 'X9'],
      [1, 1, 1, 0],
    ],
    [
      'stay where the catalogue has them so',
      ['1.0', 'X9'],
      [{ id: '1.0', title: 'AA' }],
      ['1.0 AA', 'X9'],
      [0, 1, 0, 0],
    ],
    ['of new products lose it among whole numbers', ['1'], [{ id: '2.0', title: 'B' }], ['1', '2 B'], [1, 0, 0, 0]],
    ['of new products keep it among others', ['X9'], [{ id: '2.0', title: 'B' }], ['X9', '2.0 B'], [1, 0, 0, 0]],
    [
      'are one product in both spellings, of whose rows the last counts',
      ['1', '2'],
      [
        { id: '1', title: 'A' },
        { id: '1.0', title: 'AA' },
        { id: '2.0', title: 'B' },
        { id: '2', action: 'delete' },
      ],
      ['1 AA'],
      [0, 1, 1, 0],
    ],
  ])('%s', (_what, base, rows, titles, counts) => {
    expect(change(base, ...rows)).toEqual({ titles, counts });
  });
});
