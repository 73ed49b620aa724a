import { describe, expect, test } from 'vitest';
import { compare, summarise } from '../../../engine/evaluation/evaluate.ts';
import { tallyPositions } from '../../../engine/evaluation/tally.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { rank, scorerOf } from '../../../engine/ranking/rank.ts';
import type { Scorer } from '../../../engine/ranking/scorer.ts';
import { clusterSample } from '../../../engine/ranking/strategies/clusters.ts';
import { STRATEGIES } from '../../../engine/serving-index/strategy.ts';
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

describe('as served', () => {
  test('asks about new products only, of lists without the viewed ones', () => {
    const { asServed, all } = evaluate(undefined, [
      [a, b, a, d], // after a: b is first of b…f; a is a repeat, no question; then d is second of c…f
      [f, e], // e is fifth of a…e
    ]);
    expect(asServed.positions).toBe(3);
    expect(asServed.gains['MRR@20'].value).toBeCloseTo((1 + 1 / 2 + 1 / 5) / 3, 12);
    expect(all['MRR@20'].value).toBeCloseTo((1 / 2 + 1 + 1 / 4 + 1 / 5) / 4, 12);
  });

  test('is what rank answers by default, at every position and for every strategy', () => {
    const later = [
      [a, b, c, a, d, e],
      [f, e, f, d, c, b],
      [c, c, d],
    ];
    for (const strategy of STRATEGIES.filter((name) => name !== 'cluster-sample')) {
      let sum = 0;
      let questions = 0;
      for (const session of later) {
        for (let next = 1; next < session.length; next++) {
          const viewed = session.slice(0, next);
          if (viewed.includes(session[next])) continue;
          const answer = rank(index, {
            viewed,
            count: 20,
            strategy,
            excluded: new Set(),
            excludeViewed: true,
            random: seededRandom(1),
          });
          sum += 1 / (1 + answer.findIndex(({ product }) => product === session[next]));
          questions++;
        }
      }
      const { asServed } = evaluate(scorerOf(strategy), later);
      expect(asServed.gains['MRR@20'].value, strategy).toBeCloseTo(sum / questions, 12);
    }
  });

  test('draws the sample of a cluster from the members not viewed', () => {
    // After e and d only c is left of the left cluster.
    expect(evaluate(clusterSample, [[e, d, c]]).asServed.gains['MRR@20'].value).toBeCloseTo((0.75 + 1) / 2, 12);
  });

  test('has no bias towards what was viewed: only the products that may be recommended count', () => {
    // After a, b…f are recommended: 60 of 100 views by 5 products; b (25 views) was viewed next.
    const { asServed } = evaluate(undefined, [[a, b]]);
    const others = index.viewCounts.subarray(1).reduce((total, views) => total + views, 0);
    expect(asServed.popularityBias.value).toBeCloseTo(others / 5 / index.viewCounts[b], 12);
    expect(asServed.coverage.value).toBeCloseTo(5 / 6, 12);
  });

  test('is what models are compared by', () => {
    // The first is right about every repeat and never about a new product, the second the other way round.
    const repeats: Scorer = (_, { viewed }, board) => {
      for (const product of viewed) board.add(product, 1);
    };
    const tally = (scorer: Scorer | undefined) =>
      tallyPositions(index, scorer, sessionsOf([[f, e, f, e, f, a]]), seededRandom(1));
    const ours = tally((_, __, board) => board.add(a, 1));
    const theirs = tally(repeats);
    expect(compare(ours, theirs, 1)['MRR@20'].value).toBeCloseTo((1 / 5 + 1 - (1 / 5 + 1)) / 2, 12);
    const wrong = tally((_, __, board) => {
      for (const product of [b, c, d]) board.add(product, 9 - product);
    });
    expect(compare(ours, wrong, 1)['MRR@20'].value).toBeCloseTo((1 / 5 + 1 - (1 / 5 + 1 / 4)) / 2, 12);
  });
});
