import { expect, test } from 'vitest';
import { faultOfSchedule } from '../../infra/schedule-expression.ts';

test.each([
  'rate(1 day)',
  'rate(7 days)',
  'rate(1 minute)',
  'rate(36 hours)',
  'cron(0 3 ? * MON *)',
  'cron(0 3 * * ? *)',
  'cron(15 10 ? * 6L 2026-2030)',
  'cron(0/15 8-18 ? * MON-FRI *)',
  'cron(30 0 L-3 * ? *)',
  'cron(30 0 15W 1,4,7,10 ? *)',
  'cron(0 8 ? JAN-MAR 2#1 *)',
])('%s is a schedule', (text) => {
  expect(faultOfSchedule(text)).toBeUndefined();
});

test.each([
  ['daily', 'cron(…), rate(…) or off'],
  ['rate(1 days)', 'rate(1 day): one is singular'],
  ['rate(2 day)', 'rate(2 days): one is singular'],
  ['rate(0 days)', 'NUMBER UNIT'],
  ['rate(1 week)', 'minutes, hours or days'],
  ['rate()', 'NUMBER UNIT'],
  ['cron(0 3 * * MON *)', '? as day of the month or as day of the week'],
  ['cron(0 3 ? * ? *)', 'and not as both'],
  ['cron(0 3 ? * MON)', 'it has 5'],
  ['cron(60 3 ? * MON *)', 'another minutes than "60"'],
  ['cron(0 24 ? * MON *)', 'another hours than "24"'],
  ['cron(0 3 32 * ? *)', 'another day of the month than "32"'],
  ['cron(0 3 ? 13 MON *)', 'another month than "13"'],
  ['cron(0 3 ? * MONDAY *)', 'another day of the week than "MONDAY"'],
  ['cron(0 3 ? * 0 *)', 'another day of the week than "0"'],
  ['cron(0 3 ? * MON 1969)', 'another year than "1969"'],
  ['at(2026-11-26T03:00:00)', 'cron(…), rate(…) or off'],
])('%s is none, and the fault says how to write it', (text, fault) => {
  expect(faultOfSchedule(text)).toContain(fault);
});
