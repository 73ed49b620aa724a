import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleRows } from '../../../engine/k-means/sample-rows.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';

test('the sample is ascending, within range and as large as asked for, or everything', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(250), fc.nat(), (count, size, seed) => {
      const rows = Array.from(sampleRows(count, size, seededRandom(seed)));
      expect(rows).toHaveLength(Math.min(count, size));
      expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
      expect(rows.every((row) => row >= 0 && row < count)).toBe(true);
    }),
  );
});

test('every row is as likely as another', () => {
  const random = seededRandom(1);
  const drawn = new Array(10).fill(0);
  for (let round = 0; round < 10_000; round++) for (const row of sampleRows(10, 3, random)) drawn[row]++;

  // 3,000 expected each; five standard deviations are 229.
  for (const times of drawn) expect(Math.abs(times - 3_000)).toBeLessThan(229);
});
