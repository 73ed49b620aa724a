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

test.each([
  ['STRASSE', 'Straße'],
  ['straße', 'STRASSE'],
  ['STRAẞE', 'Straße'],
  ['lodz', 'Łódź'],
  ['orsted', 'Ørsted'],
  ['aero coeur', 'Ærø Cœur'],
  ['thor hedinn', 'Þór Héðinn'],
  ['dakovo', 'Đakovo'],
  ['isik', 'Işık'],
  ['IŞIK', 'ışık'],
  ['οδός', 'ΟΔΟΣ ΟΔΟΣΗΜΑΝΣΗ'],
  ["o'neill", 'O’Neill'],
  ['O’NEILL', "O'Neill"],
  ['o‘neill', "O'Neill"],
  ['12"', '“12” vinyl'],
  ['t-shirt', 'T‑Shirt'],
])('%j finds %j', (query, title) => {
  expect(
    searchProducts(
      ['1', '2'],
      catalogueOf([
        { id: '1', title: 'Table' },
        { id: '2', title },
      ]),
      query,
    ),
  ).toEqual([1]);
});

test('without a catalogue the ids are searched', () => {
  expect(find('cha')).toEqual(['CHA']);
  expect(find('chair')).toEqual([]);
});

test('after another feed its titles are searched', () => {
  expect(find('chair', catalogue)).toHaveLength(3);
  expect(find('chair', catalogueOf(FEED.map(({ id }) => ({ id, title: 'Table' }))))).toEqual([]);
});
