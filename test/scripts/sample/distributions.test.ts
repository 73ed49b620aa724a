import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { geometric, inverseGaussian, normal } from '../../../scripts/sample/distributions.ts';
import { weightedPartition } from '../../../scripts/sample/weighted-partition.ts';

const DRAWS = 200_000;

function moments(draw: () => number) {
  const values = Array.from({ length: DRAWS }, draw);
  const mean = values.reduce((sum, x) => sum + x, 0) / DRAWS;
  return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / DRAWS };
}

// Mean and variance are those of the textbook; 200,000 draws keep the error of both within the stated digits.
describe('distributions', () => {
  it('normal: mean 0, variance 1', () => {
    const random = seededRandom(1);
    const { mean, variance } = moments(() => normal(random));
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
  });

  it('inverse Gaussian: mean μ, variance μ³/λ', () => {
    const random = seededRandom(2);
    const { mean, variance } = moments(() => inverseGaussian(2, 4, random));
    expect(mean).toBeCloseTo(2, 1);
    expect(variance).toBeCloseTo(2, 0);
  });

  it('geometric: mean (1-p)/p, variance (1-p)/p²', () => {
    const random = seededRandom(3);
    const { mean, variance } = moments(() => geometric(0.4, random));
    expect(mean).toBeCloseTo(1.5, 1);
    expect(variance).toBeCloseTo(3.75, 0);
  });
});

describe('weightedPartition', () => {
  // Part 0 has the members 0 and 2 with weights 1 and 3; part 1 has 1, 3 and 4 with weights 2, 5 and 3.
  const draw = weightedPartition([0, 1, 0, 1, 1], 2, [1, 2, 3, 5, 3]);

  it('draws only members of the part, in proportion to their weights', () => {
    const random = seededRandom(4);
    const shares = (part: number) => {
      const counts = new Array<number>(5).fill(0);
      for (let i = 0; i < DRAWS; i++) counts[draw(part, random)] += 1 / DRAWS;
      return counts;
    };
    [0.25, 0, 0.75, 0, 0].forEach((share, i) => {
      expect(shares(0)[i]).toBeCloseTo(share, 2);
    });
    [0, 0.2, 0, 0.5, 0.3].forEach((share, i) => {
      expect(shares(1)[i]).toBeCloseTo(share, 2);
    });
  });

  it('reaches the ends of a part at the ends of the unit interval', () => {
    expect(draw(1, () => 0)).toBe(1);
    expect(draw(1, () => 1 - 2 ** -32)).toBe(4);
  });
});
