import { expect, test } from 'vitest';
import { placesOf } from '../../../lambdas/recommend/recommend.ts';

test('a share of the places is rounded down as by whole numbers', () => {
  for (let hundredths = 0; hundredths <= 50; hundredths++)
    for (let count = 1; count <= 100; count++) {
      // As the share is read: from its text.
      const share = Number((hundredths / 100).toFixed(2));
      const places = (hundredths * count - ((hundredths * count) % 100)) / 100;
      expect([hundredths, count, placesOf(share, count)]).toEqual([hundredths, count, places]);
    }
});
