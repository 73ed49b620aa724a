import { expect, test } from 'vitest';
import { findProduct } from '../../../lambdas/recommend/product-lookup.ts';
import { exampleIndex } from '../../engine/ranking/example-index.ts';

function indexOf(...productIds: string[]) {
  return { ...exampleIndex(), productIds, numberOf: new Map(productIds.map((id, product) => [id, product])) };
}

/** What API Gateway made of these paths, captured on AWS: see `product-lookup.ts`. */
test.each([
  ['plain', 'plain', 'plain'],
  ['space value', 'space%20value', 'space value'],
  ['hash#value', 'hash%23value', 'hash#value'],
  ['slash/value', 'slash%2Fvalue', 'slash/value'],
  ['unicode-λ-世界', 'unicode-%CE%BB-%E4%B8%96%E7%95%8C', 'unicode-λ-世界'],
  ['literal/value', 'literal%252Fvalue', 'literal/value'],
  ['literal?value', 'literal%253Fvalue', 'literal?value'],
  ['literal%value', 'literal%2525value', 'literal%value'],
])('finds %j, sent as %s and delivered by API Gateway as %s', (id, sent, delivered) => {
  const index = indexOf('another', id);
  expect(findProduct(index.numberOf, delivered)).toBe(1);
  // A Function URL or a REST API delivers it as it was sent.
  expect(findProduct(index.numberOf, sent)).toBe(1);
});

test('prefers the text as it stands over what it decodes to', () => {
  const index = indexOf('a/b', 'a%2Fb', 'a%252Fb');
  expect(['a/b', 'a%2Fb', 'a%252Fb', 'a%25252Fb'].map((text) => findProduct(index.numberOf, text))).toEqual([
    0, 1, 2, 2,
  ]);
});

test('knows no product by a name that decodes three times, or not at all', () => {
  const index = indexOf('a/b');
  for (const text of ['a%25252Fb', '%', '%zz', 'a%2', '%E0%A4%A', ''])
    expect(findProduct(index.numberOf, text)).toBeUndefined();
});
