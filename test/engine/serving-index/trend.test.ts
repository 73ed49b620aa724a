import { expect, test } from 'vitest';
import { countRecentViews, countTrend } from '../../../engine/serving-index/trend.ts';
import { corpusOf, weightedSessionsOf } from '../ranking/example-index.ts';

const [a, b, c] = [0, 1, 2];
const DAY_MS = 86_400_000;
const IDS = ['a', 'b', 'c'];
const shop = (sessions: number[][], days?: number[]) => ({
  ...corpusOf(IDS, [9, 9, 9], sessions),
  startTimesMs: days && Float64Array.from(days, (day) => day * DAY_MS),
});

test('a view counts half after each half-life, from the newest session on', () => {
  const trend = countTrend(
    shop(
      [
        [a, b],
        [a, c],
        [b, c],
      ],
      [0, 7, 21],
    ),
    7,
  )!;
  // Ages of 21, 14 and 0 days.
  expect([...trend]).toEqual([1 / 8 + 1 / 4, 1 / 8 + 1, 1 / 4 + 1].map(Math.fround));
});

test('the half-life decides between often and of late', () => {
  const sessions = [...Array.from({ length: 8 }, () => [a, b]), [c, b]];
  const days = [0, 0, 0, 0, 0, 0, 0, 0, 10];
  const isOfLate = (halfLifeDays: number) => {
    const trend = countTrend(shop(sessions, days), halfLifeDays)!;
    return trend[c] > trend[a];
  };
  // 8 · 2^(−10 / h) = 1 at h = 10/3.
  expect([3.3, 3.4].map(isOfLate)).toEqual([true, false]);
});

test('events count by their weights, and of a session only what is heard', () => {
  const sessions = weightedSessionsOf([
    [
      [a, 1],
      [b, 1],
      [b, 5],
      [b, 3],
    ],
  ]);
  const trend = countTrend({ ...shop([[a, b, b, b]], [0]), weights: sessions.weights }, 7)!;
  expect([...trend]).toEqual([1, 1 + 5, 0]);
});

test('one session that is dated far ahead makes all else no older', () => {
  const sessions = Array.from({ length: 2_000 }, (_, s) => (s === 1_999 ? [b, c] : [a, b]));
  const days = sessions.map((_, s) => (s === 1_999 ? 10_000 : 1));
  const trend = countTrend(shop(sessions, days), 7)!;
  expect([...trend]).toEqual([1_999, 2_000, 1]);
});

test('without times the order of the sessions says what is recent', () => {
  const sessions = Array.from({ length: 40 }, (_, s) => (s < 38 ? [a, b] : [c, b]));
  expect(countTrend(shop(sessions), 7)).toBeUndefined();
  const recent = countRecentViews(shop(sessions));
  // A twentieth of 40 sessions is the half-life: two sessions.
  expect(recent[c]).toBeCloseTo(2 ** (-1 / 2) + 1, 6);
  expect(recent[a]).toBeCloseTo(
    Array.from({ length: 38 }, (_, s) => 2 ** (-(39 - s) / 2)).reduce((x, y) => x + y),
    5,
  );
});
