import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BestOfMany } from '../../../engine/numeric/best-of-many.ts';

const close = fc.double({ min: 1, max: 1 + 2 ** -12, noNaN: true });
const any = fc.double({ noNaN: true });
const few = fc.constantFrom(-3, -0, 0, 1e-300, -1e-300, 3);

test('chooses the places that sorting everything would put first', () => {
  const lists = fc.array(fc.array(fc.oneof(few, close, any), { maxLength: 300 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 60 }), (lists, capacity) => {
      const best = new BestOfMany(300);
      for (const scores of lists) {
        // Falling numbers, so that a place and a product are not the same.
        const products = Uint32Array.from(scores, (_, i) => 1_000 - i);
        best.scores[0].set(scores);
        const count = best.choose(products, scores.length, capacity);
        const sorted = scores
          .map((score, i) => ({ i, score, product: products[i] }))
          .sort((a, b) => b.score - a.score || a.product - b.product)
          .slice(0, capacity)
          .map(({ i }) => i)
          .sort((a, b) => a - b);
        expect([...best.chosen.subarray(0, count)]).toEqual(sorted);
      }
    }),
  );
});
