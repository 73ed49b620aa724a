import { expect, test } from 'vitest';
import { seededRandom } from '../../../../engine/numeric/random.ts';
import { rankBy } from '../../../../engine/ranking/rank.ts';
import { continuations } from '../../../../engine/ranking/strategies/continuations.ts';
import { indexOf } from '../example-index.ts';

const [a, b, c, d, e, f, g] = [0, 1, 2, 3, 4, 5, 6];

function votes(sessions: number[][], viewed: number[], weights?: number[]) {
  const query = { viewed, random: seededRandom(1), count: 10, excluded: new Set<number>() };
  const ranked = rankBy(indexOf(sessions, 7, undefined, weights), continuations, query);
  return ranked.filter(({ source }) => source === 'model').map(({ product, score }) => [product, score]);
}

test('a longer match votes eight times as much for each view more', () => {
  // After "x a b": c followed "b" alone in the oldest of four sessions, d followed "a b", e followed "c a b".
  const past = [[d, b, c], [e, a, b, d], [c, a, b, e], [b]];
  const found = votes(past, [c, a, b]);
  expect(found.map(([product]) => product)).toEqual([e, d, c]);
  expect(found[0][1]).toBeCloseTo(64 * 2 ** (-1 / 4), 4);
  expect(found[1][1]).toBeCloseTo(8 * 2 ** (-2 / 4), 4);
  expect(found[2][1]).toBeCloseTo(2 ** (-3 / 4), 6);
});

test('a vote weighs as much as the heaviest event for the product voted for', () => {
  expect(votes([[a, b, c, b]], [a], [1, 1, 1, 5])).toEqual([[b, 5]]);
});

test('one session votes at most three times for each continuation', () => {
  // a b a b a b a b …: after "a" each of the first three a's votes for b, the second and third after "b a" and so on.
  const pingPong = Array.from({ length: 50 }, () => [a, b]).flat();
  expect(votes([pingPong], [c, a])).toEqual([[b, 3]]);
});

test('matches end at the start of a session and after five views', () => {
  expect(votes([[a, b]], [c, d, a])).toEqual([[b, 1]]);
  expect(votes([[f, e, d, c, b, a, g]], [f, e, d, c, b, a])).toEqual([[g, 8 ** 4]]);
  expect(votes([[d, c, b, a, g]], [f, e, d, c, b, a])).toEqual([[g, 8 ** 3]]);
});
