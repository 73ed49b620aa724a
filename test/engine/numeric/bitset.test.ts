import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bitset } from '../../../engine/numeric/bitset.ts';

const LENGTH = 70;
const numbers = fc.uniqueArray(fc.nat(LENGTH - 1));
const all = Array.from({ length: LENGTH }, (_, n) => n);

function bitsetOf(members: number[]): Bitset {
  const bits = new Bitset(LENGTH);
  for (const n of members) bits.add(n);
  return bits;
}
const membersOf = (bits: Bitset) => all.filter((n) => bits.has(n));

test('is a set of numbers, like Set', () => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const sorted = (members: Iterable<number>) => [...members].sort((x, y) => x - y);
      expect(membersOf(bitsetOf(a))).toEqual(sorted(a));
      expect(membersOf(bitsetOf(a).intersect(bitsetOf(b)))).toEqual(sorted(a.filter((n) => b.includes(n))));
      expect(membersOf(bitsetOf(a).unite(bitsetOf(b)))).toEqual(sorted(new Set([...a, ...b])));
      expect(membersOf(bitsetOf(a).invert())).toEqual(all.filter((n) => !a.includes(n)));
      expect(bitsetOf(a).count()).toBe(a.length);
      expect(bitsetOf(a).invert().count()).toBe(LENGTH - a.length);
      for (const n of [0, 31, 32, LENGTH - 1, LENGTH + 60]) {
        expect(bitsetOf(a).next(n)).toBe(sorted(a).find((member) => member >= n) ?? -1);
      }
    }),
  );
});

test.each([0, 1, 31, 32, 33, 64])('holds none beyond its length of %i', (length) => {
  expect(Bitset.full(length).count()).toBe(length);
});

test('a copy is its own', () => {
  const bits = bitsetOf([1, 40]);
  const copy = bits.copy();
  copy.delete(40);
  expect([bits.has(40), copy.has(40), copy.has(1)]).toEqual([true, false, true]);
});
