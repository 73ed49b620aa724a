import { expect, it } from 'vitest';
import { subjectLine } from '../../../lambdas/shared/notification.ts';

// Line breaks, control characters and 100 characters or more are refused: see `Subject` in the SNS API reference.
it.each([
  ['catalogue/feeds/full/Größen.csv refused', 'catalogue/feeds/full/Größen.csv refused'],
  ['a\nb\r\n\u0000c\u0085d failed\n', 'a b c d failed'],
  ['x'.repeat(120), 'x'.repeat(99)],
  [`${'x'.repeat(98)}🙂 failed`, 'x'.repeat(98)],
  [`${'x'.repeat(97)}🙂 failed`, `${'x'.repeat(97)}🙂`],
])('the subject of %j is %j', (text, subject) => {
  expect(subjectLine(text)).toBe(subject);
});
