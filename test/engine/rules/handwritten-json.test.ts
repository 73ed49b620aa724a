import { describe, expect, it } from 'vitest';
import { readHandwrittenJson } from '../../../engine/rules/handwritten-json.ts';

const read = (text: string) => readHandwrittenJson(text, 'rules.json');

describe('JSON that a person wrote', () => {
  it.each([
    '{}',
    ' [1, -0.5, 1e3, 0, true, false, null, "", "\\u00e9\\n\\"\\\\", {"a": {"a": []}}] ',
    '{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}\r\n',
    '"text"',
    JSON.stringify({ 'ключ “x”': ['a/b', '🙂', '\u2028'] }),
  ])('GIVEN %j THEN it is what JSON.parse reads', (text) => {
    expect(read(text)).toEqual({ value: JSON.parse(text), repeated: [] });
  });

  it.each([
    [
      '{\n "a": 1,\n}',
      'line 3, column 1: found "}"; allowed is a name in double quotes. Take the comma before it away.',
    ],
    [
      '[1, 2,\r\n ]',
      'line 2, column 2: found "]"; allowed is text in double quotes, a number, true, false, an object or a list. Take the comma before it away.',
    ],
    [
      '{\n // ours\n "a": 1}',
      'line 2, column 2: found "// ours"; allowed is text in double quotes, a number, true, false, an object or a list. JSON has no comments: take it out, or say it in the "note" of a rule.',
    ],
    [
      '{"a": 1 /* one */}',
      'line 1, column 9: found "/* one */"; allowed is text in double quotes, a number, true, false, an object or a list. JSON has no comments: take it out, or say it in the "note" of a rule.',
    ],
    [
      '{“a”: 1}',
      'line 1, column 2: found "“a”"; allowed is text in double quotes, a number, true, false, an object or a list. Quotes are straight double ones: ".',
    ],
    [
      `{'a': 1}`,
      `line 1, column 2: found "'a'"; allowed is text in double quotes, a number, true, false, an object or a list. Quotes are straight double ones: ".`,
    ],
    [
      '{a: 1}',
      'line 1, column 2: found "a"; allowed is text in double quotes, a number, true, false, an object or a list.',
    ],
    [
      '[{"a": 1}\n{"a": 2}]',
      'line 2, column 1: found "{"; allowed is a comma, or the end of the object or the list. Is a comma missing before it?',
    ],
    [
      '{"a": 1\r"b": 2}',
      'line 2, column 1: found "\\"b\\""; allowed is a comma, or the end of the object or the list. Is a comma missing before it?',
    ],
    ['{"a" 1}', 'line 1, column 6: found "1"; allowed is a colon.'],
    [
      '{"a": True}',
      'line 1, column 7: found "True"; allowed is text in double quotes, a number, true, false, an object or a list.',
    ],
    ['{"a": "b\n"}', 'line 1, column 7: found "\\"b"; allowed is text that ends with a double quote on its line.'],
    [
      '{"a": "C:\\x"}',
      'line 1, column 7: found "\\"C:\\\\x\\""; allowed is a backslash only before n, t, u and the like, or before a backslash or a double quote. Write a backslash twice.',
    ],
    ['{"a": [1', 'line 1, column 9: found the end of the file; allowed is the end of the list, a ].'],
    ['{}\n{}', 'line 2, column 1: found "{"; allowed is the end of the file.'],
    [
      '{\u00a0"a": 1}',
      'line 1, column 2: found "\u00a0"; allowed is text in double quotes, a number, true, false, an object or a list.',
    ],
    ['{"a": 01}', 'line 1, column 8: found "1"; allowed is a comma, or the end of the object or the list.'],
    ['', 'it is empty; a file without rules is {}.'],
    [' \r\n', 'it is empty; a file without rules is {}.'],
  ])('GIVEN %j THEN the mistake is named with its place and the fix', (text, said) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(() => read(text)).toThrow(`rules.json is not JSON: ${said}`);
  });

  it('GIVEN names that stand twice in one object THEN each is told with both lines', () => {
    expect(read('{"a": 1,\n"b": [{"c": 1, "c": 2}],\n"a": 2, "\\u0061": 3}')).toEqual({
      value: { a: 3, b: [{ c: 2 }] },
      repeated: [
        { path: ['b', 0, 'c'], lines: [2, 2] },
        { path: ['a'], lines: [1, 3] },
        { path: ['a'], lines: [3, 3] },
      ],
    });
  });

  it('GIVEN values in each other without an end THEN they are refused with a sentence', () => {
    expect(() => read('['.repeat(100_000))).toThrow('rules.json is not JSON: its values are nested too deeply.');
  });
});
