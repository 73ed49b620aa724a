import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNumber } from '../../../engine/catalogue/field-builders.ts';

test.each([
  '0',
  '-3',
  '12.50',
  '4.333333333333333',
  '-1.4142135623730951',
  // DECIMAL(38, 20)
  '4.33000000000000000000',
  '9007199254740991',
  // What DuckDB, Python and JavaScript make of 0.00001, 1e16 and 2.5e-7.
  '1e-05',
  '1e+16',
  '1E-05',
  '2.5e-7',
])('%j is a number', (text) => {
  expect(isNumber(text)).toBe(true);
});

test.each([
  '',
  '007',
  '00123',
  '-01.5',
  // 2^53 + 1, which a double does not hold.
  '9007199254740993',
  '12345678901234567890',
  '12345678901234567890.5',
  '12E4',
  '1e5',
  '1e+999',
  'inf',
  'nan',
  '1.',
  '.5',
  '0x10',
  '1 2',
])('%j is a name', (text) => {
  expect(isNumber(text)).toBe(false);
});

test('whatever the double, it is a number as JavaScript writes it, and reads back the same', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = String(value);
      // Written without an exponent below 1e21.
      const isExact = Math.abs(value) <= Number.MAX_SAFE_INTEGER || text.includes('e');
      expect(isNumber(text)).toBe(isExact);
    }),
  );
});
