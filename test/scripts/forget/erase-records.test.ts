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

  it.each([',', ';', '\t', '|'])(
    'GIVEN no header and no word on the delimiter THEN it is told by the cells (%j)',
    (delimiter) => {
      const rows = ['A', 'B', 'A'].map((product, i) => `${product}${delimiter}${i}${delimiter}v${i % 2}\n`);
      const erased = erase(rows.join(''), 's', ['v1'], { names: ['p', 'o', 's'] });
      expect(textOf(erased)).toBe(rows[0] + rows[2]);
    },
  );

  // What `ingest` makes of such a file: a row a line but for the cell that has one, and the quote is text.
  it.each(['TV 32"', 'E"x"y', '"C ""x"""', ' "D"', '"a;\r\nb"', '""', '"a" b'])(
    'GIVEN a cell %j among others THEN the rows around it are told apart',
    (cell) => {
      const rows = [`1;${cell};a\r\n`, '2;B;b\r\n', `3;${cell};a\r\n`, '4;C;c\r\n'];
      const erased = (id: string) => textOf(erase(`s;p;visit\r\n${rows.join('')}`, 'visit', [id]));
      expect(erased('b')).toBe(`s;p;visit\r\n${rows[0]}${rows[2]}${rows[3]}`);
      expect(erased('a')).toBe(`s;p;visit\r\n${rows[1]}${rows[3]}`);
    },
  );

  it('GIVEN ids of JSON that are numbers THEN they are taken to the last digit', () => {
    const lines = ['{"visit":9007199254740993}\n', '{"visit":9007199254740992}\n', '{"visit":1207.0}\n'];
    const erased = (id: string) => textOf(erase(lines.join(''), 'visit', [id]));
    expect(erased('9007199254740993')).toBe(lines[1] + lines[2]);
    expect(erased('9007199254740992')).toBe(lines[0] + lines[2]);
    expect(erased('1207.0')).toBe(lines[0] + lines[1]);
    expect(erased('1207')).toBe(lines[0] + lines[1]);
  });

  it('GIVEN JSON Lines with a byte order mark, in any encoding THEN they go', () => {
    const text = '\ufeff{"visit":"Ω"}\n{"visit":"ü"}\n{"visit":"b"}\n';
    expect(textOf(erase(text, 'visit', ['ü']))).toBe('\ufeff{"visit":"Ω"}\n{"visit":"b"}\n');
    const wide = erase(Buffer.from(text, 'utf16le'), 'visit', ['Ω'], { encoding: 'utf-16' });
    expect(Buffer.from(wide.bytes).toString('utf16le')).toBe('\ufeff{"visit":"ü"}\n{"visit":"b"}\n');
    const latin = Buffer.from('{"visit":"ü"}\n{"visit":"b"}\n', 'latin1');
    expect(textOf(erase(latin, 'visit', ['ü'], { encoding: 'latin-1' }))).toBe('{"visit":"b"}\n');
  });
});

it('GIVEN a file without a header whose cells nothing known parts THEN it is refused by name', () => {
  expect(() => erase('A^a\nB^b\n', 's', ['a'], { names: ['p', 's'] })).toThrow(
    /first row of raw\/clicks has not 2 cells/,
  );
  expect(erase('', 's', ['a'], { names: ['p', 's'] })).toMatchObject({ count: 0 });
});

it('a file without the column is refused by name: it may hold the visitor', () => {
  expect(() => erase('x,y\n1,2\n', 'visit', ['1'])).toThrow(/raw\/clicks has no column "visit"/);
});

it('a file that cannot be unpacked is refused by name, too', () => {
  const cut = gzipSync(Buffer.from('s,p\na,A\n')).subarray(0, 12);
  expect(() => erase(cut, 's', ['a'])).toThrow(/^raw\/clicks cannot be unpacked \(unexpected end of file\)/);
});
