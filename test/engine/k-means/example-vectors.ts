import fc from 'fast-check';
import { seededRandom } from '../../../engine/numeric/random.ts';
import type { Vectors } from '../../../engine/numeric/vectors.ts';
import type { ProductVectors } from '../../../engine/word2vec/product-vectors.ts';

/** One row a vector. */
export function vectorsOf(rows: readonly (readonly number[])[]): Vectors {
  return { count: rows.length, dimensions: rows[0].length, values: Float32Array.from(rows.flat()) };
}

/**
 * (60, 4) numbers without structure that Python makes as well, for constants computed with scikit-learn 1.9.1:
 *
 *     import numpy as np
 *     i, d = np.mgrid[0:60, 0:4]
 *     x = (((i * i * 31 + i * 17 + d * d * 53 + i * d * 29) % 101) / 101).astype(np.float32).astype(np.float64)
 */
export const REFERENCE_VECTORS = vectorsOf(
  Array.from({ length: 60 }, (_, i) =>
    Array.from({ length: 4 }, (_, d) => ((i * i * 31 + i * 17 + d * d * 53 + i * d * 29) % 101) / 101),
  ),
);

/** Vectors around `groups` centres on a grid of step 10, within 1 of them in each dimension. */
export function groupedProducts(count: number, dimensions: number, groups: number): ProductVectors {
  const random = seededRandom(7);
  const vectors = new Float32Array(count * dimensions);
  for (let i = 0; i < vectors.length; i++) {
    const group = Math.floor(i / dimensions) % groups;
    vectors[i] =
      (i % dimensions === group % dimensions ? 10 * (1 + Math.floor(group / dimensions)) : 0) + 2 * random() - 1;
  }
  const productIds = Array.from({ length: count }, (_, i) => `P${i}`);
  return { productIds, dimensions, vectors, contextVectors: vectors };
}

/**
 * Few different coordinates, so that equal vectors and equal distances are frequent. The others are multiples of 1/64:
 * float32 holds the squares of their differences.
 */
export const anyVectors: fc.Arbitrary<Vectors> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 30 }))
  .chain(([dimensions, count]) =>
    fc
      .array(
        fc.oneof(
          fc.integer({ min: -3, max: 3 }),
          fc.integer({ min: -512, max: 512 }).map((n) => n / 64),
        ),
        {
          minLength: count * dimensions,
          maxLength: count * dimensions,
        },
      )
      .map((values) => ({ count, dimensions, values: Float32Array.from(values) })),
  );

export function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] - b[d]) ** 2;
  return sum;
}
