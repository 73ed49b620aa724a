import { describe, expect, test } from 'vitest';
import { endOf, instantOf, isLocalTime, isTimeZone } from '../../../engine/rules/local-time.ts';

describe('a local time is an instant', () => {
  test.each([
    ['2026-11-27', 'UTC', '2026-11-27T00:00:00.000Z'],
    ['2026-11-27', 'Europe/Berlin', '2026-11-26T23:00:00.000Z'],
    ['2026-07-01T08:30', 'Europe/Berlin', '2026-07-01T06:30:00.000Z'],
    ['2026-07-01T08:30:15', 'America/New_York', '2026-07-01T12:30:15.000Z'],
    ['2026-07-01T08:30', 'Asia/Kathmandu', '2026-07-01T02:45:00.000Z'],
    // Clocks go from 2:00 to 3:00 on 29 March: 2:30 is never shown, and from 3:00 back to 2:00 on 25 October: twice.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    // Midnight is skipped: clocks go from 0:00 to 1:00.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ])('%s in %s is %s', (local, timeZone, expected) => {
    expect(new Date(instantOf(local, timeZone)).toISOString()).toBe(expected);
  });

  test('a day ends when the next begins, also a short one', () => {
    expect(new Date(endOf('2026-03-29', 'Europe/Berlin')).toISOString()).toBe('2026-03-29T22:00:00.000Z');
    expect(endOf('2026-12-31', 'UTC')).toBe(Date.UTC(2027, 0, 1));
    expect(endOf('2026-12-31T12:00', 'UTC')).toBe(Date.UTC(2026, 11, 31, 12));
  });
});

test.each([
  ['2026-11-27', true],
  ['2026-11-27T08:00', true],
  ['2028-02-29', true],
  ['2026-02-29', false],
  ['2026-11-31T08:00', false],
  ['2026-11-27T24:00', false],
  ['2026-11-27T08:00Z', false],
  ['27.11.2026', false],
  ['tomorrow', false],
])('%s is a local time: %s', (text, expected) => {
  expect(isLocalTime(text)).toBe(expected);
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Berlin', false],
  ['', false],
])('%j is a time zone: %s', (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});
