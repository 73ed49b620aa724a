import { expect, test } from 'vitest';
import { indexOfEarlier } from '../../../engine/evaluation/earlier-index.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { rank } from '../../../engine/ranking/rank.ts';
import { buildServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { clustersOf, corpusOf, vectorsOf } from '../ranking/example-index.ts';

const IDS = ['a', 'b', 'c', 'd'];
/** The last session, and no other, goes from a to d. */
const SESSIONS = [
  [0, 1],
  [0, 1],
  [0, 2],
  [1, 2, 0],
  [0, 3],
];
const corpus = corpusOf(IDS, [5, 3, 2, 1], SESSIONS);
const index = buildServingIndex(
  corpus,
  vectorsOf(IDS.slice(0, 3), [
    [1, 0],
    [0, 1],
    [1, 1],
  ]),
  clustersOf(
    [0, 1, 1],
    [
      [1, 0],
      [0.5, 1],
    ],
  ),
  'markov',
);

test('what only the later sessions say is forgotten, and everything else stays', () => {
  const earlier = indexOfEarlier(index, corpus, 4);
  const ask = (from: typeof index) =>
    rank(from, {
      viewed: [0],
      count: 4,
      strategy: 'markov',
      excluded: new Set(),
      excludeViewed: true,
      random: seededRandom(1),
    }).map(({ product, source }) => [IDS[product], source]);
  expect(ask(index)).toContainEqual(['d', 'model']);
  expect(ask(earlier)).toEqual([
    ['b', 'model'],
    ['c', 'model'],
    ['d', 'popular'],
  ]);
  expect([...earlier.viewCounts]).toEqual([4, 3, 2, 0]);
  expect(earlier.productIds).toEqual(IDS);
  expect(earlier.vectors).toEqual(index.vectors);
  expect([...earlier.centroids]).toEqual([...index.centroids]);
  expect(earlier.blendWeights).toEqual(index.blendWeights);
});
