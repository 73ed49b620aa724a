import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packNumbers, unpackNumbers } from '../../../engine/clicks/packed-numbers.ts';
import { decodeViews, encodeViews, type Views } from '../../../engine/clicks/views.ts';

const STEPS = [86_400_000, 1000, 1];

it.each([
  ['days', [0, 86_400_000, 20_000 * 86_400_000], Uint16Array],
  ['seconds', [1_700_000_000_000, 1_700_000_001_000], Uint8Array],
  ['seconds of years', [0, 1_700_000_000_000], Uint32Array],
  ['milliseconds', [5, 70_000], Uint32Array],
  ['negative numbers', [-5, 0, 250], Uint8Array],
  ['milliseconds of years', [1, 1_700_000_000_000], Float64Array],
  ['fractions', [0.5, 1], Float64Array],
  ['none', [], Float64Array],
])('packs %s', (_, numbers, type) => {
  const given = Float64Array.from(numbers);
  const packed = packNumbers(given, STEPS);
  expect(packed.values).toBeInstanceOf(type);
  expect(unpackNumbers(packed)).toEqual(given);
});

it('loses no number', () => {
  const numbers = fc.oneof(fc.array(fc.integer()), fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })));
  fc.assert(
    fc.property(numbers, (values) => {
      const given = Float64Array.from(values, (value) => value + 0);
      expect(unpackNumbers(packNumbers(given, STEPS))).toEqual(given);
    }),
  );
});

const views: Views = {
  sessionIds: ['a', '\ufeffb'],
  productIds: ['x'],
  sessions: Int32Array.of(0, 1, 1),
  products: Int32Array.of(0, 0, 0),
  timesMs: Float64Array.of(0.5, 1, 2),
  orders: Float64Array.of(3, 1, 2),
  weights: Float64Array.of(1, 2.5, 1),
  fileEnds: Int32Array.of(3),
  gapMs: 1000,
  orderedBy: 'at',
};

it.each([
  ['all that views have', views],
  [
    'as little as they may have',
    { ...views, timesMs: undefined, orders: undefined, weights: undefined, gapMs: undefined },
  ],
])('keeps %s', (_, given) => {
  expect(decodeViews(encodeViews(given))).toEqual(given);
});
