import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../engine/clicks/source-format.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('detectFormat goes by the content', () => {
  it.each([
    ['s;p\n', 'csv'],
    ['\xef\xbb\xbf{"s":1}', 'jsonl'],
    [' \n{"s":1}', 'jsonl'],
    ['PAR1....', 'parquet'],
    ['\n [{"s":1}]', 'json-array'],
    ['{\n "s": 1\n}\n', 'json'],
    ['{"s": {\n', 'jsonl'],
    ['[note],s,p\n', 'csv'],
  ])('%j is %s', (start, format) => {
    expect(detectFormat(bytes(start), 'clicks')).toBe(format);
  });

  it.each([
    ['blank lines', ' \n\r\n', ['clicks.dat is empty']],
    ['a byte order mark alone', '\xef\xbb\xbf', ['clicks.dat is empty']],
    ['an empty file', '', ['clicks.dat is empty', 'Export it again']],
    ['a zip archive or a workbook', 'PK\x03\x04...', ['zip archive', '.xlsx', 'Allowed are CSV', 'unzip it']],
    ['bzip2', 'BZh91AY&SY', ['compressed with bzip2', 'bunzip2 it']],
  ])('%s is refused with the fix', (_, start, parts) => {
    for (const part of parts) expect(() => detectFormat(bytes(start), 'clicks.dat')).toThrow(part);
  });
});
