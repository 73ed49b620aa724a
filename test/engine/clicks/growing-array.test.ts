import { expect, it } from 'vitest';
import { GrowingArray } from '../../../engine/clicks/growing-array.ts';

it('keeps what was there when it grows', () => {
  const array = new GrowingArray(Int32Array, 0);
  const numbers = Int32Array.from({ length: 5000 }, (_, i) => i);
  for (let i = 0; i < numbers.length; i += 1000) array.append(numbers.subarray(i, i + 1000));
  expect(array.all()).toEqual(numbers);
});
