import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bitset } from '../../../engine/numeric/bitset.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { arrange, type Pin, type SpreadLimit } from '../../../engine/ranking/arrange.ts';
import { rank } from '../../../engine/ranking/rank.ts';
import type { RankedProduct } from '../../../engine/ranking/ranked-product.ts';
import { walkingIndex } from './walking-index.ts';

/** Products 0, 1, 2 … best first; the group of a product is its rest by `groups`. */
const ranking = (length: number): RankedProduct[] =>
  Array.from({ length }, (_, product) => ({ product, score: length - product, source: 'model' }));
const byRest = (groups: number, most: number, first: number): SpreadLimit => ({
  most,
  first,
  groupsOf: (product) => [product % groups],
});
const pinsOf = (pins: Record<number, number>) =>
  new Map<number, RankedProduct>(
    Object.entries(pins).map(([place, product]) => [Number(place), { product, score: 0, source: 'pinned' }]),
  );
const list = (...asked: Parameters<typeof arrange>) => arrange(...asked).items;
const products = (list: readonly RankedProduct[]) => list.map(({ product }) => product);

describe('arrange', () => {
  test('pins stand at their places, and the others around them', () => {
    expect(products(list(ranking(5), 5, pinsOf({ 1: 90, 3: 91 }), []))).toEqual([90, 0, 91, 1, 2]);
  });

  test('pins follow without a gap where the others end, and are left out beyond the list', () => {
    expect(products(list(ranking(1), 5, pinsOf({ 4: 90, 9: 91 }), []))).toEqual([0, 90]);
  });

  test('one of each group at the top, and who was held back follows', () => {
    // 0 and 2 are even, 1 and 3 odd: at most one of each among the first two places.
    expect(list(ranking(4), 4, new Map(), [byRest(2, 1, 3)])).toMatchObject([
      { product: 0 },
      { product: 1 },
      { product: 2, heldBackBy: 0 },
      { product: 3, heldBackBy: 0 },
    ]);
    const even = ranking(9).filter(({ product }) => product % 2 === 0 || product === 7);
    expect(products(list(even, 5, new Map(), [byRest(2, 1, 2)]))).toEqual([0, 7, 2, 4, 6]);
  });

  test('a pinned product counts where it stands', () => {
    expect(products(list(ranking(4), 3, pinsOf({ 3: 91 }), [byRest(2, 1, 3)]))).toEqual([0, 1, 91]);
    expect(products(list(ranking(4), 2, pinsOf({ 2: 91 }), [byRest(2, 1, 2)]))).toEqual([0, 91]);
    expect(products(list(ranking(4), 2, pinsOf({ 2: 90 }), [byRest(2, 1, 2)]))).toEqual([1, 90]);
  });

  const limits = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 15 })),
    { maxLength: 3 },
  );
  const pins = fc.dictionary(fc.integer({ min: 1, max: 15 }).map(String), fc.integer({ min: 100, max: 120 }), {
    maxKeys: 4,
  });
  test('as a brute force that looks through all that is left at each place', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 15 }), limits, pins, (length, count, drawn, placed) => {
        const pinned = pinsOf(placed);
        const given = drawn.map((limit) => byRest(...limit));
        expect(products(list(ranking(length), count, pinned, given))).toEqual(
          bruteForce(ranking(length), count, pinned, given),
        );
      }),
    );
  });
});

function bruteForce(
  ranked: readonly RankedProduct[],
  count: number,
  pinned: ReadonlyMap<number, RankedProduct>,
  limits: readonly SpreadLimit[],
): number[] {
  const left = products(ranked);
  const places = Array.from({ length: count }, (_, i) => pinned.get(i + 1)?.product);
  for (let place = 1; place <= count; place++) {
    if (places[place - 1] !== undefined) continue;
    const keeps = (product: number) =>
      limits.every(({ most, first, groupsOf }) => {
        if (place > first) return true;
        const top = places.slice(0, first).filter((taken) => taken !== undefined);
        return [...groupsOf(product)].every(
          (group) => top.filter((taken) => [...groupsOf(taken)].includes(group)).length < most,
        );
      });
    const chosen = left.find(keeps) ?? left[0];
    if (chosen === undefined) continue;
    left.splice(left.indexOf(chosen), 1);
    places[place - 1] = chosen;
  }
  return places.filter((product) => product !== undefined);
}

describe('rank with pins and limits', () => {
  const PRODUCTS = 200;
  const index = walkingIndex(PRODUCTS);
  const ask = (viewed: number[], pins: Pin[], limits: SpreadLimit[], admitted?: Bitset, count = 12) =>
    rank(index, {
      viewed,
      count,
      strategy: 'blend',
      excluded: new Set([7]),
      excludeViewed: true,
      random: seededRandom(1),
      pins,
      limits,
      admitted,
    });

  test('never a product twice, never a viewed, excluded or not admitted one, as many as pass', () => {
    const pins = fc.array(fc.record({ product: fc.nat(PRODUCTS - 1), place: fc.integer({ min: 1, max: 15 }) }), {
      maxLength: 6,
    });
    const viewed = fc.array(fc.nat(PRODUCTS - 1), { minLength: 1, maxLength: 4 });
    const limit = fc.record({ most: fc.integer({ min: 1, max: 3 }), first: fc.integer({ min: 1, max: 12 }) });
    fc.assert(
      fc.property(viewed, pins, fc.array(limit, { maxLength: 2 }), fc.nat(), (seen, pinned, drawn, seed) => {
        const chance = seededRandom(seed);
        const admitted = new Bitset(PRODUCTS);
        const share = chance();
        for (let p = 0; p < PRODUCTS; p++) if (chance() < share) admitted.add(p);
        const limits = drawn.map(({ most, first }) => byRest(5, most, first));
        const list = products(ask(seen, pinned, limits, admitted));
        const passes = (p: number) => admitted.has(p) && !seen.includes(p) && p !== 7;
        expect(list.filter((p) => !passes(p))).toEqual([]);
        expect(new Set(list).size).toBe(list.length);
        const passing = Array.from({ length: PRODUCTS }, (_, p) => p).filter(passes);
        expect(list.length).toBe(Math.min(12, passing.length));
      }),
      { numRuns: 200 },
    );
  });

  test('of two pins for one place, the later gets the next; of one product twice, the first counts', () => {
    const list = ask(
      [1],
      [
        { product: 50, place: 2 },
        { product: 60, place: 2 },
        { product: 50, place: 5 },
      ],
      [],
    );
    expect([list[1], list[2]]).toMatchObject([
      { product: 50, source: 'pinned' },
      { product: 60, source: 'pinned' },
    ]);
    expect(products(list).filter((product) => product === 50)).toEqual([50]);
  });

  test('a pinned product that may not be shown leaves its place to the next', () => {
    const without = products(ask([1], [], []));
    expect(
      products(
        ask(
          [1],
          [
            { product: 7, place: 1 },
            { product: 1, place: 2 },
          ],
          [],
        ),
      ),
    ).toEqual(without);
  });
});
