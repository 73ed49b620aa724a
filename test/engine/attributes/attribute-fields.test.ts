import { describe, expect, test } from 'vitest';
import { attributeFieldsOf, likeness, selectProducts } from '../../../engine/attributes/attribute-fields.ts';
import { catalogueOf } from './example-catalogue.ts';

const SHOP = catalogueOf(
  ['id', 'title', 'product_type', 'brand', 'price', 'availability', 'link'],
  [
    ['a', 'Linen shirt, blue', 'Clothes > Shirts', 'Acme', '20', 'in stock', '/a'],
    ['b', 'LINEN Shirt', 'Clothes > Shirts', 'Bolt', '24', 'in stock', '/b'],
    ['c', 'Kettle', 'Kitchen', 'Acme', '90', 'in stock', '/c'],
    ['d', '', 'Clothes', '', '', 'out of stock', '/d'],
  ],
);
const field = (name: string) => {
  const found = attributeFieldsOf(SHOP).find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no field ${name}`);
  return found;
};
const tokensOf = (name: string, product: number) => {
  const { tokens, offsets, codes } = field(name);
  return Array.from(codes.subarray(offsets[product], offsets[product + 1]), (code) => tokens[code]);
};

describe('attributes as tokens', () => {
  test('what does not describe a product is passed over', () => {
    expect(attributeFieldsOf(SHOP).map(({ name }) => name)).toEqual(['title', 'product_type', 'brand', 'price']);
  });

  test('a title is its words in lower case', () => {
    expect(tokensOf('title', 0)).toEqual(['linen', 'shirt', 'blue']);
    expect(tokensOf('title', 3)).toEqual([]);
  });

  test('a category is each of its levels', () => {
    expect(tokensOf('product_type', 0)).toEqual(['Clothes', 'Clothes > Shirts']);
    expect(tokensOf('product_type', 3)).toEqual(['Clothes']);
  });

  test('a price is itself and two bands: ln 20 / ln 1.25 = 13.4, ln 20 / ln 2 = 4.3', () => {
    expect(tokensOf('price', 0)).toEqual(['20', '~13', '~~4']);
    expect(tokensOf('price', 1)).toEqual(['~~4', '24', '~14']);
  });

  test('a field that no two products share anything in is left out', () => {
    const unique = catalogueOf(
      ['id', 'sku'],
      [
        ['a', 'x'],
        ['b', 'y'],
      ],
    );
    expect(attributeFieldsOf(unique)).toEqual([]);
  });
});

describe('likeness', () => {
  test.each([
    // 2 of 3 words; 2 of 2 levels; 1 of 5 price tokens.
    ['title', 0, 1, 2 / 3],
    ['product_type', 0, 1, 1],
    ['product_type', 0, 3, 1 / 2],
    ['brand', 0, 2, 1],
    ['brand', 0, 1, 0],
    ['price', 0, 1, 1 / 5],
    ['title', 0, 3, 0],
    ['title', 3, 3, 0],
  ])('%s of %i and %i', (name, a, b, expected) => {
    expect(likeness(field(name), a, b)).toBeCloseTo(expected, 12);
    expect(likeness(field(name), b, a)).toBeCloseTo(expected, 12);
  });
});

test('products are selected by row, and what is not listed has nothing', () => {
  const { tokens, offsets, codes } = selectProducts(field('brand'), [2, -1, 1]);
  expect([...offsets]).toEqual([0, 1, 1, 2]);
  expect(Array.from(codes, (code) => tokens[code])).toEqual(['Acme', 'Bolt']);
});
