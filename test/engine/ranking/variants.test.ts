import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { rank } from '../../../engine/ranking/rank.ts';
import { STRATEGIES } from '../../../engine/serving-index/strategy.ts';
import { walkingIndex } from './walking-index.ts';

const PRODUCTS = 120;
const index = walkingIndex(PRODUCTS);

/** Groups of at most five; every third product has none. */
const variantGroups = Int32Array.from({ length: PRODUCTS }, (_, product) =>
  product % 3 === 0 ? -1 : Math.floor(product / 7),
);

describe.each(STRATEGIES.filter((strategy) => strategy !== 'blend'))('%s', (strategy) => {
  test('ranks the best of each group of variants, and of a list without groups nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(PRODUCTS - 1), { maxLength: 4 }),
        fc.integer({ min: 1, max: 100 }),
        (viewed, count) => {
          const request = { viewed, strategy, excluded: new Set<number>(), excludeViewed: true };
          const all = rank(index, { ...request, count: PRODUCTS, random: seededRandom(3) });
          const seen = new Set<number>();
          // Filling up is by views, whatever the strategy ranked: both parts one after the other.
          const expected = all.filter(({ product }) => {
            const group = variantGroups[product];
            if (group === -1) return true;
            if (seen.has(group)) return false;
            seen.add(group);
            return true;
          });
          const ranked = rank(index, { ...request, count, random: seededRandom(3), variantGroups });
          expect(ranked).toEqual(expected.slice(0, count));
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('the blend, too, lists no group twice, and as many as there are', () => {
  const ranked = rank(index, {
    viewed: [1],
    strategy: 'blend',
    excluded: new Set<number>(),
    excludeViewed: true,
    count: PRODUCTS,
    random: seededRandom(3),
    variantGroups,
  });
  const groups = ranked.map(({ product }) => variantGroups[product]).filter((group) => group !== -1);
  expect(new Set(groups).size).toBe(groups.length);
  expect(groups.length).toBe(new Set(variantGroups).size - 1);
});

test('a pinned product stands for its group, and of two pinned variants the first', () => {
  const ranked = rank(index, {
    viewed: [],
    strategy: 'popularity',
    excluded: new Set<number>(),
    excludeViewed: true,
    count: 4,
    random: seededRandom(3),
    variantGroups: Int32Array.from({ length: PRODUCTS }, (_, product) => (product < 5 ? 0 : -1)),
    pins: [
      { product: 3, place: 2 },
      { product: 4, place: 1 },
    ],
  });
  expect(ranked.map(({ product, source }) => [product, source])).toEqual([
    [5, 'popular'],
    [3, 'pinned'],
    [6, 'popular'],
    [7, 'popular'],
  ]);
});
