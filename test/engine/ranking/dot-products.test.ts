import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dotProductsWith } from '../../../engine/ranking/dot-products.ts';

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
    fc.property(input, ({ rows, queries }) => {
      const times = dotProductsWith(Float32Array.from(rows.flat()), queries[0].length);
      for (const query of queries) {
        const expected = rows.map((row) => row.reduce((sum, value, d) => sum + value * query[d], 0));
        expect([...times(Float64Array.from(query))].map((value) => value + 0)).toEqual(
          expected.map((value) => value + 0),
        );
      }
    }),
  );
});
