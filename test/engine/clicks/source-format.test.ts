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
    ['{"s":"}{"}{"s":2}', 'json'],
    ['{"s":{"t":1}} {"s":{"t":2}}\n', 'json'],
    ['{"s":"}{"}\n{"s":2}', 'jsonl'],
    ['[note],s,p\n', 'csv'],
    ['x^y^z\n1^2^3\n', 'csv'],
    ['ORCID,p\n1,2\n', 'csv'],
  ])('%j is %s', (start, format) => {
    expect(detectFormat(bytes(start), 'clicks')).toBe(format);
  });

  it.each([
    ['blank lines', ' \n\r\n', ['clicks.dat is empty']],
    ['a byte order mark alone', '\xef\xbb\xbf', ['clicks.dat is empty']],
    ['an empty file', '', ['clicks.dat is empty', 'Export it again']],
    ['a zip archive or a workbook', 'PK\x03\x04...', ['zip archive', '.xlsx', 'Allowed are CSV', 'unzip it']],
    ['bzip2', 'BZh91AY&SY', ['compressed with bzip2', 'bunzip2 it']],
    ['xz', '\xfd7zXZ\x00..', ['compressed with xz', 'unxz it']],
    ['a tar archive', `clicks.csv${'\0'.repeat(247)}ustar\x0000`, ['is a tar archive', 'tar -xf']],
    ['Avro', 'Obj\x01\x04\x14avro.codec', ['is an Avro file', 'Parquet or JSON Lines']],
    ['ORC', 'ORC\n\x03\x00', ['is an ORC file', 'Parquet']],
    ['an old workbook', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0', ['.xls', 'export the sheet as CSV']],
    ['SQLite', 'SQLite format 3\0', ['is a SQLite database', 'export the table as CSV']],
    ['zlib', 'x\x9c\x03\x00\x00', ['compressed with zlib', 'write it as gzip']],
    ['zlib that begins as a text', 'x^\x03\x00\x00', ['compressed with zlib']],
    ['arrays in an array', '[["s34", "p9", 1]', ['its rows are arrays without names', 'an object for each row']],
    ['a line of arrays', '["s34", "p9"]\n["s35", "p9"]\n', ['its rows are arrays without names']],
    ['commas at the ends of lines', '{"s":1},\n{"s":2},\n', ['a comma at the end of each line', "sed 's/,"]],
    ['a JSON text sequence', '\x1e{"s":1}\n', ['RFC 7464', "tr -d '\\036' < FILE > clicks.jsonl"]],
  ])('%s is refused with the fix', (_, start, parts) => {
    for (const part of parts) expect(() => detectFormat(bytes(start), 'clicks.dat')).toThrow(part);
  });
});
