import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BestOfMany } from '../../../engine/numeric/best-of-many.ts';

const close = fc.double({ min: 1, max: 1 + 2 ** -12, noNaN: true });
const any = fc.double({ min: 1e-40, max: 1e300, noNaN: true });
const few = fc.constantFrom(0, 0, 1e-38, 0.1, 3);

test('chooses the places that sorting everything would put first, and none with a score of 0', () => {
  const MOST = 300;
  const list = fc.array(fc.oneof(few, close, any), { maxLength: MOST });
  fc.assert(
    fc.property(
      fc.array(list, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      (lists, capacity, isShared) => {
        const memory = isShared ? new WebAssembly.Memory({ initial: 1, maximum: 99, shared: true }) : undefined;
        const best = new BestOfMany(MOST, lists.length, memory);
        lists.forEach((scores, l) => {
          best.scores[l].set(scores);
        });
        lists.forEach((scores, l) => {
          // Falling numbers, so that a place and a product are not the same.
          const products = Uint32Array.from(scores, (_, i) => 1_000 - i);
          const count = best.choose(products, scores.length, capacity, l);
          const sorted = scores
            .map((score, i) => ({ i, score, product: products[i] }))
            .filter(({ score }) => score > 0)
            .sort((a, b) => b.score - a.score || a.product - b.product)
            .slice(0, capacity)
            .map(({ i }) => i)
            .sort((a, b) => a - b);
          expect([...best.chosen.subarray(0, count)]).toEqual(sorted);
        });
      },
    ),
  );
});

test('adds up the scores of a list, and finds the highest', () => {
  const best = new BestOfMany(9, 2);
  best.scores[0].set([5, 1, 2, 3, 4, 7, 6, 100, 100]);
  best.scores[1].set([0, 0.5]);
  expect(best.total(0, 7)).toEqual({ sum: 28, highest: 7 });
  expect(best.total(1, 9)).toEqual({ sum: 0.5, highest: 0.5 });
  expect(best.total(0, 0)).toEqual({ sum: 0, highest: 0 });
});
