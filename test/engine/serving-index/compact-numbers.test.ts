import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fromCodedNumbers,
  isWholeCode,
  roundScaledRows,
  roundShortFloats,
  toCodedNumbers,
  toScaledRows,
  toShortFloats,
} from '../../../engine/serving-index/compact-numbers.ts';

const float = fc.float({ min: Math.fround(-1e30), max: Math.fround(1e30), noNaN: true });
const positive = fc.float({ min: 0, noNaN: true, noDefaultInfinity: true });

describe('short floats', () => {
  test('keep 0, powers of two and eleven bits of a fraction exactly', () => {
    const values = Float32Array.of(0, 1, 2, 0.5, 1 + 2 ** -11, 4096, 1024.5);
    expect(roundShortFloats(values)).toEqual(values);
  });

  test('are bits of the float32, by hand: 1.5 is 0 01111111 1000…', () => {
    // The greatest exponent, 127, becomes 31; 1.5 has half of the mantissa's 2,048.
    expect(toShortFloats(Float32Array.of(1.5, 0))).toEqual({
      codes: Uint16Array.of(31 * 2048 + 1024, 0),
      exponent: 96,
    });
  });

  test('are off by at most 2^-12, never become 0, and are rounded only once', () => {
    fc.assert(
      fc.property(fc.float32Array({ min: Math.fround(1e-6), max: Math.fround(1e3), noNaN: true }), (values) => {
        const rounded = roundShortFloats(values);
        values.forEach((value, i) => {
          expect(Math.abs(rounded[i] - value)).toBeLessThanOrEqual(value * 2 ** -12);
          expect(rounded[i]).toBeGreaterThan(0);
        });
        expect(roundShortFloats(rounded)).toEqual(rounded);
      }),
    );
  });

  test('are rounded only once and keep the order, whatever the range', () => {
    fc.assert(
      fc.property(fc.array(positive), (list) => {
        const values = Float32Array.from(list, Math.abs).sort();
        const rounded = roundShortFloats(values);
        expect(roundShortFloats(rounded)).toEqual(rounded);
        expect(rounded.toSorted()).toEqual(rounded);
        expect(rounded.map(Math.sign)).toEqual(values.map(Math.sign));
      }),
    );
  });
});

describe('scaled rows', () => {
  test('give each row the smallest power of two that its largest value fits', () => {
    // 1 = 16384 · 2^-14; 32767 fits as it is, 32768 does not.
    const { codes, exponents } = toScaledRows(Float32Array.of(1, -0.5, 32_767, 1, 32_768, 3, 0, 0), 2);
    expect([...exponents]).toEqual([-14, 0, 1, 0]);
    expect([...codes]).toEqual([16_384, -8_192, 32_767, 1, 16_384, 2, 0, 0]);
  });

  test('are off by at most 2^-15 of the largest value, and are rounded only once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(float, float, float)), (rows) => {
        const values = Float32Array.from(rows.flat()).map((value) => (Math.abs(value) < 1e-30 ? 0 : value));
        const rounded = roundScaledRows(values, 3);
        for (let row = 0; row < rows.length; row++) {
          const own = values.subarray(3 * row, 3 * row + 3);
          const largest = Math.max(...own.map(Math.abs));
          own.forEach((value, i) => {
            expect(Math.abs(rounded[3 * row + i] - value)).toBeLessThanOrEqual(largest * 2 ** -15);
          });
        }
        expect(roundScaledRows(rounded, 3)).toEqual(rounded);
      }),
    );
  });
});

describe('coded numbers', () => {
  test('give the 255 most frequent values a byte and keep the others beside', () => {
    const numbers = Float32Array.from({ length: 300 }, (_, i) => Math.max(0, i - 20) / 2);
    const { codes, values, rest } = toCodedNumbers(numbers);
    expect(values).toHaveLength(255);
    expect([...values.slice(0, 3)]).toEqual([0, 0.5, 1]);
    expect(rest).toHaveLength(280 - 255);
    expect(fromCodedNumbers({ codes, values, rest }, new Float32Array(300))).toEqual(numbers);
  });

  test('lose nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(float, fc.integer({ min: 0, max: 4 }))), (list) => {
        const numbers = Float32Array.from(list, (value) => value + 0);
        expect(fromCodedNumbers(toCodedNumbers(numbers), new Float32Array(list.length))).toEqual(numbers);
      }),
    );
  });

  test('are whole when each code has a value and each rare value a code', () => {
    const whole = { codes: Uint8Array.of(0, 1, 255), values: Float32Array.of(1, 2), rest: Float32Array.of(9) };
    expect(isWholeCode(whole)).toBe(true);
    expect(fromCodedNumbers(whole, new Float32Array(3))).toEqual(Float32Array.of(1, 2, 9));
    expect(isWholeCode({ ...whole, codes: Uint8Array.of(0, 2, 255) })).toBe(false);
    expect(isWholeCode({ ...whole, rest: Float32Array.of(9, 9) })).toBe(false);
    expect(isWholeCode({ ...whole, codes: Uint8Array.of(255, 255) })).toBe(false);
    expect(isWholeCode({ ...whole, values: new Float32Array(256) })).toBe(false);
  });
});
