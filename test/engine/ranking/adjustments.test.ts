import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bitset } from '../../../engine/numeric/bitset.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { ScoreBoard } from '../../../engine/numeric/score-board.ts';
import { rank } from '../../../engine/ranking/rank.ts';
import type { RankedProduct } from '../../../engine/ranking/ranked-product.ts';
import { ScoreAdjustments, type ScoreChange } from '../../../engine/ranking/score-adjustments.ts';
import { BLEND_PARTS } from '../../../engine/ranking/strategies/blend-features.ts';
import { STRATEGIES, type Strategy } from '../../../engine/serving-index/strategy.ts';
import { walkingIndex } from './walking-index.ts';

const PRODUCTS = 600;
/** Steps are wide and sessions many, so that the blend's parts score more products than it takes as candidates. */
const index = walkingIndex(PRODUCTS, 300, 3_000);
const ALL = Array.from({ length: PRODUCTS }, (_, product) => product);

describe('the formula', () => {
  const products = setOf([0, 1]);
  test.each<[Partial<ScoreChange>[], number, number]>([
    [[{ factor: 3 }], 2, 6],
    [[{ factor: 3 }], -6, -2],
    [[{ factor: 0.5 }], -6, -12],
    [[{ add: 0.5 }], 2, 7],
    [[{ add: -0.5 }], -2, -7],
    [[{ factor: 2 }, { factor: 4, add: 0.1 }], 2, 17],
  ])('%j of the score %d is %d, where the highest is 10', (changes, score, expected) => {
    const adjustments = new ScoreAdjustments(changes.map((change) => ({ products, ...change })));
    expect(adjustments.adjust(1, score, 10)).toBe(expected);
    expect(adjustments.touched.has(1)).toBe(true);
    expect(adjustments.adjust(2, score, 10)).toBe(score);
  });
});

const changes = fc.array(
  fc.record({
    seed: fc.nat(),
    share: fc.constantFrom(0.02, 0.3, 0.9),
    change: fc.oneof(
      fc.record({ factor: fc.constantFrom(0.01, 0.5, 2, 50) }),
      fc.record({ add: fc.constantFrom(-0.7, 0.2, 3) }),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);
const viewedProducts = fc.array(fc.nat(PRODUCTS - 1), { minLength: 1, maxLength: 5 });

describe.each(STRATEGIES.filter((name) => name !== 'blend'))('%s with changed scores', (strategy) => {
  test('ranks as a brute force that changes all scores and then sorts', () => {
    fc.assert(
      fc.property(changes, viewedProducts, fc.nat(), (drawn, viewed, seed) => {
        const given = changesOf(drawn);
        const admitted = draw(0.4, seed);
        const whole = ask(strategy, viewed, PRODUCTS, { admitted });
        const expected = (['model', 'trending', 'popular'] as const).flatMap((source) => {
          const items = whole.filter((item) => item.source === source);
          const highest =
            source === 'popular'
              ? index.viewCounts[0] / total
              : Math.max(0, ...items.map(({ score }) => Math.abs(score)));
          return changedAndSorted(items, given, highest);
        });
        const found = ask(strategy, viewed, 20, { admitted, adjustments: new ScoreAdjustments(given) });
        expect(found.map(({ product, source }) => [product, source])).toEqual(
          expected.slice(0, 20).map(({ product, source }) => [product, source]),
        );
        found.forEach(({ score }, i) => {
          expect(score).toBeCloseTo(expected[i].score, 10);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('the blend with changed scores', () => {
  test('misses none of them by a cut-off: as a brute force over all that its parts score', () => {
    let cutOff = 0;
    fc.assert(
      fc.property(changes, viewedProducts, (drawn, viewed) => {
        const given = changesOf(drawn);
        const adjustments = new ScoreAdjustments(given);
        const boards = Object.values(BLEND_PARTS).map((scorer) => {
          const board = new ScoreBoard(PRODUCTS);
          scorer(index, { viewed, random: seededRandom(7) }, board);
          return [...board.products.subarray(0, board.size)].map((product, place) => ({
            product,
            score: board.values[place],
          }));
        });
        const isCandidate = new Set([
          ...ALL.slice(0, 50),
          ...ALL.filter((p) => adjustments.touched.has(p)).slice(0, 50),
        ]);
        for (const scored of boards) {
          const unchanged = byScore(scored.filter(({ product }) => !adjustments.touched.has(product)));
          for (const { product } of unchanged.slice(0, 100)) isCandidate.add(product);
          cutOff += Math.max(0, unchanged.length - 100);
          for (const { product } of scored) if (adjustments.touched.has(product)) isCandidate.add(product);
        }
        const items = probabilities(
          viewed,
          [...isCandidate].filter((product) => !viewed.includes(product)),
        );
        const expected = changedAndSorted(items, given, Math.max(...items.map(({ score }) => score)));
        const found = ask('blend', viewed, 20, { adjustments });
        expect(found.map(({ product }) => product)).toEqual(expected.slice(0, 20).map(({ product }) => product));
      }),
      { numRuns: 15, seed: 1 },
    );
    expect(cutOff).toBeGreaterThan(0);
  });

  test('a product far down is lifted to the top', () => {
    const last = ask('blend', [3], 400)
      .filter(({ source }) => source === 'model')
      .at(-1)!;
    const lifted = new ScoreAdjustments([{ products: setOf([last.product]), add: 2 }]);
    expect(ask('blend', [3], 5, { adjustments: lifted })[0].product).toBe(last.product);
  });
});

/** How the blend values these, up to one factor: each beside the same product, which is always a candidate. */
function probabilities(viewed: number[], products: number[]): RankedProduct[] {
  const anchor = ALL.slice(0, 50).find((product) => !viewed.includes(product))!;
  return products.map((product) => {
    const adjustments = new ScoreAdjustments([{ products: setOf([product]), factor: 1 }]);
    const list = ask('blend', viewed, PRODUCTS, { adjustments });
    const scoreOf = (wanted: number) => list.find((item) => item.product === wanted)!.score;
    return { product, score: scoreOf(product) / scoreOf(anchor), source: 'model' };
  });
}

const total = index.viewCounts.reduce((sum, views) => sum + views, 0);

function changedAndSorted(items: RankedProduct[], given: readonly ScoreChange[], highest: number): RankedProduct[] {
  return byScore(
    items.map((item) => {
      const own = given.filter(({ products }) => products.has(item.product));
      const factor = own.reduce((product, { factor = 1 }) => product * factor, 1);
      const addition = own.reduce((sum, { add = 0 }) => sum + add, 0);
      return { ...item, score: (item.score < 0 ? item.score / factor : item.score * factor) + highest * addition };
    }),
  );
}

function byScore<T extends { product: number; score: number }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => b.score - a.score || a.product - b.product);
}

function ask(
  strategy: Strategy,
  viewed: number[],
  count: number,
  extra: { admitted?: Bitset; adjustments?: ScoreAdjustments } = {},
): RankedProduct[] {
  const random = seededRandom(7);
  return rank(index, { viewed, count, strategy, excluded: new Set(), excludeViewed: true, random, ...extra });
}

function changesOf(drawn: { seed: number; share: number; change: Partial<ScoreChange> }[]): ScoreChange[] {
  return drawn.map(({ seed, share, change }) => ({ products: draw(share, seed), ...change }));
}

function draw(share: number, seed: number): Bitset {
  const chance = seededRandom(seed);
  return setOf(ALL.filter(() => chance() < share));
}

function setOf(products: readonly number[]): Bitset {
  const set = new Bitset(PRODUCTS);
  for (const product of products) set.add(product);
  return set;
}
