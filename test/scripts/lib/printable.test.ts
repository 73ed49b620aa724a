import { expect, test } from 'vitest';
import { oneLine, printable } from '../../../scripts/lib/printable.ts';

test('what moves a cursor, changes colours or turns text round is left out; letters and lines stay', () => {
  expect(printable('a\u001b[31mb\r\u0000\u202ec\uFFFD\n\td é 中 ≥')).toBe('a[31mbc\n\td é 中 ≥');
});

test('a text becomes one line of so many characters', () => {
  expect(oneLine(' a\n  b\tc ', 10)).toBe('a b c');
  expect(oneLine('中'.repeat(11), 10)).toBe(`${'中'.repeat(10)}…`);
  expect(oneLine('x'.repeat(10), 10)).toBe('x'.repeat(10));
});
