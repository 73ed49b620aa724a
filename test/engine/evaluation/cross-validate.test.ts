import { describe, expect, test } from 'vitest';
import { crossValidate } from '../../../engine/evaluation/cross-validate.ts';
import { foldsOf, needsCrossValidation } from '../../../engine/evaluation/folds.ts';
import { randomInteger, seededRandom } from '../../../engine/numeric/random.ts';
import { STRATEGIES } from '../../../engine/serving-index/strategy.ts';
import { PRODUCTS, ringShop, trainRandomly } from './sample-shop.ts';

describe('folds', () => {
  test('ask about each session once, by the others in their order', () => {
    const shop = ringShop(12);
    const asked: number[][] = [];
    for (const { train, later } of foldsOf(shop)) {
      const idsOf = (views: Uint32Array) => Array.from(views, (product) => train.productIds[product]);
      const learned = train.sessionIds.map((id) => Number(id.slice('session '.length)));
      expect(learned).toEqual(learned.toSorted((a, b) => a - b));
      const others = shop.sessionIds.map((_, session) => session).filter((session) => !learned.includes(session));
      expect(later.offsets.length - 1).toBe(others.length);
      const known = new Set(train.productIds);
      const expected = others.flatMap((session) =>
        [...shop.views.subarray(shop.offsets[session], shop.offsets[session + 1])].map((p) => shop.productIds[p]),
      );
      expect(idsOf(later.views)).toEqual(expected.filter((id) => known.has(id)));
      asked.push(others);
    }
    expect(asked).toEqual([
      [0, 5, 10],
      [1, 6, 11],
      [2, 7],
      [3, 8],
      [4, 9],
    ]);
  });

  test('are for shops with fewer than 1,000 sessions, whose views are no histories', () => {
    const shop = (sessions: number, length: number) => ({
      offsets: Uint32Array.from({ length: sessions + 1 }, (_, s) => s * length),
    });
    expect(needsCrossValidation(shop(999, 100))).toBe(true);
    expect(needsCrossValidation(shop(1_000, 5))).toBe(false);
    expect(needsCrossValidation(shop(999, 101))).toBe(false);
  });
});

describe('cross-validation of a small shop', () => {
  const result = crossValidate(ringShop(200), trainRandomly, 1);

  test('asks about every session', async () => {
    const { sessions, folds, evaluations, judgedBy } = await result;
    expect({ sessions, folds, judgedBy }).toEqual({
      sessions: { earlier: 160, heldOut: 200 },
      folds: 5,
      judgedBy: 'asServed',
    });
    for (const name of STRATEGIES.filter((strategy) => strategy !== 'bought-together'))
      expect(evaluations[name].positions).toBe(200 * 4);
  });

  test('finds what knows the next step, and that popularity is right by chance', async () => {
    const { best, evaluations, leads } = await result;
    expect(evaluations['markov'].asServed!.gains['HR@5'].value).toBeGreaterThan(0.7);
    expect(evaluations[best].asServed!.gains['MRR@20'].value).toBeGreaterThan(0.6);
    expect(evaluations['popularity'].asServed!.gains['HR@20'].value).toBeLessThan(20 / PRODUCTS + 0.1);
    expect(leads['popularity']['MRR@20'].low).toBeGreaterThan(0.3);
  });

  test('leaks nothing: where next views are random, every strategy is right by chance', async () => {
    const random = seededRandom(3);
    const shop = ringShop(200);
    const shuffled = { ...shop, views: shop.views.map(() => randomInteger(random, PRODUCTS)) };
    const { evaluations } = await crossValidate(shuffled, trainRandomly, 1);
    // 800 questions: five standard deviations of HR@20 = 20 / 60 are .083.
    for (const { asServed } of Object.values(evaluations)) {
      expect(asServed!.gains['HR@20'].value).toBeLessThan(20 / (PRODUCTS - 4) + 0.083);
    }
  });

  test('is the same for the same seed', async () => {
    expect(await crossValidate(ringShop(200), trainRandomly, 1)).toEqual(await result);
  });
});
