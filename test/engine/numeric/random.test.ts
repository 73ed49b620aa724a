import { describe, expect, it } from 'vitest';
import { randomInteger, seededRandom } from '../../../engine/numeric/random.ts';

describe('seededRandom', () => {
  it('gives the same stream for the same seed and another for another', () => {
    const stream = (seed: number) => Array.from({ length: 20 }, seededRandom(seed));
    expect(stream(7)).toEqual(stream(7));
    const firsts = new Set([0, 1, 2, 7, 0xffff_ffff].map((seed) => stream(seed)[0]));
    expect(firsts.size).toBe(5);
  });

  it.each([0, 1, 2008])('is uniform in [0, 1): seed %i', (seed) => {
    const random = seededRandom(seed);
    const draws = 100_000;
    const buckets = new Float64Array(20);
    let serial = 0;
    let last = 0.5;
    for (let i = 0; i < draws; i++) {
      const value = random();
      expect(value >= 0 && value < 1).toBe(true);
      buckets[Math.floor(value * 20)]++;
      serial += (value - 0.5) * (last - 0.5);
      last = value;
    }
    // Chi-squared with 19 degrees of freedom exceeds 50.8 once in 10,000.
    const expected = draws / 20;
    expect(buckets.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(50.8);
    // Serial correlation of independent draws: within 5 standard deviations of 1/sqrt(n).
    expect(Math.abs((serial / draws) * 12)).toBeLessThan(5 / Math.sqrt(draws));
  });
});

it('randomInteger reaches every number below its bound and no other', () => {
  const random = seededRandom(1);
  expect(new Set(Array.from({ length: 200 }, () => randomInteger(random, 3)))).toEqual(new Set([0, 1, 2]));
  expect(randomInteger(() => 0.999_999_9, 3)).toBe(2);
});
