import { expect, test } from 'vitest';
import { shareOfMost } from '../../console/pages/data/share-of-most.ts';
import { profileOf } from '../../engine/clicks/data-profile.ts';

test('what is stored is given as it is, and what lies between two ranks is between their shares', () => {
  const popularity = [
    { products: 1, share: 0.2 },
    { products: 5, share: 0.6 },
    { products: 10, share: 1 },
  ];
  expect(shareOfMost(popularity, 5)).toBeCloseTo(0.6, 12);
  expect(shareOfMost(popularity, 0.5)).toBeCloseTo(0.1, 12);
  expect(shareOfMost(popularity, 7)).toBeCloseTo(0.6 + (0.4 * 2) / 5, 12);
  expect(shareOfMost([], 0)).toBeUndefined();
});

test.each([30, 217, 5_000])('the share of a fifth of %d products is right to the digit that is shown', (n) => {
  const viewCounts = Uint32Array.from({ length: n }, (_, i) => 1 + Math.round(10_000 / (i + 10)));
  const corpus = { productIds: [], viewCounts, offsets: Uint32Array.of(0), startTimesMs: undefined };
  const all = viewCounts.reduce((sum, views) => sum + views, 0);
  const fifth = Math.round(n / 5);
  const share = viewCounts.slice(0, fifth).reduce((sum, views) => sum + views, 0) / all;
  expect(Math.abs(shareOfMost(profileOf(corpus, undefined).popularity, fifth)! - share)).toBeLessThan(0.005);
});
