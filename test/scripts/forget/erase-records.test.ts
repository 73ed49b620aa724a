import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { eraseRecords, type TextReading } from '../../../scripts/forget/erase-records.ts';

const READING: TextReading = { delimiter: undefined, encoding: 'utf-8', names: undefined };
const erase = (text: string | Uint8Array, column: string, ids: string[], reading: Partial<TextReading> = {}) => {
  const file = typeof text === 'string' ? Buffer.from(text) : text;
  return eraseRecords(file, 'raw/clicks', { column, ids }, { ...READING, ...reading });
};
const textOf = (erased: { bytes: Uint8Array }) => Buffer.from(erased.bytes).toString();

describe("a visitor's records", () => {
  it('go from a table; every other byte stays', () => {
    const erased = erase('visit;sku\r\n7;A\r\n17;B\r\n"7";C\r\n8;"a ""7"";\r\n7;x"\r\n7;D', 'visit', ['7']);
    expect(textOf(erased)).toBe('visit;sku\r\n17;B\r\n8;"a ""7"";\r\n7;x"\r\n');
    expect(erased.count).toBe(3);
  });

  it('are told by their column alone: a product or a part of an id may look the same', () => {
    const erased = erase('visit,sku\n1,7\n70,7\n', 'visit', ['7']);
    expect(erased).toMatchObject({ count: 0 });
    expect(textOf(erased)).toBe('visit,sku\n1,7\n70,7\n');
  });

  it('go from JSON Lines, also by a path', () => {
    const lines = '{"user":{"id":"ü1"},"sku":"A"}\n{"user":{"id":"u2"},"sku":"ü1"}\nno json\n{"sku":"B"}\n';
    const erased = erase(lines, 'user.id', ['ü1']);
    expect(textOf(erased)).toBe('{"user":{"id":"u2"},"sku":"ü1"}\nno json\n{"sku":"B"}\n');
    expect(erase('{"visit":7}\n{"visit":8}\n', 'visit', ['7', '8'])).toMatchObject({ count: 2 });
  });

  it.each([
    ['gzip', gzipSync, gunzipSync],
    ['zstd', zstdCompressSync, zstdDecompressSync],
  ] as const)('go from a file that is packed with %s', (_, pack, unpack) => {
    const erased = erase(pack(Buffer.from('s\tp\na\tA\nb\tB\n')), 's', ['a']);
    expect(unpack(erased.bytes).toString()).toBe('s\tp\nb\tB\n');
  });

  it('go in the encoding of the file', () => {
    const latin = Buffer.from('séance,p\nà,A\nb,ß\n', 'latin1');
    expect(Buffer.from(erase(latin, 'séance', ['à'], { encoding: 'latin-1' }).bytes).toString('latin1')).toBe(
      'séance,p\nb,ß\n',
    );
    const wide = Buffer.from('\ufeffséance,p\nà,A\nb,ß\n', 'utf16le');
    expect(Buffer.from(erase(wide, 'séance', ['à'], { encoding: 'utf-16' }).bytes).toString('utf16le')).toBe(
      '\ufeffséance,p\nb,ß\n',
    );
    expect(textOf(erase('\ufeffséance,p\nà,A\nb,ß\n', 'séance', ['à']))).toBe('\ufeffséance,p\nb,ß\n');
  });

  it('go from a file without a header', () => {
    expect(textOf(erase('a,A\nb,B\n', 's', ['a'], { names: ['s', 'p'], delimiter: ',' }))).toBe('b,B\n');
  });
});

it('a file without the column is refused by name: it may hold the visitor', () => {
  expect(() => erase('x,y\n1,2\n', 'visit', ['1'])).toThrow(/raw\/clicks has no column "visit"/);
});

it('a file that cannot be unpacked is refused by name, too', () => {
  const cut = gzipSync(Buffer.from('s,p\na,A\n')).subarray(0, 12);
  expect(() => erase(cut, 's', ['a'])).toThrow(/^raw\/clicks cannot be unpacked \(unexpected end of file\)/);
});
