import fc from 'fast-check';
import { expect, test } from 'vitest';
import { candidatesAmong, kMeansPlusPlus } from '../../../engine/k-means/k-means-plus-plus.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { rowOf } from '../../../engine/numeric/vectors.ts';
import { anyVectors, vectorsOf } from './example-vectors.ts';

test('the starts are pairwise different vectors', () => {
  fc.assert(
    fc.property(anyVectors, fc.integer({ min: 1, max: 40 }), fc.nat(), (vectors, k, seed) => {
      const starts = kMeansPlusPlus(candidatesAmong(vectors), k, seededRandom(seed)).map((row) =>
        rowOf(vectors, row)
          .map((value) => value + 0)
          .join(),
      );
      expect(starts.length).toBeLessThanOrEqual(k);
      expect(new Set(starts).size).toBe(starts.length);
    }),
  );
});

test('a vector is drawn in proportion to its squared distance from the starts so far', () => {
  // GIVEN a first start at 0: the others have the squared distances 1, 4 and 25.
  const vectors = vectorsOf([[0], [1], [2], [5]]);
  const random = seededRandom(1);
  const rounds = 20_000;
  const chosen = [0, 0, 0, 0];

  // WHEN the second start is the better of two draws (k = 2 has 2 + ⌊ln 2⌋ of them)
  for (let round = 0; round < rounds; round++) {
    let call = 0;
    const [, second] = kMeansPlusPlus(candidatesAmong(vectors), 2, () => (call++ === 0 ? 0 : random()));
    chosen[second]++;
  }

  // THEN each wins unless a better one is drawn. Potentials left by choosing 1, 2, 5: (0 + 1 + 16), (0 + 1 + 9), (0 + 1 + 4).
  expect(chosen[0]).toBe(0);
  expect(chosen[1] / rounds).toBeCloseTo((1 / 30) ** 2, 2);
  expect(chosen[2] / rounds).toBeCloseTo((5 / 30) ** 2 - (1 / 30) ** 2, 2);
  expect(chosen[3] / rounds).toBeCloseTo(1 - (5 / 30) ** 2, 2);
});

test('well separated groups each get a start', () => {
  const vectors = vectorsOf(Array.from({ length: 60 }, (_, i) => [1000 * (i % 6) + i / 60]));

  const starts = kMeansPlusPlus(candidatesAmong(vectors), 6, seededRandom(3));

  expect(starts.map((row) => row % 6).sort()).toEqual([0, 1, 2, 3, 4, 5]);
});
