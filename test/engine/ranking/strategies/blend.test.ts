import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../engine/numeric/random.ts';
import { rankBy } from '../../../../engine/ranking/rank.ts';
import { blend } from '../../../../engine/ranking/strategies/blend.ts';
import { blendCandidates } from '../../../../engine/ranking/strategies/blend-features.ts';
import { BLEND_FEATURES, UNFITTED_BLEND_WEIGHTS } from '../../../../engine/serving-index/blend-weights.ts';
import { buildServingIndex } from '../../../../engine/serving-index/serving-index.ts';
import { clustersOf, corpusOf, indexOf, vectorsOf } from '../example-index.ts';

const random = seededRandom(1);
const [a, b, c, d] = [0, 1, 2, 3];
const ids = ['a', 'b', 'c', 'd'];
const index = buildServingIndex(
  corpusOf(
    ids,
    [4, 3, 2, 1],
    [
      [a, b, c],
      [a, b],
      [a, c],
      [b, a],
    ],
  ),
  vectorsOf(ids.slice(0, 3), [
    [3, 4],
    [4, 3],
    [0, 0],
  ]),
  clustersOf([0, 0, 0], [[0, 0]]),
  'blend',
);

function featuresOf(product: number, viewed: number[]): Record<string, number> {
  const { size, products, features } = blendCandidates(index, { viewed, random });
  const row = products.subarray(0, size).indexOf(product);
  expect(row).not.toBe(-1);
  return Object.fromEntries(
    BLEND_FEATURES.map((name, f) => [name, Number(features[row * BLEND_FEATURES.length + f].toFixed(5))]),
  );
}

describe('the features of the blend', () => {
  test('after a: b followed twice, c once', () => {
    const five = (value: number) => Number(value.toFixed(5));
    expect(featuresOf(b, [a])).toMatchObject({
      'log share of markov': five(Math.log(2 / 3 + 1e-4) - Math.log(1e-4)),
      'score of markov / best': 1,
      'is the newest product': 0,
      'log views in the session': 0,
      'log views': five(Math.log(4)),
      cosine: 0.96,
    });
    expect(featuresOf(c, [a])).toMatchObject({
      'log share of markov': five(Math.log(1 / 3 + 1e-4) - Math.log(1e-4)),
      'score of markov / best': 0.5,
      cosine: 0,
    });
  });

  test('input × output is the mean of the viewed vectors, the newer weighing 1 and the older .6, times the output', () => {
    // Output vectors of the example are the input numbers in reverse: a (0,0), b (3,4), c (4,3).
    const mean = [(1 * 4 + 0.6 * 3) / 1.6, (1 * 3 + 0.6 * 4) / 1.6];
    expect(featuresOf(c, [a, b])['input × output vectors']).toBeCloseTo(4 * mean[0] + 3 * mean[1], 4);
  });

  test('tell the newest, the one before and the earlier products apart, immediate repeats aside', () => {
    const habits = ['is the newest product', 'is the product before it', 'was viewed earlier'];
    const viewed = [c, a, b, b];
    for (const [product, habit] of [
      [b, 0],
      [a, 1],
      [c, 2],
    ]) {
      const features = featuresOf(product, viewed);
      expect(habits.map((name) => features[name])).toEqual([0, 1, 2].map((place) => (place === habit ? 1 : 0)));
      expect(features['log views in the session']).toBeCloseTo(Math.log(product === b ? 3 : 2), 4);
    }
  });

  test('popular products are candidates of any session that a part knows, and none is of an unknown one', () => {
    expect(featuresOf(d, [a])['log views']).toBeCloseTo(Math.log(2), 4);
    expect(blendCandidates(index, { viewed: [d], random }).size).toBe(0);
    expect(blendCandidates(index, { viewed: [], random }).size).toBe(0);
  });

  test('of one query do not leak into the next', () => {
    const before = featuresOf(c, [a]);
    blendCandidates(index, { viewed: [b, c, a, c], random });
    expect(featuresOf(c, [a])).toEqual(before);
  });
});

test('the score is the softmax of the weighted features', () => {
  const blendWeights = UNFITTED_BLEND_WEIGHTS.map(() => 0);
  blendWeights[BLEND_FEATURES.indexOf('score of markov / best')] = Math.log(4);
  const query = { viewed: [a], random, count: 4, excluded: new Set<number>() };
  // Logits ln 4, ln 2, 0, 0 for b, c, a, d: odds 4 : 2 : 1 : 1.
  const ranked = rankBy({ ...index, blendWeights }, blend, query);
  expect(ranked.map(({ product }) => product)).toEqual([b, c, a, d]);
  expect(ranked.map(({ score }) => Number(score.toFixed(6)))).toEqual([0.5, 0.25, 0.125, 0.125]);
});

test('without a vector the other parts still answer', () => {
  const plain = indexOf(
    [
      [a, b],
      [c, b],
      [b, d],
      [c, b],
    ],
    4,
  );
  const [first] = rankBy(plain, blend, { viewed: [c], random, count: 1, excluded: new Set() });
  expect(first).toMatchObject({ product: b, source: 'model' });
});
