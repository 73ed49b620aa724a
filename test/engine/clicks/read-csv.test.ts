import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ingestInFolder } from '../../support/ingest.ts';

const { ingest, refusal } = ingestInFolder();
const HEADER = 's;p;o\n';

describe('a file without rows is refused', () => {
  it.each([
    ['empty', '', ['is empty', 'Export it again']],
    ['a header alone', HEADER, ['there is a header ("s", "p", "o") but not one row']],
    ['a header without a line end', 's;p;o', ['there is a header ("s", "p", "o") but not one row']],
  ])('%s', async (_, content, parts) => {
    const message = await refusal(content);
    for (const part of ['clicks.csv', ...parts]) expect(message).toContain(part);
  });
});

describe('the delimiter', () => {
  it.each([
    ['comma', ','],
    ['semicolon', ';'],
    ['tab', '\t'],
    ['pipe', '|'],
  ])('is detected: %s', async (_, by) => {
    const { clicks } = await ingest(
      [['s', 'p', 'o'].join(by), ['1', 'A;,|', '2'].map((v) => `"${v}"`).join(by)].join('\n'),
    );
    expect(clicks).toEqual([{ s: '1', p: 'A;,|', o: 2n }]);
  });

  it('is detected when the header is quoted, as spreadsheets write it', async () => {
    expect((await ingest('"s";"p";"o"\n"1";"A";"2"\n')).clicks).toEqual([{ s: '1', p: 'A', o: 2n }]);
  });

  it('may stand inside a quoted name', async () => {
    const { clicks } = await ingest('"s,x";p;o\n1;A;2\n', { columns: { session: 's,x', product: 'p', order: 'o' } });
    expect(clicks).toEqual([{ 's,x': '1', p: 'A', o: 2n }]);
  });

  it('may be any other character when it is named', async () => {
    expect((await ingest('s^p^o\n1^A^2\n', { delimiter: '^' })).clicks).toEqual([{ s: '1', p: 'A', o: 2n }]);
  });

  it('that is wrong is answered with the one that fits', async () => {
    const message = await refusal(`${HEADER}1;A;1\n`, { delimiter: ',' });
    expect(message).toContain('has no column "s", "p", "o". Separated by ",", its header has "s;p;o"');
    expect(message).toContain('It is separated by ";"');
  });
});

describe('the header', () => {
  it('that lacks a column is shown', async () => {
    const message = await refusal('s;sku;o\n1;A;1\n');
    expect(message).toContain('has no column "p"');
    expect(message).toContain('its header has "s", "sku", "o"');
    expect(message).toContain('Name the columns');
  });

  it('may begin with a byte order mark', async () => {
    expect((await ingest(`\ufeff${HEADER}1;A;1\n`)).clicks).toEqual([{ s: '1', p: 'A', o: 1n }]);
  });

  it('may have names that need quoting, that are empty, or that span lines', async () => {
    const { clicks, rejected } = await ingest('"se""ss";"pro\'d";"o;r";;"a\nb"\n1;A;1;x;y\n;B;2;x;y\n', {
      columns: { session: 'se"ss', product: "pro'd", order: 'o;r' },
    });
    expect(clicks).toEqual([{ 'se"ss': '1', "pro'd": 'A', 'o;r': 1n, column3: 'x', 'a\nb': 'y' }]);
    expect(rejected).toMatchObject([{ line: 4n, column: 'se"ss', reason: 'has no id' }]);
  });

  it('may repeat a name or differ in case only; the named columns keep their names', async () => {
    const { clicks } = await ingest('S;s;p;o;x;X;x\nno;1;A;1;a;b;c\n');
    expect(clicks).toEqual([{ S_1: 'no', s: '1', p: 'A', o: 1n, x: 'a', X_1: 'b', x_2: 'c' }]);
  });

  it('whose quote does not close is refused', async () => {
    expect(await refusal('"s;p;o\n1;A;1\n')).toContain('header whose quotes (") do not close: "\\"s;p;o"');
  });

  it('that is not UTF-8 asks for the encoding', async () => {
    const message = await refusal(Buffer.from('s;p;o;gr\xfcn\n1;A;1;x\n', 'latin1'));
    expect(message).toContain('header that is not UTF-8');
    expect(message).toContain('encoding "latin-1"');
  });
});

describe('quotes', () => {
  it('keep doubled quotes, delimiters and line ends of a value', async () => {
    const { clicks } = await ingest(`${HEADER}1;"A ""x"" ;\n y";1\n1;"B\r\nC";2\n`);
    expect(clicks.map(({ p }) => p)).toEqual(['A "x" ;\n y', 'B\r\nC']);
  });

  it('inside an unquoted value are text', async () => {
    const { clicks } = await ingest(`${HEADER}1;5" screen;1\n1;B;2\n`);
    expect(clicks.map(({ p }) => p)).toEqual(['5" screen', 'B']);
  });

  it('that never close are refused with the line where they open: they would swallow the rest of the file', async () => {
    const message = await refusal(`${HEADER}1;A;1\n1;"B;2\n${'2;C;1\n'.repeat(100)}`);
    expect(message).toMatch(/clicks\.csv, line 3: a quote \("\) opens and does not close/);
    expect(message).toContain('100 following lines');
    expect(message).toContain('double it ("")');
  });

  it.each([
    ['', '\n', 'p', ''],
    ['behind a quote astray, where DuckDB reads, ', '\n', 'p', '1;5" screen;0\n'],
    ['with other line ends, ', '\r\n', 'p', ''],
    ['in another column, ', '\n', 'o', ''],
  ])(
    'of which each lost the other one are refused with the line where they open: %sthey would swallow the rows between',
    async (_, lineEnd, column, before) => {
      const open = column === 'p' ? ['2;"B;1', '2;C";2'] : ['2;B;"1', '2;C;2"'];
      const rows = [open[0], '2;X;1', '2;Y;1', '2;Z;1', open[1], '3;D;3'];
      const content = `${HEADER}1;A;1\n${before}${rows.join('\n')}\n`.replaceAll('\n', lineEnd);
      const line = before === '' ? 'line 3' : '(line 4|row 3)';
      expect(await refusal({ 'a.csv': `${HEADER}9;A;1\n`, 'clicks.csv': content })).toMatch(
        new RegExp(`clicks\\.csv, ${line}: a quote \\("\\) opens in the column "${column}" and closes 4 lines below`),
      );
    },
  );

  it.each([
    ['two lines, as rows have them', 'Paris;France;1\nRome;Italy'],
    ['lines of prose', 'It is; as they say; good\nand cheap\nand here; for you\nat once'],
    ['a list of other width', 'a;b\nc;d\ne;f\ng;h'],
  ])('hold text of several lines: %s', async (_, text) => {
    const { clicks } = await ingest(`${HEADER}1;"${text}";1\n1;B;2\n`);
    expect(clicks.map(({ p }) => p)).toEqual([text, 'B']);
  });

  it('hold text of several lines in a table of two columns, where lines of prose look like rows', async () => {
    const { clicks } = await ingest('s;p\n1;"a;b\nc;d\ne;f\ng"\n1;B\n', {
      columns: { session: 's', product: 'p', order: 's' },
    });
    expect(clicks.map(({ p }) => p)).toEqual(['a;b\nc;d\ne;f\ng', 'B']);
  });

  it('that break one row refuse that row', async () => {
    const { clicks, rejected } = await ingest(`${HEADER}1;"A"x;1\n1;B;2\n1;"C;3`);
    expect(clicks).toEqual([{ s: '1', p: 'B', o: 2n }]);
    expect(rejected).toMatchObject([
      { line: 2n, column: 'p', content: '1;"A"x;1' },
      { line: 4n, column: 'p', content: '1;"C;3' },
    ]);
    for (const { reason } of rejected) expect(reason).toContain('unquoted value');
  });
});

describe('line ends', () => {
  const expected = [
    { s: '1', p: 'A', o: 1n },
    { s: '1', p: 'B', o: 2n },
    { s: '2', p: 'D', o: 1n },
  ];
  it.each([
    ['LF', ['\n']],
    ['CRLF', ['\r\n']],
    ['CR', ['\r']],
    ['CRLF, then LF', ['\r\n', '\n']],
    ['LF, then CRLF', ['\n', '\r\n']],
  ])('%s', async (_, ends) => {
    const lines = ['s;p;o', '1;A;1', '"1";"B";"2"', ';C;3', '2;D;1', '2;E;2;surplus', '2;F'];
    const { clicks, rejected } = await ingest(lines.map((line, i) => line + ends[i % ends.length]).join(''));
    expect(clicks).toEqual(expected);
    expect(rejected.map(({ line, column }) => [line, column])).toEqual([
      [4n, 's'],
      [6n, null],
      [7n, 'o'],
    ]);
  });
});

describe('refused rows', () => {
  it('have the line where they stand, whatever blank lines and values over several lines come before', async () => {
    const lines = [
      's;p;o', // 1
      '1;A;1', // 2
      '', // 3
      '1;"B', // 4
      '', // 5
      'B";2', // 6
      '1', // 7: both other columns missing
      '', // 8
      ';C;3', // 9
      '1;D;4;5', // 10
      '1;E;x', // 11
      '', // 12
      '1;"F', // 13
      'F";', // 14
    ];
    const { clicks, rejected, counts } = await ingest(lines.join('\n'));
    expect(clicks.map(({ p }) => p)).toEqual(['A', 'B\n\nB']);
    expect(rejected.map(({ line, column, content }) => [line, column, content])).toEqual([
      [7n, 'p', '1'],
      [9n, 's', '{"s":null,"p":"C","o":"3"}'],
      [10n, null, '1;D;4;5'],
      [11n, 'o', '{"s":"1","p":"E","o":"x"}'],
      [13n, 'o', '{"s":"1","p":"F\\nF","o":null}'],
    ]);
    expect(counts).toEqual({ rows: 2, rejectedRows: 5 });
  });

  it('have the number of the record where stray quotes hide the lines', async () => {
    const { rejected } = await ingest(`${HEADER}1;5" screen;1\n1;A\n;B;2\n`);
    expect(rejected.map(({ line }) => line)).toEqual([3n, 4n]);
  });

  it('count once, however many faults they have', async () => {
    const { counts, rejected } = await ingest(
      Buffer.from(`${HEADER}1;A;1\n\xfc;\xfc;1\n\xfc\n\xfc;\xfc;1;2;3\n`, 'latin1'),
    );
    expect(counts).toEqual({ rows: 1, rejectedRows: 3 });
    expect(rejected.map(({ line }) => line)).toEqual([3n, 4n, 5n]);
  });

  it('keep a line that is too long for any row from ending the run', async () => {
    const { clicks, rejected } = await ingest(`${HEADER}1;${'x'.repeat(17_000_000)};1\n1;A;1\n;B;2\n`);
    expect(clicks).toEqual([{ s: '1', p: 'A', o: 1n }]);
    expect(rejected.map(({ line }) => line)).toEqual([2n, 4n]);
    expect(rejected[0]['reason']).toContain('line size over maximum');
  });
});

it('reads what any writer of RFC 4180 wrote, whatever its line ends', async () => {
  const cell = fc.stringMatching(/^[ab";,\n é]{0,6}$/);
  const row = fc.record({
    id: fc.constantFrom('A', 'b/c', '50%', '👟'),
    note: cell,
    other: cell,
    quoted: fc.boolean(),
  });
  const ends = fc.constantFrom(['\n'], ['\r\n'], ['\r'], ['\n', '\r\n'], ['\r\n', '\n']);
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), ends, async (rows, lineEnds) => {
      const write = (value: string, quoted: boolean) =>
        quoted || /[";\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
      const lines = rows.map(({ id, note, other, quoted }) =>
        ['s', id, '1', note, other].map((value) => write(value, quoted)).join(';'),
      );
      const text = ['s;p;o;note;other', ...lines].map((line, i) => line + lineEnds[i % lineEnds.length]).join('');
      const { clicks, counts } = await ingest(text);
      expect(counts).toEqual({ rows: rows.length, rejectedRows: 0 });
      // An empty value has no value in Parquet.
      expect(clicks).toEqual(
        rows.map(({ id, note, other }) => ({ s: 's', p: id, o: 1n, note: note || null, other: other || null })),
      );
    }),
    { numRuns: 25 },
  );
});
