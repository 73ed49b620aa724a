import { describe, expect, test } from 'vitest';
import type { Corpus } from '../../../engine/clicks/corpus.ts';
import { countVisits } from '../../../engine/clicks/heard-views.ts';
import { indexOfEarlier } from '../../../engine/evaluation/earlier-index.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { rank } from '../../../engine/ranking/rank.ts';
import { buildServingIndex } from '../../../engine/serving-index/serving-index.ts';
import { encodeServingIndex } from '../../../engine/serving-index/serving-index-file.ts';
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

describe('of sessions with carts, purchases and times', () => {
  const DAY_MS = 24 * 3600 * 1000;
  const VECTORS = vectorsOf(['a', 'b'], [[1], [-1]]);
  const CLUSTERS = clustersOf([0, 1], [[1], [-1]]);
  const TREND_DAYS = 100;
  /** a and b are bought together in the first two sessions, a and d in the last one. */
  const sold: Corpus = {
    ...corpusOf(IDS, [], SESSIONS),
    startTimesMs: Float64Array.from(SESSIONS, (_, session) => 30 * session * DAY_MS),
    weights: Float32Array.from([5, 5, 5, 5, 1, 1, 1, 3, 1, 5, 5]),
    kinds: Uint8Array.from([2, 2, 2, 2, 0, 0, 0, 1, 0, 2, 2]),
  };
  const built = (of: Corpus) =>
    buildServingIndex(
      { ...of, viewCounts: countVisits(of, IDS.length) },
      VECTORS,
      CLUSTERS,
      'markov',
      undefined,
      TREND_DAYS,
    );

  test('to forget nothing changes no byte', () => {
    const index = built(sold);
    expect(encodeServingIndex(indexOfEarlier(index, sold, SESSIONS.length, TREND_DAYS))).toEqual(
      encodeServingIndex(index),
    );
  });

  test('to forget the last session leaves what is built without it', () => {
    const without: Corpus = {
      productIds: IDS,
      viewCounts: new Uint32Array(0),
      sessionIds: sold.sessionIds.slice(0, 4),
      startTimesMs: sold.startTimesMs!.slice(0, 4),
      offsets: sold.offsets.slice(0, 5),
      views: sold.views.slice(0, 9),
      weights: sold.weights!.slice(0, 9),
      kinds: sold.kinds!.slice(0, 9),
    };
    const earlier = indexOfEarlier(built(sold), sold, 4, TREND_DAYS);
    expect(encodeServingIndex(earlier)).toEqual(encodeServingIndex(built(without)));
    expect(earlier.boughtTogether).toMatchObject({ from: 'purchases' });
  });
});
