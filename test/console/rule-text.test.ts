import { expect, test } from 'vitest';
import {
  asSentence,
  effectOf,
  placementsText,
  selectionText,
  validityText,
} from '../../console/pages/catalogue/rule-text.ts';

const rule = (fields: object) =>
  ({ id: 'a', author: 'Ana', note: 'test', state: 'active', fault: null, ...fields }) as Parameters<typeof effectOf>[0];

test.each([
  [{ type: 'require', products: 'price<20' }, 'Only these are shown: price<20'],
  [{ type: 'exclude', products: ['A1', 'A2'] }, 'These are never shown: A1, A2'],
  [{ type: 'boost', products: 'brand:X', factor: 3 }, 'These rank higher, their scores times 3: brand:X'],
  [{ type: 'bury', products: 'brand:X', add: -0.2 }, 'These rank lower, by 0.2 of the highest score: brand:X'],
  [{ type: 'pin', product: 'A7', position: 2 }, 'This stands at position 2: A7'],
  [
    { type: 'diversify', field: 'brand', most: 2, first: 10 },
    'Of each brand, no more than 2 stand among the first 10.',
  ],
])('says what %j does', (fields, text) => {
  expect(effectOf(rule(fields))).toBe(text);
});

test('names some of a long list', () => {
  expect(selectionText(Array.from({ length: 23 }, (_, i) => `A${i}`))).toMatch(/^A0, A1, .*A19 and 3 more$/);
});

test.each([
  [{}, 'always'],
  [{ from: '2026-11-27' }, 'from 2026-11-27'],
  [{ from: '2026-11-27', until: '2026-11-30', timeZone: 'UTC' }, 'from 2026-11-27 until 2026-11-30 (UTC)'],
  [{ until: '2026-11-30', timeZone: 'Europe/Berlin' }, 'until 2026-11-30'],
])('says when %j is valid', (fields, text) => {
  expect(validityText(rule({ type: 'pin', ...fields }), 'Europe/Berlin')).toBe(text);
});

const PLACEMENTS = [
  { name: 'cart', fault: null },
  { name: 'home', rules: ['b'], fault: null },
];
test.each([
  ['b', {}, 'all'],
  ['a', {}, 'all but home'],
  ['a', { placements: ['cart', 'home'] }, 'cart'],
  ['a', { placements: ['home'] }, 'none'],
  ['b', { placements: ['cart', 'home'] }, 'cart, home'],
])('GIVEN a placement that lists its rules THEN rule %s with %j applies in: %s', (id, fields, text) => {
  expect(placementsText(rule({ id, type: 'pin', ...fields }), PLACEMENTS)).toBe(text);
});

test.each([
  ['advent', 'advent.'],
  ['Is it?', 'Is it?'],
  ['Sale. ', 'Sale.'],
])('%j becomes %j', (text, sentence) => {
  expect(asSentence(text)).toBe(sentence);
});
