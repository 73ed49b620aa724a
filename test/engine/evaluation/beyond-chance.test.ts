import { expect, test } from 'vitest';
import { gainBeyondChance, type Tries } from '../../../engine/evaluation/beyond-chance.ts';

const apart = (questions: ArrayLike<number>) => Array.from(questions, (_, question) => question);

test.each([
  ['mean 1, standard error 1 / 2, is 2 standard errors above 0', [2, 0, 2, 0], 1],
  ['mean 1, standard error √3 / 2, is 1.15 standard errors above 0', [4, 0, 0, 0], undefined],
  ['nothing gained', [0, 0, 0], undefined],
  ['lost beyond chance', [-2, 0, -2, 0], undefined],
  ['no question', [], undefined],
])('%s', (_, gains, mean) => {
  expect(gainBeyondChance(gains, apart(gains))).toBe(mean);
  expect(gainBeyondChance(Float64Array.from(gains), apart(gains))).toBe(mean);
});

// A share p of ones has the mean p and the variance p (1 - p): of 100, p = 2.64 %, 3.70 % and 4.33 % would be on the bounds.
test.each<[bound: number, tries: Tries, chance: number]>([
  [1.645, 1, 2],
  [1.96, 2, 3],
  [2.128, 3, 4],
])('the bound is %d standard errors for the best of %d', (_, tries, chance) => {
  const shareOfOnes = (ones: number) => Array.from({ length: 100 }, (_, i) => (i < ones ? 1 : 0));
  const gainOf = (gains: number[]) => gainBeyondChance(gains, apart(gains), tries);
  expect(gainOf(shareOfOnes(chance))).toBeUndefined();
  expect(gainOf(shareOfOnes(chance + 1))).toBeCloseTo((chance + 1) / 100, 12);
});

test('what one session says four times is said once', () => {
  // Mean 1, deviations 4 and -4 of two sessions: standard error √32 / 8 = 0.71, where apart it is √8 / 8 = 0.35.
  const gains = [2, 2, 2, 2, 0, 0, 0, 0];
  expect(gainBeyondChance(gains, apart(gains))).toBe(1);
  expect(gainBeyondChance(gains, [7, 7, 7, 7, 3, 3, 3, 3])).toBeUndefined();
  // Whatever the order.
  expect(gainBeyondChance([2, 0, 2, 0, 2, 0, 2, 0], [7, 3, 7, 3, 7, 3, 7, 3])).toBeUndefined();
});
