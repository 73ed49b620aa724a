import { describe, expect, it } from 'vitest';
import { parquetOf } from '../../support/parquet-of.ts';
import { sequencesInFolder } from '../../support/sequences.ts';

const sequencesOf = sequencesInFolder();
const request = { columns: { session: 's', product: 'p', order: 'o' }, settings: { max_rejected_share: 1 } };

/** Two views of the session `s`. */
const viewsOf = (first: string, second: string) =>
  parquetOf(`SELECT * FROM (VALUES ('s', ${first}, 1), ('s', ${second}, 2)) v(s, p, o)`);

describe('a whole number is an id without a point, whatever the type of its column', () => {
  it.each([
    ['DECIMAL(38, 9), as BigQuery', '3::DECIMAL(38, 9)', '4::DECIMAL(38, 9)', ['3', '4']],
    ['DECIMAL(38, 0), as Oracle', '30::DECIMAL(38, 0)', '40::DECIMAL(38, 0)', ['30', '40']],
    ['DOUBLE beside a fraction', '1207::DOUBLE', '1207.5::DOUBLE', ['1207', '1207.5']],
    ['DOUBLE that is written with an exponent', '1207::DOUBLE', '1e16::DOUBLE', ['1207', '10000000000000000']],
    ['DECIMAL beside a fraction', '3::DECIMAL(9, 2)', '3.05::DECIMAL(9, 2)', ['3', '3.05']],
  ])('%s', async (_, first, second, expected) => {
    expect((await sequencesOf({ 'a.parquet': await viewsOf(first, second) }, request)).sequences).toEqual({
      s: expected,
    });
  });

  it('so files of other types have the same products', async () => {
    const files = {
      'a.parquet': await viewsOf('3::DECIMAL(38, 9)', '4::DECIMAL(38, 9)'),
      'b.parquet': await parquetOf("SELECT * FROM (VALUES ('t', 3::BIGINT, 1), ('t', 4::BIGINT, 2)) v(s, p, o)"),
      'c.parquet': await parquetOf("SELECT * FROM (VALUES ('u', 3::DOUBLE, 1), ('u', 4::DOUBLE, 2)) v(s, p, o)"),
    };
    expect((await sequencesOf(files, request)).sequences).toEqual({ s: ['3', '4'], t: ['3', '4'], u: ['3', '4'] });
  });

  it('several columns that are one session, too', async () => {
    const file = await parquetOf(
      "SELECT * FROM (VALUES (7::DOUBLE, 'x', 'A', 1), (7::DOUBLE, 'x', 'B', 2)) v(u, s, p, o)",
    );
    const columns = { session: ['u', 's'], product: 'p', order: 'o' };
    expect((await sequencesOf({ 'a.parquet': file }, { ...request, columns })).sequences).toEqual({
      '7|x': ['A', 'B'],
    });
  });

  it.each([
    ['all with as many zeros', ['1207.00', '1208.00'], ['1207', '1208']],
    ['some of them', ['1207.000', '1208'], ['1207', '1208']],
    // Either could be the number, or a name.
    ['with more and fewer zeros', ['1207.0', '1207.00'], ['1207.0', '1207.00']],
    ['beside what is no whole number', ['1207.00', '1208.50'], ['1207.00', '1208.50']],
  ])('in text: %s', async (_, [first, second], expected) => {
    const csv = `s,p,o\ns,${first},1\ns,${second},2\n`;
    expect((await sequencesOf({ 'a.csv': csv }, request)).sequences).toEqual({ s: expected });
  });
});

describe('bytes of Parquet that are not marked as text are the text that they hold', () => {
  it('as ids, events and times', async () => {
    const file = await parquetOf(
      `SELECT encode(s) AS s, encode(p) AS p, encode(t) AS t, encode(e) AS e FROM (VALUES
         ('é', 'Ä1207', '2026-01-02 03:04:06', 'view'), ('é', 'B', '2026-01-02 03:04:05', 'view'),
         ('é', 'C', '2026-01-02 03:04:07', 'home')) v(s, p, t, e)`,
    );
    const columns = { session: 's', product: 'p', time: ['t'], event: 'e', events: { view: 1 } };
    const { sequences, counts } = await sequencesOf({ 'a.parquet': file }, { ...request, columns });
    expect(sequences).toEqual({ é: ['B', 'Ä1207'] });
    expect(counts).toMatchObject({ skippedByEvent: 1, rejectedRows: 0 });
  });

  it('unless they are no UTF-8', async () => {
    const file = await viewsOf("'\\xFF'::BLOB", "'B'::BLOB");
    expect((await sequencesOf({ 'a.parquet': file }, request)).sequences).toEqual({ s: ['\\xFF', 'B'] });
  });
});

describe('a row that does not count decides nothing about those that do', () => {
  const header = 's,p,t,e\n';
  const columns = { session: 's', product: 'p', time: ['t'], event: 'e', events: { view: 1 } };
  const read = (...lines: readonly string[]) =>
    sequencesOf({ 'a.csv': `${header}${lines.join('\n')}\n` }, { ...request, columns });
  const doubles = ['s,1207.0,1700000000,view', 's,1208.0,1700000060,view'];

  it.each([
    ['is skipped', 's,home,1700000000,search', { skippedByEvent: 1, rejectedRows: 0 }],
    ['has no time, as a header among the rows', 's,p,t,view', { rejectedRows: 1 }],
    ['has a time that no click can have', 's,home,9700000000,view', { rejectedRows: 1 }],
    ['has no session', ',home,1700000000,view', { rejectedRows: 1 }],
  ])('on the zeros of ids: one that %s', async (_, line, counts) => {
    const found = await read(...doubles, line);
    expect(found.sequences).toEqual({ s: ['1207', '1208'] });
    expect(found.counts).toMatchObject({ rows: expect.any(Number), ...counts });
  });

  it('on what is several ids', async () => {
    const [red, large] = ['s,red,1700000000,search', 's,L,1700000000,search'];
    const found = await read(red, large, 's,"red,L",1700000000,view', 's,"blue,M",1700000060,view');
    expect(found.sequences).toEqual({ s: ['red,L', 'blue,M'] });
  });

  it('on whether products are lists', async () => {
    const searches = ['red shoe', 'red hat', 'red shoe hat', 'shoe hat'].map((text) => `s,${text},1700000000,search`);
    const found = await read(...searches, 's,A,1700000000,view', 's,B,1700000060,view');
    expect(found.sequences).toEqual({ s: ['A', 'B'] });
  });

  it('on which number is the day', async () => {
    const views = ['s,A,2023-04-05,view', 's,B,2023-04-06,view'];
    expect((await read(...views, 's,C,03/04/2023,search', ',C,03/04/2023,view')).sequences).toEqual({ s: ['A', 'B'] });
  });

  it('on the years in which clicks are', async () => {
    const searches = ['1', '2', '3'].map((time) => `s,C,${time},search`);
    const found = await read(...searches, ...doubles, 's,C,5,view');
    expect(found.sequences).toEqual({ s: ['1207', '1208'] });
    expect(found.rejected.map(([, , reason]) => reason)).toEqual([expect.stringContaining('before 1990-01-01')]);
  });
});

describe('a number that a spreadsheet has rounded is no id', () => {
  it.each(['1.23457E+12', '"1,23457E+12"', '4E+11'])('%s', async (id) => {
    const rows = [`s,A,1`, `s,${id},2`, `s,B,3`, `${id},A,1`];
    const found = await sequencesOf({ 'a.csv': `s,p,o\n${rows.join('\n')}\n` }, request);
    expect(found.sequences).toEqual({ s: ['A', 'B'] });
    expect(found.rejected).toEqual([
      [3, 'p', expect.stringMatching(/^is a number that a spreadsheet has rounded; export its column as text: found/)],
      [5, 's', expect.stringContaining('a spreadsheet has rounded')],
    ]);
  });

  it.each(['1.23457e+12', '2E+10', '12E+12', 'E+12', '1E12'])('and %s is one', async (id) => {
    const found = await sequencesOf({ 'a.csv': `s,p,o\ns,A,1\ns,${id},2\n` }, request);
    expect(found.sequences).toEqual({ s: ['A', id] });
  });
});
