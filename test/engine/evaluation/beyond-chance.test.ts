import { expect, test } from 'vitest';
import { gainBeyondChance } from '../../../engine/evaluation/beyond-chance.ts';

test.each([
  ['mean 1, standard error 1 / 2, is 2 standard errors above 0', [2, 0, 2, 0], 1],
  ['mean 1, standard error √3 / 2, is 1.15 standard errors above 0', [4, 0, 0, 0], undefined],
  ['nothing gained', [0, 0, 0], undefined],
  ['lost beyond chance', [-2, 0, -2, 0], undefined],
  ['no question', [], undefined],
])('%s', (_, gains, mean) => {
  expect(gainBeyondChance(gains)).toBe(mean);
  expect(gainBeyondChance(Float64Array.from(gains))).toBe(mean);
});

test('the bound is 1.645 standard errors', () => {
  // A share p of ones has the mean p and the variance p (1 - p): of 100, p = 2.64 % would be on the bound.
  const shareOfOnes = (ones: number) => Array.from({ length: 100 }, (_, i) => (i < ones ? 1 : 0));
  expect(gainBeyondChance(shareOfOnes(2))).toBeUndefined();
  expect(gainBeyondChance(shareOfOnes(3))).toBeCloseTo(0.03, 12);
});
