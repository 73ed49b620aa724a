import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProductNumbers } from '../../../engine/artifacts/product-numbers.ts';

describe('product numbers', () => {
  test('are those of a Map, for any ids and for any that are not there', () => {
    const id = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.stringMatching(/^P\d{1,3}$/));
    fc.assert(
      fc.property(fc.uniqueArray(id), fc.array(id), (ids, others) => {
        const wellFormed = ids.filter((text) => text.isWellFormed());
        const numbers = ProductNumbers.of(wellFormed);
        const map = new Map(wellFormed.map((text, product) => [text, product]));
        expect(numbers.size).toBe(map.size);
        for (const text of [...wellFormed, ...others]) {
          expect(numbers.get(text)).toBe(map.get(text));
          expect(numbers.has(text)).toBe(map.has(text));
        }
      }),
    );
  });

  test('know an empty id, a byte order mark, and no half of a surrogate pair', () => {
    const numbers = ProductNumbers.of(['', '\ufeffa', 'a', '\ufffd', '👟']);
    expect(['', '\ufeffa', 'a', '\ufffd', '👟'].map((id) => numbers.get(id))).toEqual([0, 1, 2, 3, 4]);
    expect(numbers.get('\ud83d')).toBeUndefined();
  });

  test('of equal ids find the first, and count them once', () => {
    const numbers = ProductNumbers.of(['a', 'b', 'a']);
    expect(numbers.get('a')).toBe(0);
    expect(numbers.size).toBe(2);
  });

  test('of nothing find nothing', () => {
    expect(ProductNumbers.of([]).get('a')).toBeUndefined();
    expect(ProductNumbers.of([]).size).toBe(0);
  });

  test('find each of many similar ids', () => {
    const ids = Array.from({ length: 100_000 }, (_, i) => `SKU-${i}`);
    const numbers = ProductNumbers.of(ids);
    expect(numbers.size).toBe(ids.length);
    expect(ids.every((id, product) => numbers.get(id) === product)).toBe(true);
    expect(numbers.get('SKU-100000')).toBeUndefined();
  });
});
