import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsWithin } from '../../../engine/catalogue/number-rows.ts';

const value = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(Number.NaN),
);
const bound = fc.oneof(
  fc.integer({ min: -1, max: 21 }),
  fc.constantFrom(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN),
  fc.double(),
);

test('finds what a look at each value finds, whatever the values and the bounds', () => {
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 30 }),
      // Few values many times over, so that there are many buckets and they are uneven.
      fc.constantFrom(1, 40, 400),
      bound,
      bound,
      fc.boolean(),
      fc.boolean(),
      (some, times, from, to, includesFrom, includesTo) => {
        const values = Float64Array.from({ length: some.length * times }, (_, i) => some[(i * i) % some.length]);
        const rows = rowsWithin({ type: 'number', values }, { from, to, includesFrom, includesTo });
        const passing = [...values.keys()].filter((row) => {
          const above = includesFrom ? values[row] >= from : values[row] > from;
          return above && (includesTo ? values[row] <= to : values[row] < to);
        });
        expect([...values.keys()].filter((row) => rows.has(row))).toEqual(passing);
        expect(rows.count()).toBe(passing.length);
      },
    ),
    { numRuns: 300 },
  );
});
