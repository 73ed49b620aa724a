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
