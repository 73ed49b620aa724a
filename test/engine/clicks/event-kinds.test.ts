import { expect, test } from 'vitest';
import { eventClasses, kindOfEvent } from '../../../engine/clicks/event-kinds.ts';

test.each([
  ['purchase', 'purchase'],
  ['Order Completed', 'purchase'],
  ['transaction', 'purchase'],
  ['orders', 'purchase'],
  ['buy', 'purchase'],
  ['add_to_cart', 'cart'],
  ['addtocart', 'cart'],
  ['Product Added', 'cart'],
  ['carts', 'cart'],
  ['view_item', 'view'],
  ['remove_from_cart', 'view'],
  ['view_cart', 'view'],
  ['add_to_wishlist', 'view'],
  ['pv', 'view'],
])('%s is a %s', (name, kind) => {
  expect(kindOfEvent(name)).toBe(kind);
});

test('a weight tells the event, and one that stands for several kinds tells a view', () => {
  const { kindOf, ambiguous } = eventClasses(
    { view_item: 1, 'Product Viewed': 1, add_to_cart: 2.1, purchase: 5, buy: 5, wish: 3, carts: 3, select_item: 0 },
    undefined,
  );
  // Weights come back as float32.
  expect([1, Math.fround(2.1), 5, 3].map(kindOf)).toEqual(['view', 'cart', 'purchase', 'view']);
  expect(ambiguous).toEqual([['wish', 'carts']]);
});

test('rows without events are views, but in formats whose rows are baskets', () => {
  expect(eventClasses(undefined, undefined).kindOf(1)).toBe('view');
  expect(eventClasses(undefined, 'eshop').kindOf(1)).toBe('view');
  expect(eventClasses(undefined, 'instacart').kindOf(1)).toBe('purchase');
  expect(eventClasses({ purchase: 1 }, undefined).kindOf(1)).toBe('purchase');
});
