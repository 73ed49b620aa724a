import { expect, test } from 'vitest';
import { guessHeader, layoutOfNames } from '../../../engine/clicks/csv-header.ts';

const guess = (...lines: string[]) => guessHeader(Buffer.from(lines.join('\n')), undefined);
test.each([
  ['is the first line', ['a;b;c', '1;2;3', '4;5;6'], ';', 3],
  ['has a cell fewer than numbered rows', ['a,b', '0,1,2', '1,3,4'], ',', 2],
  ['follows a title and a date range', ['Views', 'From,2026-03-01', '', 'a\tb\tc', '1\t2\t3'], '\t', 3],
  ['follows lines with a few of its delimiters', ['Report,Views', 'a,b,c,d', '1,2,3,4'], ',', 4],
  ['follows a title with a comma', ['Views, October 2026', 'a,b,c', 'x,y,1', 'x,z,2'], ',', 3],
  ["follows a spreadsheet's sep=;", ['sep=;', 'a;b;c', 'x;y;2', 'x;y;2'], ';', 3],
  ["follows a spreadsheet's sep=; that was saved again", ['"sep=";;', 'a;b;c', 'x;y;2', 'x;y;2'], ';', 3],
  ['is the first line, whatever stands in its cells', ['a\tb', 'x,1,2\ty', 'x,3,4\ty'], '\t', 2],
  ['stands alone', ['a|b'], '|', 2],
])('the header %s', (_, lines, delimiter, cells) => {
  expect(guess(...lines)).toEqual({ delimiter, cells });
});

test('text without a delimiter has no header', () => {
  expect(guess('<html>', '<body>Sign in</body>')).toBeUndefined();
});

test.each([
  ['comments', '#Version: 1.0\n#Fields: a b\n'],
  ['a title', 'Views of October\n\n'],
  ['a dump', '--\n-- of a database\nCREATE TABLE t (a int, b int);\n'],
])('names are of the first row after %s', (_, before) => {
  const file = { start: Buffer.from(`${before}1\t2\n3\t4\n`), isWhole: true, name: 'a.txt' };
  const skipLines = before.split('\n').length - 1;
  expect(layoutOfNames(file, ['a', 'b'], undefined)).toMatchObject({ delimiter: '\t', skipLines, hasHeader: false });
});

test('a row of a cell too few is the first row, and not a line before it', () => {
  const file = { start: Buffer.from('1\t2\n3\t4\t5\n'), isWhole: true, name: 'a.txt' };
  expect(() => layoutOfNames(file, ['a', 'b', 'c'], undefined)).toThrow('its first row has 2 cells');
});

test.each([
  ['UTF-16 whose bytes stand the other way round', 'ⰀⰀ㄀Ⰰ㈀ਈ'],
  ['Japanese', '商品番号'],
])('%s is not told to be no UTF-16', (_, text) => {
  const file = { start: Buffer.from(text), isWhole: true, name: 'a.csv' };
  expect(() => layoutOfNames(file, ['a', 'b'], undefined)).toThrow('its first row has 1 cells');
});
