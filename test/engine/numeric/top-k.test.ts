import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TopK } from '../../../engine/numeric/top-k.ts';

test('keeps what sorting everything would keep, in the same order', () => {
  const scores = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { maxLength: 200 });
  fc.assert(
    fc.property(scores, fc.integer({ min: 0, max: 60 }), (offered, capacity) => {
      const topK = new TopK(capacity);
      for (const [product, score] of offered.entries()) topK.offer(product, score);
      const sorted = offered
        .map((score, product) => ({ product, score }))
        .sort((a, b) => b.score - a.score || a.product - b.product)
        .slice(0, capacity);
      expect(topK.take()).toEqual(sorted);
      expect(topK.take()).toEqual([]);
    }),
  );
});

test('says which it keeps, and keeps fewer or more when it is told so', () => {
  const topK = new TopK(3);
  for (const [product, score] of [5, 1, 9, 5, 5].entries()) topK.offer(product, score);
  const kept = (scores: number[]) => scores.map((score, product) => topK.keeps(product, score));
  expect(kept([5, 1, 9, 5, 5])).toEqual([true, false, true, true, false]);
  topK.clear(1);
  expect(kept([5])).toEqual([false]);
  for (const [product, score] of [5, 1, 9].entries()) topK.offer(product, score);
  expect(topK.take()).toEqual([{ product: 2, score: 9 }]);
  topK.clear(4);
  for (const [product, score] of [5, 1, 9, 7, 3].entries()) topK.offer(product, score);
  expect(topK.take().map(({ score }) => score)).toEqual([9, 7, 5, 3]);
});
