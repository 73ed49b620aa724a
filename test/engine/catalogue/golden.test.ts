import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeContainer, encodeContainer } from '../../../engine/artifacts/binary-container.ts';
import { applyPatch } from '../../../engine/catalogue/apply-patch.ts';
import { type Catalogue, valuesAt } from '../../../engine/catalogue/catalogue.ts';
import { decodeCatalogue, decodePatch, decodeWholeCatalogue } from '../../../engine/catalogue/catalogue-file.ts';

/** Files as each version of the format was written. They are never changed: a new version adds its own. */
const golden = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, 'golden', name)));

const rowsOf = ({ productIds, fields }: Catalogue) =>
  productIds.map((id, row) => [id, ...Array.from(fields, ([name, field]) => [name, ...valuesAt(field, row)])]);

test.each([1, 2])('catalogue.bin of version %d is read', (version) => {
  const catalogue = decodeCatalogue(golden(`catalogue-${version}.bin`), '20261126T000000000Z-00000001');
  expect(rowsOf(catalogue)).toEqual([
    [
      'A1',
      ['title', 'Jupe « été »'],
      ['price', 49.9],
      ['availability', 'in_stock'],
      ['brand', 'Nordlicht'],
      ['product_type', 'Clothes > Skirts'],
      ['weight', 0.4],
      ['currency', 'EUR'],
    ],
    [
      'B/2',
      ['title'],
      ['price'],
      ['availability', 'out_of_stock'],
      ['brand', 'Ødegård'],
      ['product_type', 'Clothes'],
      ['weight'],
      ['currency'],
    ],
    [
      '👟',
      ['title', 'Shoe'],
      ['price', 120],
      ['availability', 'preorder'],
      ['brand'],
      ['product_type', 'Shoes > Running > Trail'],
      ['weight', 1.25],
      ['currency', 'EUR'],
    ],
  ]);
  expect(catalogue.fields.get('product_type')).toMatchObject({ type: 'facet', isPath: true });
});

test.each([1, 2])('feed.bin of version %d changes it', (version) => {
  const base = decodeCatalogue(golden(`catalogue-${version}.bin`));
  const patch = decodePatch(golden(`feed-${version}.bin`), '20261126T000000000Z-00000002');
  const { catalogue, counts } = applyPatch(base, patch, 'next');
  expect(counts).toMatchObject({ added: 0, updated: 1, deleted: 1 });
  expect(catalogue.productIds).toEqual(['A1', '👟']);
  expect(valuesAt(catalogue.fields.get('price')!, 0)).toEqual([39]);
  expect(valuesAt(catalogue.fields.get('title')!, 0)).toEqual(['Jupe « été »']);
});

test('a text that is not what the file says is refused when the catalogue is looked at as a whole', () => {
  const container = decodeContainer(golden('catalogue-2.bin'), 'catalogue', 2);
  const fields = (container.meta['fields'] as { name: string; byteLength?: number }[]).map((field) =>
    field.name === 'title' ? { ...field, byteLength: field.byteLength! - 1 } : field,
  );
  const offsets = container.sections['0.offsets'].slice();
  offsets[offsets.length - 1]--;
  const sections = { ...container.sections, '0.offsets': offsets };
  const file = encodeContainer({ ...container, meta: { ...container.meta, fields }, sections });
  expect(() => decodeWholeCatalogue(file)).toThrow(/contradicts itself \(field title: its text is not of \d+ bytes\)/);
  expect(() => decodeCatalogue(encodeContainer({ ...container, meta: { ...container.meta, fields } }))).toThrow(
    'field title: its rows do not fit together',
  );
});
