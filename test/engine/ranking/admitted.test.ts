import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bitset } from '../../../engine/numeric/bitset.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { rank } from '../../../engine/ranking/rank.ts';
import type { RankedProduct } from '../../../engine/ranking/ranked-product.ts';
import { STRATEGIES, type Strategy } from '../../../engine/serving-index/strategy.ts';
import { walkingIndex } from './walking-index.ts';

const PRODUCTS = 300;
const index = walkingIndex(PRODUCTS);

describe.each(STRATEGIES)('%s with a filter', (strategy) => {
  test.each([0.01, 0.05, 0.5])('at %d of the products: only what passes, unique, as many as pass', (share) => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(PRODUCTS - 1), { minLength: 1, maxLength: 6 }), (seed, viewed) => {
        const admitted = draw(share, seed);
        const items = ask(strategy, viewed, 20, admitted);
        const products = items.map(({ product }) => product);
        const passing = all().filter((product) => admitted.has(product) && !viewed.includes(product));
        expect(products.every((product) => passing.includes(product))).toBe(true);
        expect(new Set(products).size).toBe(products.length);
        expect(products.length).toBe(Math.min(20, passing.length));
      }),
      { numRuns: 50 },
    );
  });
});

describe.each(STRATEGIES.filter((name) => name !== 'blend' && name !== 'cluster-sample'))('%s', (strategy) => {
  test.each([0.01, 0.05, 0.5])('ranks at %d as a brute force over the whole catalogue does', (share) => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(PRODUCTS - 1), { minLength: 1, maxLength: 6 }), (seed, viewed) => {
        const admitted = draw(share, seed);
        const expected = ask(strategy, viewed, PRODUCTS).filter(({ product }) => admitted.has(product));
        expect(ask(strategy, viewed, 20, admitted)).toEqual(expected.slice(0, 20));
      }),
      { numRuns: 50 },
    );
  });
});

test('the blend has something to say of every product that one of its parts ranks', () => {
  const admitted = draw(0.3, 3);
  const ranked = ask('blend', [0, 1], 20, admitted).filter(({ source }) => source === 'model');
  const byRules = ask('sequential-rules', [0, 1], 20, admitted).filter(({ source }) => source === 'model');
  expect(byRules.length).toBeGreaterThan(3);
  expect(ranked.map(({ product }) => product)).toEqual(expect.arrayContaining(byRules.map(({ product }) => product)));
});

test('one question leaves nothing behind for the next', () => {
  const before = STRATEGIES.map((strategy) => ask(strategy, [5, 2], 10));
  for (const strategy of STRATEGIES) ask(strategy, [5, 2], 10, draw(0.01, 9));
  expect(STRATEGIES.map((strategy) => ask(strategy, [5, 2], 10))).toEqual(before);
});

function ask(strategy: Strategy, viewed: number[], count: number, admitted?: Bitset): RankedProduct[] {
  return rank(index, {
    viewed,
    count,
    strategy,
    excluded: new Set(),
    excludeViewed: true,
    random: seededRandom(7),
    admitted,
  });
}

function draw(share: number, seed: number): Bitset {
  const chance = seededRandom(seed);
  const admitted = new Bitset(PRODUCTS);
  for (const product of all()) if (chance() < share) admitted.add(product);
  return admitted;
}

function all(): number[] {
  return Array.from({ length: PRODUCTS }, (_, product) => product);
}
