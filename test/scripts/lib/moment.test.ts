import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { momentMs } from '../../../scripts/lib/moment.ts';

// Far from UTC, where a local time would show.
beforeEach(() => {
  vi.stubEnv('TZ', 'Pacific/Auckland');
});
afterEach(() => vi.unstubAllEnvs());

test.each([
  ['2026-12-01', '2026-12-01T00:00:00.000Z'],
  ['2026-12-01T08:00', '2026-12-01T08:00:00.000Z'],
  ['2026-12-01 08:00:30', '2026-12-01T08:00:30.000Z'],
  ['2026-12-01T08:00:30.25Z', '2026-12-01T08:00:30.250Z'],
  ['2026-12-01T08:00+01:00', '2026-12-01T07:00:00.000Z'],
  ['2026-12-01T08:00-0330', '2026-12-01T11:30:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(new Date(momentMs(text)).toISOString()).toBe(expected);
});

test.each([
  '12',
  '0',
  '01/02/2026',
  '2026-12',
  '2026-12-01T8:00',
  '2026-13-01',
  '2026-02-30',
  '2026-12-01T25:00',
  'now',
])('%s is refused', (text) => {
  expect(() => momentMs(text)).toThrow('Give a time such as 2026-12-01 or 2026-12-01T08:00Z');
});
