import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float32, OWN_SPACE } from '../../../engine/numeric/array-space.ts';
import { KERNEL_SPACE } from '../../../engine/numeric/kernel-space.ts';
import { dotProductsWith, pickedProductsWith } from '../../../engine/ranking/dot-products.ts';

const SPACES = { OWN_SPACE, KERNEL_SPACE };

test('is rows × query, for any shape and query after query', () => {
  const number = fc.integer({ min: -100, max: 100 });
  const shape = fc.tuple(fc.integer({ min: 0, max: 13 }), fc.integer({ min: 1, max: 19 }));
  const input = shape.chain(([rowCount, columnCount]) =>
    fc.record({
      rows: fc.array(fc.array(number, { minLength: columnCount, maxLength: columnCount }), {
        minLength: rowCount,
        maxLength: rowCount,
      }),
      queries: fc.array(fc.array(number, { minLength: columnCount, maxLength: columnCount }), { minLength: 1 }),
    }),
  );
  fc.assert(
    fc.property(input, fc.constantFrom(...Object.values(SPACES)), ({ rows, queries }, space) => {
      const matrix = float32(space, rows.flat().length);
      matrix.set(rows.flat());
      const times = dotProductsWith(matrix, queries[0].length);
      for (const query of queries) {
        const expected = rows.map((row) => row.reduce((sum, value, d) => sum + value * query[d], 0));
        expect([...times(Float64Array.from(query))].map((value) => value + 0)).toEqual(
          expected.map((value) => value + 0),
        );
      }
    }),
  );
});

test.each(Object.entries(SPACES))('of picked rows it is the product with each query, in %s', (_, space) => {
  for (const columnCount of [1, 3, 4, 10, 64, 20_000]) {
    const matrix = float32(space, 7 * columnCount);
    for (let i = 0; i < matrix.length; i++) matrix[i] = Math.sin(i) / 3;
    const queries = [0, 1, 2].map((q) => Float32Array.from({ length: columnCount }, (_, d) => Math.cos(d + q) / 7));
    const times = pickedProductsWith(matrix, columnCount, 8, 3);
    queries.forEach((query, q) => {
      times.queries[q].set(query);
    });
    // A second one has numbers of its own in the same memory.
    const other = pickedProductsWith(matrix, columnCount, 8, 3);
    other.queries[0].fill(1);
    other.multiply(5, 3);
    const picked = [6, 0, 6, 3, 5];
    times.rows.set(picked);
    times.multiply(picked.length, queries.length);
    times.measure(picked.length);
    for (const [i, row] of picked.entries()) {
      const length = Math.hypot(...matrix.subarray(row * columnCount, (row + 1) * columnCount));
      expect(Math.abs(times.lengths[i] - length)).toBeLessThan(1e-6 * Math.max(1, length));
    }
    for (const [q, query] of queries.entries()) {
      for (const [i, row] of picked.entries()) {
        const sum = query.reduce((sum, value, d) => sum + value * matrix[row * columnCount + d], 0);
        expect(Math.abs(times.products[q][i] - sum)).toBeLessThan(1e-6 * Math.max(1, Math.abs(sum)));
      }
    }
  }
});

test('reads a matrix of the kernel space where it lies, and copies any other once', () => {
  const inPlace = float32(KERNEL_SPACE, 8);
  const elsewhere = float32(OWN_SPACE, 8);
  const products = [inPlace, elsewhere].map((matrix) => pickedProductsWith(matrix, 4, 4, 1));
  for (const matrix of [inPlace, elsewhere]) matrix[0] = 2;
  expect(
    products.map((times) => {
      times.queries[0].set([3, 0, 0, 0]);
      times.multiply(1, 1);
      return times.products[0][0];
    }),
  ).toEqual([6, 0]);
});
