import { expect, test } from 'vitest';
import { KIND_NUMBER } from '../../../../engine/clicks/event-kinds.ts';
import { seededRandom } from '../../../../engine/numeric/random.ts';
import { explain } from '../../../../engine/ranking/explain.ts';
import { rank } from '../../../../engine/ranking/rank.ts';
import { buildServingIndex, type ServingIndex } from '../../../../engine/serving-index/serving-index.ts';
import { clustersOf, corpusOf, vectorsOf } from '../example-index.ts';

const [a, b, c, d] = [0, 1, 2, 3];

/** @param bought of each view. */
function shopOf(sessions: number[][], bought: number[] | undefined): ServingIndex {
  const ids = ['a', 'b', 'c', 'd'];
  const kinds = bought && Uint8Array.from(bought, (is) => (is === 1 ? KIND_NUMBER.purchase : KIND_NUMBER.view));
  const corpus = { ...corpusOf(ids, [4, 3, 2, 1], sessions), kinds };
  return buildServingIndex(corpus, vectorsOf([ids[0]], [[1]]), clustersOf([0], [[1]]), 'markov');
}

function ask(index: ServingIndex, viewed: number[], count = 3) {
  const random = seededRandom(1);
  const request = {
    viewed,
    count,
    strategy: 'bought-together',
    excluded: new Set<number>(),
    excludeViewed: true,
  } as const;
  return rank(index, { ...request, random });
}

const sessions = [
  [a, b, c],
  [a, c],
  [a, d, b],
];
// The first buys a and c, the second a and c, the third a and d; b is only viewed.
const index = shopOf(sessions, [1, 0, 1, 1, 1, 1, 1, 0]);

test('recommends what was bought with it, then popular products, marked as such', () => {
  expect(ask(index, [a]).map(({ product, source }) => [product, source])).toEqual([
    [c, 'model'],
    [d, 'model'],
    [b, 'popular'],
  ]);
  // c was bought with a in two of the three sessions that bought a; two bought c.
  expect(ask(index, [a])[0].score).toBeCloseTo(2 / ((3 + 3) ** 0.5 * (2 + 1) ** 0.2), 6);
});

test('looks at the whole session, at its newest product first', () => {
  const [scoreOfA] = ask(index, [c]).map(({ score }) => score);
  const both = ask(index, [d, c]);
  expect(both[0].product).toBe(a);
  const ofD = 1 / ((1 + 3) ** 0.5 * (3 + 1) ** 0.2);
  expect(both[0].score).toBeCloseTo(scoreOfA + 0.6 * ofD, 6);
});

test('has nothing to say of what nobody bought with anything, and where nothing is known to be bought', () => {
  for (const [shop, product] of [
    [index, b],
    [shopOf(sessions, undefined), a],
  ] as const) {
    expect(new Set(ask(shop, [product]).map(({ source }) => source))).toEqual(new Set(['popular']));
  }
});

test('its explanation counts the sessions that bought both', () => {
  const query = { viewed: [a], random: seededRandom(1) };
  const why = explain(index, 'bought-together', query, ask(index, [a]));
  expect(why.map(({ evidence }) => evidence[0].from)).toEqual(['bought-together', 'bought-together', 'popularity']);
  expect(why.map((item) => item.with!.boughtTogether)).toEqual([2, 1, 0]);
  const unknown = shopOf(sessions, undefined);
  expect(explain(unknown, 'markov', query, ask(unknown, [a]))[0].with).not.toHaveProperty('boughtTogether');
});
