import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  catalogueCoverage,
  discountedGain,
  expectedGain,
  hit,
  intraListDiversity,
  meanViews,
  reciprocalRank,
} from '../../../engine/evaluation/metrics.ts';
import { exampleIndex } from '../ranking/example-index.ts';

const index = exampleIndex();
const [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5];

describe('one relevant product at a place of the list', () => {
  test.each([
    [1, 1, 1, 1],
    [3, 1, 1 / 3, 1 / 2], // log2(4) = 2
    [7, 0, 0, 0],
    [undefined, 0, 0, 0],
  ])('at %s of 5: HR %d, RR %d, NDCG %d', (place, hitRate, reciprocal, gain) => {
    expect(hit(place, 5)).toBe(hitRate);
    expect(reciprocalRank(place, 5)).toBeCloseTo(reciprocal, 12);
    expect(discountedGain(place, 5)).toBeCloseTo(gain, 12);
  });

  test('the cutoff itself counts', () => {
    expect(hit(5, 5)).toBe(1);
    expect(reciprocalRank(5, 5)).toBe(0.2);
    expect(hit(6, 5)).toBe(0);
  });
});

test('coverage is the share of the catalogue that was ever recommended, with its jackknife interval', () => {
  // Of four products one is listed in groups 0 and 1, one in group 0 alone, one never, one in all ten groups. Without
  // group 0 the coverage is 2/4, without any other 3/4; their mean is .725, SE² = .9 · (.225² + 9 · .025²) = .225².
  const { value, low, high } = catalogueCoverage(Uint16Array.of(0b11, 0b1, 0, 0b1111111111));
  expect(value).toBe(0.75);
  expect(low).toBeCloseTo(0.75 - 1.96 * 0.225, 12);
  expect(high).toBe(1);
});

test('mean views of a list', () => {
  expect(meanViews(index, [a, d, f])).toBeCloseTo((40 + 10 + 2) / 3, 12);
});

describe('intra-list diversity', () => {
  test('of (3,4), (4,3) and (-3,4): 1 − the mean of the cosines .96, .28 and 0', () => {
    expect(intraListDiversity(index, [a, b, e])).toBeCloseTo(1 - (0.96 + 0.28 + 0) / 3, 6);
  });

  test('leaves out products without a direction', () => {
    expect(intraListDiversity(index, [a, c, f, b])).toBeCloseTo(0.04, 6);
    expect(intraListDiversity(index, [a, c, f])).toBeUndefined();
  });
});

describe('the expectation over random orders', () => {
  test('of four products: HR@2 is 1/2, MRR is (1 + 1/2 + 1/3 + 1/4) / 4', () => {
    expect(expectedGain((place) => hit(place, 2), 4, 20)).toBe(0.5);
    expect(expectedGain((place) => reciprocalRank(place, 20), 4, 20)).toBeCloseTo(25 / 48, 12);
  });

  test('of more products than places, the rest is missed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 30 }), (members, k) => {
        expect(expectedGain((place) => hit(place, k), members, k)).toBeCloseTo(Math.min(1, k / members), 12);
      }),
    );
  });
});
