import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KIND_NUMBER } from '../../../engine/clicks/event-kinds.ts';
import { type BoughtTogether, countBoughtTogether } from '../../../engine/serving-index/bought-together.ts';
import { sessionsOf } from '../ranking/example-index.ts';

const [a, b, c, d] = [0, 1, 2, 3];
const { view, cart, purchase } = KIND_NUMBER;

/** Sessions of (product, kind). */
type Rows = readonly (readonly [number, number])[];
const withKinds = (sessions: readonly Rows[]) => ({
  ...sessionsOf(sessions.map((rows) => rows.map(([product]) => product))),
  kinds: Uint8Array.from(sessions.flat(), ([, kind]) => kind),
});
const bought = (...products: number[]): Rows => products.map((product) => [product, purchase] as const);

function rowOf({ offsets, products, sessions, scores }: BoughtTogether, product: number) {
  const row: Record<number, [number, number]> = {};
  for (let i = offsets[product]; i < offsets[product + 1]; i++) row[products[i]] = [sessions[i], scores[i]];
  return row;
}

test('a session counts once for a pair, whatever it bought of it, and views between do not matter', () => {
  const found = countBoughtTogether(
    withKinds([
      [[d, view], ...bought(a, b), [c, view], ...bought(a, b, b)],
      [...bought(b), [a, view], ...bought(c)],
      bought(a, b),
    ]),
    4,
  )!;
  expect(found.from).toBe('purchases');
  // a was bought with b in two sessions, b with c in one. Two sessions bought a, three b, one c.
  const score = (together: number, row: number, sessions: number) =>
    together / ((row + 3) ** 0.5 * (sessions + 1) ** 0.2);
  const expected = [
    { [b]: [2, score(2, 2, 3)] },
    { [a]: [2, score(2, 3, 2)], [c]: [1, score(1, 3, 1)] },
    { [b]: [1, score(1, 1, 3)] },
    {},
  ];
  expected.forEach((row, product) => {
    const own = rowOf(found, product);
    expect(Object.keys(own)).toEqual(Object.keys(row));
    for (const [other, [sessions, value]] of Object.entries(row)) {
      expect(own[Number(other)][0]).toBe(sessions);
      expect(own[Number(other)][1]).toBeCloseTo(value, 6);
    }
  });
});

test('carts stand in where no session bought anything, and only there', () => {
  const carts: Rows = [
    [a, cart],
    [b, view],
    [c, cart],
  ];
  const found = countBoughtTogether(withKinds([carts]), 3)!;
  expect(found.from).toBe('carts');
  expect(Object.keys(rowOf(found, a))).toEqual([String(c)]);
  const both = countBoughtTogether(withKinds([carts, bought(a, b)]), 3)!;
  expect(both.from).toBe('purchases');
  expect(Object.keys(rowOf(both, a))).toEqual([String(b)]);
});

test('there is nothing where events are not known, or all are views', () => {
  expect(countBoughtTogether(sessionsOf([[a, b]]), 2)).toBeUndefined();
  expect(countBoughtTogether(withKinds([[[a, view]]]), 2)).toBeUndefined();
});

test('keeps the best pairs of a row by score, in product order', () => {
  const sessions = withKinds([bought(a, b), bought(a, c), bought(a, d), bought(a, d)]);
  // Of b and c, which are equal, the lower number.
  expect(Object.keys(rowOf(countBoughtTogether(sessions, 4, 2)!, a))).toEqual([String(b), String(d)]);
});

describe('of any sessions', () => {
  const row = fc.tuple(fc.nat(5), fc.constantFrom(view, cart, purchase));
  const anySessions = fc.array(fc.array(row, { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 8 });

  test('agrees with counting the sessions of each pair', () => {
    fc.assert(
      fc.property(anySessions, (sessions) => {
        const found = countBoughtTogether(withKinds(sessions), 6);
        const all = sessions.flat().map(([, kind]) => kind);
        const wanted = all.includes(purchase) ? purchase : cart;
        const baskets = sessions.map((rows) => new Set(rows.filter(([, kind]) => kind === wanted).map(([p]) => p)));
        expect(found === undefined).toBe(!all.includes(wanted));
        if (found === undefined) return;
        for (let from = 0; from < 6; from++) {
          const expected: Record<number, number> = {};
          for (let to = 0; to < 6; to++) {
            const together = baskets.filter((basket) => basket.has(from) && basket.has(to)).length;
            if (to !== from && together > 0) expected[to] = together;
          }
          const counts = Object.entries(rowOf(found, from)).map(([other, [count]]) => [other, count]);
          expect(Object.fromEntries(counts)).toEqual(expected);
        }
      }),
    );
  });
});
