import { expect, test } from 'vitest';
import { guessHeader, layoutOfNames } from '../../../engine/clicks/csv-header.ts';

const guess = (...lines: string[]) => guessHeader(Buffer.from(lines.join('\n')), undefined);
test.each([
  ['is the first line', ['a;b;c', '1;2;3', '4;5;6'], ';', 3],
  ['has a cell fewer than numbered rows', ['a,b', '0,1,2', '1,3,4'], ',', 2],
  ['follows a title and a date range', ['Views', 'From,2026-03-01', '', 'a\tb\tc', '1\t2\t3'], '\t', 3],
  ['follows lines with a few of its delimiters', ['Report,Views', 'a,b,c,d', '1,2,3,4'], ',', 4],
  ['is the first line, whatever stands in its cells', ['a\tb', 'x,1,2\ty', 'x,3,4\ty'], '\t', 2],
  ['stands alone', ['a|b'], '|', 2],
])('the header %s', (_, lines, delimiter, cells) => {
  expect(guess(...lines)).toEqual({ delimiter, cells });
});

test('text without a delimiter has no header', () => {
  expect(guess('<html>', '<body>Sign in</body>')).toBeUndefined();
});

test.each([
  ['UTF-16 whose bytes stand the other way round', 'ⰀⰀ㄀Ⰰ㈀ਈ'],
  ['Japanese', '商品番号'],
])('%s is not told to be no UTF-16', (_, text) => {
  const file = { start: Buffer.from(text), isWhole: true, name: 'a.csv' };
  expect(() => layoutOfNames(file, ['a', 'b'], undefined)).toThrow('its first line has 1 cells');
});
