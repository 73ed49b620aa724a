import { expect, test } from 'vitest';
import type { Catalogue } from '../../../engine/catalogue/catalogue.ts';
import { searchProducts } from '../../../engine/catalogue/search-products.ts';
import { catalogueOf } from '../../support/published-catalogue.ts';

const FEED = [
  { id: 'B1', title: 'Deep-blue spade' },
  { id: 'B10', title: 'Café chair' },
  { id: 'X', title: 'Chair of 10 legs' },
  { id: 'CHA', title: '' },
  { id: 'z', title: 'Armchair' },
];
const ids = FEED.map(({ id }) => id);
const find = (query: string, catalogue?: Catalogue) =>
  searchProducts(ids, catalogue, query).map((product) => ids[product]);
const catalogue = catalogueOf(FEED);

test.each([
  // The id itself, then ids that begin so.
  ['b1', ['B1', 'B10']],
  // An id that begins so, then words that begin so, then the middle of words.
  ['cha', ['CHA', 'B10', 'X', 'z']],
  ['CHAIR', ['B10', 'X', 'z']],
  ['cafe', ['B10']],
  ['CAFÉ', ['B10']],
  ['blue', ['B1']],
  ['chair legs', ['X']],
  ['legs  chair ', ['X']],
  ['10 chair', ['X', 'B10']],
  ['table', []],
])('%j finds %j', (query, expected) => {
  expect(find(query, catalogue)).toEqual(expected);
});

test('without a catalogue the ids are searched', () => {
  expect(find('cha')).toEqual(['CHA']);
  expect(find('chair')).toEqual([]);
});

test('after another feed its titles are searched', () => {
  expect(find('chair', catalogue)).toHaveLength(3);
  expect(find('chair', catalogueOf(FEED.map(({ id }) => ({ id, title: 'Table' }))))).toEqual([]);
});
