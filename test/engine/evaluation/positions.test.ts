import { describe, expect, test } from 'vitest';
import { positionsOf, spread } from '../../../engine/evaluation/positions.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { sessionsOf } from '../ranking/example-index.ts';

const TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

test('a part of a list is spread evenly over it, in its order', () => {
  expect(spread(TEN, 5)).toEqual([1, 3, 5, 7, 9]);
  expect(spread(TEN, 1)).toEqual([9]);
  expect(spread(TEN, 0)).toEqual([]);
});

test('a list that is no longer is whole', () => {
  expect(spread(TEN, 10)).toEqual(TEN);
  expect(spread(TEN, 11)).toEqual(TEN);
  expect(spread([], 3)).toEqual([]);
});

test('a part of a list is exactly as long as asked, and its gaps differ by one at most', () => {
  for (let length = 1; length <= 400; length++) {
    const list = Array.from({ length }, (_, n) => n);
    for (const most of [1, 7, 49, 99, 250]) {
      const part = spread(list, most);
      expect(part, `${most} of ${length}`).toHaveLength(Math.min(most, length));
      const gaps = part.slice(1).map((n, i) => n - part[i]);
      if (gaps.length > 0) expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
    }
  }
  const long = Array.from({ length: 4_000 }, (_, n) => n);
  const taken = new Set(long.slice(1_000).map((length) => spread(long.slice(0, length), 1_000).length));
  expect([...taken]).toEqual([1_000]);
});

describe('a limit of positions', () => {
  /** Of 1 to 9 questions, and one session of none in six. */
  const random = seededRandom(5);
  const lengths = Array.from({ length: 1_200 }, () => 2 + Math.floor(9 * random() ** 3));
  const sessions = sessionsOf(lengths.map((length, s) => Array<number>(s % 6 === 0 ? 1 : length).fill(0)));
  const all = [...positionsOf(sessions, Number.POSITIVE_INFINITY)];

  test('is met to the one', () => {
    for (const limit of [0, 1, 2, 10, 99, 100, 101, 800, 801, all.length - 1, all.length, all.length + 1]) {
      expect([...positionsOf(sessions, limit)], `${limit}`).toHaveLength(Math.min(limit, all.length));
    }
  });

  test('is spread over time, and takes nearly all of a session', () => {
    const asked = [...positionsOf(sessions, 800)];
    const tenths = Array<number>(10).fill(0);
    for (const { session } of asked) tenths[Math.floor(session / 120)]++;
    for (const count of tenths) expect(Math.abs(count - 80)).toBeLessThan(25);
    const chosen = new Set(asked.map(({ session }) => session));
    expect(asked.length).toBeGreaterThan(0.95 * all.filter(({ session }) => chosen.has(session)).length);
  });

  test('takes long sessions no more often than short ones', () => {
    const chosen = [...new Set([...positionsOf(sessions, 800)].map(({ session }) => session))];
    const meanOf = (some: number[]) => some.reduce((sum, session) => sum + lengths[session], 0) / some.length;
    const every = [...new Set(all.map(({ session }) => session))];
    expect(Math.abs(meanOf(chosen) - meanOf(every))).toBeLessThan(0.4);
  });

  test('chooses the same where only some of the sessions are gone through', () => {
    const asked = [...positionsOf(sessions, 800)];
    const parts = [0, 400, 800].flatMap((from) => [...positionsOf(sessions, 800, from, from + 400)]);
    expect(parts).toEqual(asked);
  });
});

describe('one session, one voice', () => {
  const asked = (quartile: number, longest: number) => {
    const short = Array.from({ length: 30 }, () => Array<number>(quartile + 1).fill(0));
    const long = Array<number>(longest + 1).fill(0);
    return [...positionsOf(sessionsOf([...short, long]), Number.POSITIVE_INFINITY)].filter(
      ({ session }) => session === 30,
    );
  };

  test('of a long session three upper quartiles are asked', () => {
    expect(asked(5, 100)).toHaveLength(15);
    expect(asked(5, 14)).toHaveLength(14);
  });

  test('and ten in any case: where most sessions have one question, one of ten is not cut', () => {
    expect(asked(1, 10)).toHaveLength(10);
    expect(asked(1, 100)).toHaveLength(10);
    expect(asked(3, 100)).toHaveLength(10);
    expect(asked(4, 100)).toHaveLength(12);
  });
});
