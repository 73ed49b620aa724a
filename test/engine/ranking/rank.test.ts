import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { type RankRequest, rank } from '../../../engine/ranking/rank.ts';
import { STRATEGIES } from '../../../engine/serving-index/strategy.ts';
import { exampleIndex } from './example-index.ts';

const index = exampleIndex();
const [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5];

function request(overrides: Partial<RankRequest>): RankRequest {
  return {
    viewed: [],
    count: 3,
    strategy: 'embedding',
    excluded: new Set(),
    excludeViewed: true,
    random: seededRandom(1),
    ...overrides,
  };
}
const ranked = (overrides: Partial<RankRequest>) =>
  rank(index, request(overrides)).map(({ product, score, source }) => [product, Number(score.toFixed(6)), source]);

describe('rank', () => {
  test('embedding ranks by cosine: a (3,4) against b (4,3), e (-3,4), d (-1,0)', () => {
    // 24/25, 7/25, -3/5; c has a zero vector and f has none, so they come last, by popularity.
    expect(ranked({ viewed: [a], count: 5 })).toEqual([
      [b, 0.96, 'model'],
      [e, 0.28, 'model'],
      [d, -0.6, 'model'],
      [c, 0.15, 'popular'],
      [f, 0.02, 'popular'],
    ]);
  });

  test('a session decays by .6 a step: b then a looks for .6·(.8,.6) + (.6,.8) = (1.08,1.16)', () => {
    const norm = Math.hypot(1.08, 1.16);
    const cosines = [
      [a, (1.08 * 0.6 + 1.16 * 0.8) / norm],
      [b, (1.08 * 0.8 + 1.16 * 0.6) / norm],
      [e, (-1.08 * 0.6 + 1.16 * 0.8) / norm],
    ].map(([product, score]) => [product, Number(score.toFixed(6)), 'model']);
    expect(ranked({ viewed: [b, a], excludeViewed: false })).toEqual(cosines);
  });

  test('views without a direction keep their step: b, then c (zero), then f (none) is b alone', () => {
    expect(ranked({ viewed: [b, c, f], excludeViewed: false })).toEqual(ranked({ viewed: [b], excludeViewed: false }));
  });

  test('cluster-nearest stays inside the cluster of the newest product, then fills up', () => {
    expect(ranked({ viewed: [e], strategy: 'cluster-nearest' })).toEqual([
      [d, 0.6, 'model'],
      [a, 0.4, 'popular'],
      [b, 0.25, 'popular'],
    ]);
    expect(ranked({ viewed: [e, f], strategy: 'cluster-nearest', count: 1 })).toEqual([[d, 0.6, 'model']]);
  });

  test('cluster-sample draws each pair of the other members equally often', () => {
    const random = seededRandom(7);
    const draws = 3_000;
    const firsts = new Map<number, number>();
    for (let i = 0; i < draws; i++) {
      const [first] = rank(index, request({ viewed: [e], strategy: 'cluster-sample', count: 1, random }));
      expect(first.source).toBe('model');
      firsts.set(first.product, (firsts.get(first.product) ?? 0) + 1);
    }
    expect([...firsts.keys()].sort()).toEqual([c, d]);
    // Binomial(3000, 1/2): 5 standard deviations are 137.
    expect(Math.abs(firsts.get(c)! - draws / 2)).toBeLessThan(137);
  });

  test('cluster-sample never holds the query product, even when viewed products are allowed', () => {
    const items = rank(index, request({ viewed: [e], strategy: 'cluster-sample', count: 2, excludeViewed: false }));
    expect(items.map(({ product }) => product).sort()).toEqual([c, d]);
  });

  test('cluster-sample is the same for the same seed', () => {
    const draw = (seed: number) => ranked({ viewed: [d], strategy: 'cluster-sample', random: seededRandom(seed) });
    expect(draw(3)).toEqual(draw(3));
  });

  test.each(STRATEGIES)(
    '%s answers an empty session and a product without a vector with popular products',
    (strategy) => {
      for (const viewed of [[], [f]]) {
        const popular = [
          [a, 0.4, 'popular'],
          [b, 0.25, 'popular'],
          [c, 0.15, 'popular'],
        ];
        expect(ranked({ viewed, strategy })).toEqual(popular);
      }
    },
  );

  test('answers unique, allowed, ordered products, as many as there are', () => {
    const product = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(
        fc.constantFrom(...STRATEGIES),
        fc.array(product, { maxLength: 8 }),
        fc.uniqueArray(product),
        fc.boolean(),
        fc.integer({ min: 0, max: 10 }),
        (strategy, viewed, excludedList, excludeViewed, count) => {
          const excluded = new Set(excludedList);
          const items = rank(index, request({ strategy, viewed, excluded, excludeViewed, count }));
          const products = items.map((item) => item.product);
          const forbidden = new Set(excludeViewed ? [...excluded, ...viewed] : excluded);
          expect(new Set(products).size).toBe(products.length);
          expect(products.length).toBe(Math.min(count, index.productIds.length - forbidden.size));
          expect(products.some((item) => forbidden.has(item))).toBe(false);
          expect(products.every((item) => item in index.productIds)).toBe(true);
          for (const source of ['model', 'trending', 'popular']) {
            const scores = items.filter((item) => item.source === source).map((item) => item.score);
            expect(scores).toEqual(scores.toSorted((x, y) => y - x));
          }
        },
      ),
    );
  });
});
