import { expect, test } from 'vitest';
import { spread } from '../../../engine/evaluation/positions.ts';

const TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

test('a part of a list is spread evenly over it, in its order', () => {
  expect(spread(TEN, 5)).toEqual([1, 3, 5, 7, 9]);
  expect(spread(TEN, 1)).toEqual([9]);
  expect(spread(TEN, 0)).toEqual([]);
});

test('a list that is no longer is whole', () => {
  expect(spread(TEN, 10)).toEqual(TEN);
  expect(spread(TEN, 11)).toEqual(TEN);
  expect(spread([], 3)).toEqual([]);
});
