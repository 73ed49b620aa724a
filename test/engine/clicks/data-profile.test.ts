import { expect, test } from 'vitest';
import { dataProfileSchema, profileOf } from '../../../engine/clicks/data-profile.ts';

const DAY = 86_400_000;

/** Sessions of 1, 3 and 3 views on 1, 1 and 4 January 2026. */
const corpus = {
  productIds: ['a', 'b', 'c'],
  viewCounts: Uint32Array.of(4, 2, 1),
  offsets: Uint32Array.of(0, 1, 4, 7),
  startTimesMs: Float64Array.of(0, 5_000, 3 * DAY).map((ms) => Date.parse('2026-01-01') + ms),
};

test('counts sessions by length, with the lengths that none has', () => {
  expect(profileOf(corpus, undefined).sessionLengths).toEqual([
    { views: 1, sessions: 1 },
    { views: 2, sessions: 0 },
    { views: 3, sessions: 2 },
  ]);
});

test('the last length holds all longer sessions', () => {
  const { sessionLengths } = profileOf({ ...corpus, offsets: Uint32Array.of(0, 500, 530, 531) }, undefined);
  expect(sessionLengths.at(-1)).toEqual({ views: 30, sessions: 2 });
  expect(sessionLengths).toHaveLength(30);
});

test('adds up the shares of the most viewed', () => {
  expect(profileOf(corpus, undefined).popularity).toEqual([
    { products: 1, share: 4 / 7 },
    { products: 2, share: 6 / 7 },
    { products: 3, share: 1 },
  ]);
  const many = profileOf({ ...corpus, viewCounts: new Uint32Array(100_000).fill(1) }, undefined).popularity;
  expect(many.length).toBeLessThan(60);
  expect(many.at(-1)).toEqual({ products: 100_000, share: 1 });
});

test('counts views a day, and leaves no day out', () => {
  expect(profileOf(corpus, undefined).views).toEqual({
    unit: 'day',
    periods: [
      { from: '2026-01-01', sessions: 2, views: 4 },
      { from: '2026-01-02', sessions: 0, views: 0 },
      { from: '2026-01-03', sessions: 0, views: 0 },
      { from: '2026-01-04', sessions: 1, views: 3 },
    ],
  });
  expect(profileOf({ ...corpus, startTimesMs: undefined }, undefined).views).toBeNull();
});

test.each([
  [399, 'day'],
  [401, 'week'],
  [2_801, '30 days'],
  [20_000, '30 days'],
])('a clickstream of %d days is cut into pieces of a %s, never more than 400', (days, unit) => {
  const startTimesMs = Float64Array.of(0, 1, days * DAY).map((ms) => Date.parse('1990-01-01') + ms);
  const views = profileOf({ ...corpus, startTimesMs }, undefined).views!;
  expect(views.unit).toBe(unit);
  expect(views.periods.length).toBeLessThanOrEqual(400);
  expect(views.periods.at(-1)!.views).toBe(3);
});

test('names what is new and what is gone, most viewed first', () => {
  const profile = profileOf(corpus, { runId: 'before', productIds: ['x', 'b', 'y'] });
  expect(profile.sinceLive).toEqual({
    runId: 'before',
    newProducts: 2,
    goneProducts: 2,
    newExamples: ['a', 'c'],
    goneExamples: ['x', 'y'],
  });
  expect(dataProfileSchema.parse(profile)).toEqual(profile);
});
