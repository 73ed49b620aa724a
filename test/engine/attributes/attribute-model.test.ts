import { expect, test } from 'vitest';
import type { AttributeModel } from '../../../engine/attributes/attribute-model.ts';
import {
  attributesOf,
  decodeProductAttributes,
  encodeProductAttributes,
} from '../../../engine/attributes/product-attributes.ts';
import { decodeServingIndex, encodeServingIndex } from '../../../engine/serving-index/serving-index-file.ts';
import { indexOf } from '../ranking/example-index.ts';
import { catalogueOf } from './example-catalogue.ts';

const index = indexOf(
  [
    [0, 1],
    [0, 2],
  ],
  3,
);
const attributes: AttributeModel = {
  learned: {
    tokens: ['', 'brand=Acme'],
    dimensions: 1,
    vectors: Float32Array.of(0.5, 1),
    contextVectors: Float32Array.of(-1, 2),
    logViews: Float32Array.of(3, 0.25),
  },
  weights: { amongNew: { vector: 1, brand: 0.5 }, forNew: { views: 2 } },
};

test('the serving index keeps what attributes add', () => {
  expect(decodeServingIndex(encodeServingIndex({ ...index, attributes })).attributes).toEqual(attributes);
});

test('a serving index without a catalogue has none', () => {
  expect(decodeServingIndex(encodeServingIndex(index)).attributes).toBeUndefined();
});

test.each([
  ['vectors of other dimensions', { ...attributes.learned, vectors: new Float32Array(3) }],
  ['no token of every product', { ...attributes.learned, tokens: ['brand=Acme', 'brand=Bolt'] }],
  ['an infinite vector', { ...attributes.learned, vectors: Float32Array.of(1, Number.POSITIVE_INFINITY) }],
])('%s is refused', (_, learned) => {
  expect(() => decodeServingIndex(encodeServingIndex({ ...index, attributes: { ...attributes, learned } }))).toThrow(
    /serving.index/,
  );
});

test('the attributes of a run stand in a file as they were read', () => {
  const shop = catalogueOf(
    ['id', 'brand'],
    [
      ['b', 'Acme'],
      ['a', 'Acme'],
      ['new', 'Bolt'],
    ],
  );
  const found = attributesOf(shop, ['a', 'unlisted', 'b']);
  expect(found).toMatchObject({ catalogueVersion: 'catalogue-1', listedProducts: 2 });
  expect([...found.fields[0].offsets]).toEqual([0, 1, 1, 2]);
  expect(decodeProductAttributes(encodeProductAttributes(found), 3)).toEqual(found);
  expect(() => decodeProductAttributes(encodeProductAttributes(found), 4)).toThrow(
    'its field "brand" does not fit the products',
  );
});
