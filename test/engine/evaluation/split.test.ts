import { expect, test } from 'vitest';
import { positionsOf, spreadOf } from '../../../engine/evaluation/positions.ts';
import { splitAt } from '../../../engine/evaluation/split.ts';
import { corpusOf, sessionsOf } from '../ranking/example-index.ts';

const [a, b, c, d] = [0, 1, 2, 3];
// Over all sessions c is the most viewed, over the first two it is b.
const corpus = corpusOf(
  ['a', 'b', 'c', 'd'],
  [9, 9, 9, 9],
  [
    [a, b, b],
    [b, c],
    [c, d, c],
    [c, d],
    [d, d, a],
  ],
);

test('the earlier sessions are numbered by their own views, immediate repeats counted once', () => {
  const { train } = splitAt(corpus, 2);
  expect(train.productIds).toEqual(['b', 'a', 'c']);
  expect([...train.viewCounts]).toEqual([2, 1, 1]);
  expect([...train.offsets]).toEqual([0, 3, 5]);
  expect([...train.views]).toEqual([1, 0, 0, 0, 2]);
  expect(train.sessionIds).toEqual(['session 0', 'session 1']);
});

test('the later sessions are in those numbers, without products that nobody had viewed', () => {
  const { later } = splitAt(corpus, 2);
  expect([...later.offsets]).toEqual([0, 2, 3, 4]);
  expect([...later.views]).toEqual([2, 2, 2, 1]);
});

test('every position with a view before it is asked, in order', () => {
  const asked = [...positionsOf(sessionsOf([[a, b, c], [d], [], [c, c]]), 100)];
  expect(asked).toEqual([
    { session: 0, viewed: [a], target: b, number: 0 },
    { session: 0, viewed: [a, b], target: c, number: 1 },
    { session: 3, viewed: [c], target: c, number: 2 },
  ]);
});

test('of some of the sessions, positions keep the numbers that they have among all', () => {
  const sessions = sessionsOf([[a, b, c], [d], [a, b], [c, c, a]]);
  const all = [...positionsOf(sessions, 100)];
  expect([...positionsOf(sessions, 100, 1, 4)]).toEqual(all.filter(({ session }) => session > 0));
});

test('single positions to learn from are spread evenly, over more sessions than as many of whole ones', () => {
  const sessions = sessionsOf(Array.from({ length: 100 }, () => [a, b, c, d, a]));
  const isLearnedFrom = spreadOf(sessions, 100);
  const learned = [...positionsOf(sessions, 1_000)].filter(isLearnedFrom);
  expect(learned).toHaveLength(100);
  expect(new Set(learned.map(({ session }) => session)).size).toBe(100);
  const everyOther = [...positionsOf(sessions, 1_000)].filter(spreadOf(sessions, 200));
  expect(new Set(everyOther.map(({ viewed }) => viewed.length))).toEqual(new Set([2, 4]));
  expect([...positionsOf(sessions, 1_000)].every(spreadOf(sessions, 400))).toBe(true);
  // 100 of 400 are chosen otherwise: of three others, one is to make it 200.
  expect([...positionsOf(sessions, 1_000)].filter(spreadOf(sessions, 200, 100))).toHaveLength(133);
  expect([...positionsOf(sessions, 1_000)].filter(spreadOf(sessions, 100, 200))).toEqual([]);
});

test('a limit takes whole sessions spread over time', () => {
  const sessions = sessionsOf(Array.from({ length: 100 }, () => [a, b]));
  const asked = [...positionsOf(sessions, 25)].map(({ session }) => session);
  expect(asked).toHaveLength(25);
  expect(asked[0]).toBeLessThan(4);
  expect(asked.at(-1)).toBeGreaterThan(95);
});

test('a session much longer than most is asked about at some positions, spread evenly over it', () => {
  // One question each, and 999: no more than ten of them are asked.
  const short = Array.from({ length: 20 }, () => [a, b]);
  const long = Array.from({ length: 1_000 }, (_, i) => i % 4);
  const asked = [...positionsOf(sessionsOf([...short, long]), 10_000)].filter(({ session }) => session === 20);
  expect(asked.map(({ viewed }) => viewed.length)).toEqual([1, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  expect(asked.every(({ viewed, target }) => target === long[viewed.length])).toBe(true);
});

test('sessions as long as most are asked about at every position', () => {
  const asked = [...positionsOf(sessionsOf(Array.from({ length: 3 }, () => Array(200).fill(a))), 10_000)];
  expect(asked).toHaveLength(3 * 199);
});
