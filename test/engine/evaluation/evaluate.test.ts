import { describe, expect, test } from 'vitest';
import { summarise, tallyPositions } from '../../../engine/evaluation/evaluate.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import type { Scorer } from '../../../engine/ranking/scorer.ts';
import { clusterSample } from '../../../engine/ranking/strategies/clusters.ts';
import { exampleIndex, sessionsOf } from '../ranking/example-index.ts';

const index = exampleIndex();
const [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5];
const evaluate = (scorer: Scorer | undefined, sessions: number[][], seed = 1) =>
  summarise(tallyPositions(index, scorer, sessionsOf(sessions), seededRandom(seed)), 1);

describe('evaluation', () => {
  test('of popularity, where product n stands at place n + 1', () => {
    const { all, newProducts, positions, repeatShare } = evaluate(undefined, [
      [a, b, a], // places 2 and 1, the second a repeat
      [f, e], // place 5
    ]);
    expect(positions).toBe(3);
    expect(repeatShare).toBeCloseTo(1 / 3, 12);
    expect(all['MRR@20'].value).toBeCloseTo((1 / 2 + 1 + 1 / 5) / 3, 12);
    expect(newProducts['MRR@20'].value).toBeCloseTo((1 / 2 + 1 / 5) / 2, 12);
    expect(all['HR@5'].value).toBe(1);
  });

  test('equal scores are no luck: the target is not preferred', () => {
    const allEqual: Scorer = (_, __, board) => {
      for (const product of [f, e, d, c, b, a]) board.add(product, 1);
    };
    expect(evaluate(allEqual, [[a, f]]).all['MRR@20'].value).toBeCloseTo(1 / 6, 12);
  });

  test('of cluster-sample is the expectation, whatever is drawn', () => {
    // e and c, d are the left cluster: after e, d stands first or second equally often.
    for (const seed of [1, 2, 3]) {
      expect(evaluate(clusterSample, [[e, d]], seed).all['MRR@20'].value).toBeCloseTo(0.75, 12);
    }
    // a is outside of it: it follows the two members as the most popular. e itself comes after a and b.
    expect(evaluate(clusterSample, [[e, a]]).all['MRR@20'].value).toBeCloseTo(1 / 3, 12);
    expect(evaluate(clusterSample, [[e, e]]).all['MRR@20'].value).toBeCloseTo(1 / 5, 12);
  });

  test('the expectation of cluster-sample is the mean over draws', () => {
    const drawn: Scorer = (...query) => clusterSample(...query);
    const draws = Array.from({ length: 400 }, (_, seed) => evaluate(drawn, [[e, d]], seed).all['MRR@20'].value);
    // Values 1 and 1/2 equally often: five standard deviations of the mean are .0625.
    expect(Math.abs(draws.reduce((sum, value) => sum + value, 0) / 400 - 0.75)).toBeLessThan(0.0625);
  });

  test('popularity bias compares the views of the recommended with those of what was viewed', () => {
    // All six are recommended each time, 100/6 views in the mean; b and d were viewed next: 25 and 10.
    const { popularityBias, coverage } = evaluate(undefined, [
      [a, b],
      [a, d],
    ]);
    expect(popularityBias.value).toBeCloseTo((2 * (100 / 6)) / 35, 12);
    expect(coverage.value).toBe(1);
  });
});
