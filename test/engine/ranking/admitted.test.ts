import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bitset } from '../../../engine/numeric/bitset.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { type RankedProduct, rank } from '../../../engine/ranking/rank.ts';
import { buildServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { STRATEGIES, type Strategy } from '../../../engine/serving-index/strategy.ts';
import { clustersOf, corpusOf, vectorsOf } from './example-index.ts';

const PRODUCTS = 300;
const random = seededRandom(1);
const index = makeIndex();

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

/** Sessions walk up and down the products, popular ones more often; vectors stand on a circle. */
function makeIndex() {
  const sessions = Array.from({ length: 600 }, () => {
    let product = Math.floor(PRODUCTS * random() ** 2);
    return Array.from({ length: 2 + Math.floor(random() * 8) }, () => {
      product = (product + Math.floor(random() * 31) - 15 + PRODUCTS) % PRODUCTS;
      return product;
    });
  });
  const counts = all().map((product) => sessions.flat().filter((viewed) => viewed === product).length);
  // Products are numbered by falling view count.
  const order = all().sort((a, b) => counts[b] - counts[a] || a - b);
  const numberOf = new Map(order.map((product, number) => [product, number]));
  const ids = order.map((product) => `product ${product}`);
  const numbered = sessions.map((session) => session.map((product) => numberOf.get(product)!));
  const rows = order.map((product) => [Math.cos(product / 48), Math.sin(product / 48)]);
  return buildServingIndex(
    corpusOf(
      ids,
      order.map((product) => counts[product]),
      numbered,
    ),
    vectorsOf(ids, rows),
    clustersOf(
      order.map((product) => Math.floor(product / 75)),
      [0, 1, 2, 3].map((c) => [Math.cos((c + 0.5) * 1.56), Math.sin((c + 0.5) * 1.56)]),
    ),
    'blend',
  );
}
