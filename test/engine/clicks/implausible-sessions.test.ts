import { describe, expect, it } from 'vitest';
import { leaveOutImplausible } from '../../../engine/clicks/implausible-sessions.ts';
import type { OrderedViews } from '../../../engine/clicks/order-views.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';

const DAY_MS = 86_400_000;

interface Visit {
  views: number;
  /** From the first view to the last. @default 60,000 for each after the first */
  lastsMs?: number;
}

/** Session s views the products 0, 1, 2, … and begins s minutes after the epoch. */
function ordered(visits: readonly Visit[], hasTime = true): OrderedViews {
  const start = visits.map((_, session) => session * 60_000);
  return {
    sessionNumbers: Int32Array.from(visits.flatMap(({ views }, session) => Array(views).fill(session))),
    productNumbers: Int32Array.from(visits.flatMap(({ views }) => Array.from({ length: views }, (_, i) => i))),
    sessionIds: visits.map((_, session) => `s${session}`),
    productIds: Array.from({ length: Math.max(...visits.map(({ views }) => views)) }, (_, i) => `p${i}`),
    startTimesMs: hasTime ? Float64Array.from(start) : undefined,
    endTimesMs: hasTime
      ? Float64Array.from(visits, ({ views, lastsMs = 60_000 * (views - 1) }, session) => start[session] + lastsMs)
      : undefined,
    tiedViews: 0,
    totals: { sessions: visits.length, products: 0 },
  };
}

const shoppers = (count: number): Visit[] => Array.from({ length: count }, (_, i) => ({ views: 2 + (i % 6) }));
const foundIn = (visits: readonly Visit[], hasTime = true) =>
  leaveOutImplausible(ordered(visits, hasTime)).leftOut.map(({ reason, sessions, views }) => ({
    reason,
    sessions,
    views,
  }));

describe('a session that no shopper can have made', () => {
  it.each([
    ['of 60,000 views among 2,400 sessions', shoppers(2_400), { views: 60_000 }, 'length'],
    ['of 2,200 views among 150', shoppers(150), { views: 2_200 }, 'length'],
    // The quartiles of 2…7 are 3 and 6: 6 · (6 / 3)³ = 48, and 50 are always allowed.
    ['of 51 views among 2,400 of up to 7', shoppers(2_400), { views: 51 }, 'length'],

    ['of 50 views in 20 seconds', shoppers(2_400), { views: 50, lastsMs: 20_000 }, 'pace'],
    ['over 3 days', shoppers(2_400), { views: 5, lastsMs: 3 * DAY_MS }, 'duration'],
  ])('is left out: %s', (_, others, visit, reason) => {
    expect(foundIn([...others, visit])).toEqual([{ reason, sessions: 1, views: visit.views }]);
  });

  it.each([
    ['of 50 views', { views: 50 }],
    ['of 29 views in a moment: a list that was logged at once', { views: 29, lastsMs: 0 }],
    ['over 2 days', { views: 5, lastsMs: 2 * DAY_MS }],
  ])('is not one %s', (_, visit) => {
    expect(foundIn([...shoppers(2_400), visit])).toEqual([]);
  });

  it('may be longer where lengths differ more: up to the outer fence of their logarithms, and 25 upper quartiles', () => {
    const lengthsOf = (lower: number, upper: number, longest: number) =>
      [...Array(200).fill(lower), ...Array(200).fill(upper), longest].map((views) => ({
        views,
      }));
    // 10 · (10 / 4)³ = 156.25, and 20 · min((20 / 4)³, 25) = 500.
    expect(foundIn(lengthsOf(4, 10, 156))).toEqual([]);
    expect(foundIn(lengthsOf(4, 10, 157))).toMatchObject([{ reason: 'length' }]);
    expect(foundIn(lengthsOf(4, 20, 500))).toEqual([]);
    expect(foundIn(lengthsOf(4, 20, 501))).toMatchObject([{ reason: 'length' }]);
  });

  it('is left out where it would have more than a tenth of all views, though others are long, too', () => {
    const others = [...Array(30).fill(2), ...Array(30).fill(10)].map((views) => ({ views }));
    // Of 470 views.
    expect(foundIn([...others, { views: 52 }])).toMatchObject([{ reason: 'share', views: 52 }]);
    expect(foundIn([...others, ...others, { views: 52 }])).toEqual([]);
  });

  it('is told by its length even if there are twenty in 150', () => {
    const crawlers = Array.from({ length: 20 }, (_, i) => ({ views: 200 + i }));
    expect(foundIn([...shoppers(150), ...crawlers], false)).toEqual([
      { reason: 'length', sessions: 20, views: 20 * 200 + 190 },
    ]);
  });

  it('takes nothing of the others with it, and their numbers close up', () => {
    const { ordered: kept } = leaveOutImplausible(ordered([{ views: 2 }, { views: 500 }, { views: 3 }, { views: 2 }]));
    expect(kept.sessionIds).toEqual(['s0', 's2', 's3']);
    expect([...kept.sessionNumbers]).toEqual([0, 0, 1, 1, 1, 2, 2]);
    expect([...kept.productNumbers]).toEqual([0, 1, 0, 1, 2, 0, 1]);
    expect([...kept.startTimesMs!]).toEqual([0, 120_000, 180_000]);
    expect([...kept.endTimesMs!]).toEqual([60_000, 240_000, 240_000]);
  });
});

describe('what most sessions do is plausible', () => {
  it('long histories of users, all of them', () => {
    const users = Array.from({ length: 50 }, (_, i) => ({ views: 3_000 + 10 * i, lastsMs: 40 * DAY_MS }));
    const { leftOut, notes } = leaveOutImplausible(ordered(users));
    expect(leftOut).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('50 of 50 sessions last more than 2 days')]);
    expect(notes[0]).toContain('--gap 30m');
  });

  it('views at the same moment, where the times are dates', () => {
    const visits = [...shoppers(200), { views: 45 }].map((visit) => ({ ...visit, lastsMs: 0 }));
    expect(foundIn(visits)).toEqual([]);
  });

  it('a clock that counts the views', () => {
    expect(foundIn([...shoppers(200), { views: 40 }].map(({ views }) => ({ views, lastsMs: views - 1 })))).toEqual([]);
  });

  it('a single session, and none', () => {
    expect(foundIn([{ views: 9_000 }])).toEqual([]);
    expect(foundIn([{ views: 9_000 }, { views: 20 }])).toEqual([]);
    expect(foundIn([])).toEqual([]);
  });

  it('sessions of small shops, whose lengths fall off as shoppers leave: fewer than one of a thousand is left out', () => {
    const random = seededRandom(1);
    let sessions = 0;
    let leftOut = 0;
    for (let shop = 0; shop < 300; shop++) {
      // The next view follows with probability .75 to .9: 5 to 11 views in the mean.
      const goesOn = 0.75 + 0.15 * random();
      const visits = Array.from({ length: 20 + (shop % 10) * 20 }, () => ({
        views: 2 + Math.floor(Math.log(1 - random()) / Math.log(goesOn)),
      }));
      sessions += visits.length;
      leftOut += foundIn(visits).reduce((sum, found) => sum + found.sessions, 0);
    }
    expect(leftOut / sessions).toBeLessThan(0.001);
  });
});
