import { gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import { runIdOf } from '../../../lambdas/shared/runs/run-id.ts';
import { COLUMNS, ingestInFolder } from '../../support/ingest.ts';
import { newExecution } from '../../support/stages.ts';

const { ingest, refusal, stages } = ingestInFolder();
const HEADER = 's;p;o\n';

describe('ids', () => {
  it('are text: leading zeros, slashes, percent signs, emoji, 10,000 characters', async () => {
    const ids = ['007', '7', '7.0', 'a/b', 'a%2Fb', '50%', '👟', '../..', 'x'.repeat(10_000), '1e3'];
    const { clicks } = await ingest(HEADER + ids.map((id, i) => `${id};${id};${i}\n`).join(''));
    expect(clicks.map(({ s, p }) => [s, p])).toEqual(ids.map((id) => [id, id]));
  });

  it('that are empty or blank refuse the row and say which column', async () => {
    const blanks = ['', ' ', '\t', '\u00a0', '\ufeff', '" \n"'];
    const { rejected, clicks } = await ingest(
      `${HEADER}1;A;1\n${blanks.map((id) => `${id};A;1\n1;${id};1\n`).join('')}`,
    );
    expect(clicks).toHaveLength(1);
    expect(rejected.map(({ line, column, reason }) => [line, column, reason])).toEqual(
      // The last blank spans two lines, twice.
      [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14].map((line, i) => [
        BigInt(line + 1),
        i % 2 === 0 ? 's' : 'p',
        'has no id',
      ]),
    );
  });
});

it('columns may have the names that the product uses itself', async () => {
  const columns = { session: 'line', product: 'row', order: 'fault' };
  const header = 'line,row,fault,file,scan,rowid,file_row_number,content';
  const { clicks, rejected } = await ingest(`${header}\ns,A,1,f,x,y,z,c\ns,,2,f,x,y,z,c\ns,B,x,f,x,y,z,c\n`, {
    columns,
  });
  expect(clicks).toMatchObject([{ line: 's', row: 'A', fault: 1n, rowid: 'y', file_row_number: 'z' }]);
  expect(rejected.map(({ line, column }) => [line, column])).toEqual([
    [3n, 'row'],
    [4n, 'fault'],
  ]);
});

it('Parquet that is damaged in its middle is refused with its name, in words of ours', async () => {
  const data = Array.from({ length: 5_000 }, (_, i) => `${i}`);
  const columnData = ['s', 'p', 'o'].map((name) => ({ name, type: 'STRING' as const, data }));
  const whole = new Uint8Array(parquetWriteBuffer({ columnData }));
  const damaged = whole.fill(0xff, 200, 1_200);
  const message = await refusal({ 'clicks.parquet': damaged });
  expect(message).toMatch(/clicks\.parquet cannot be read as Parquet: .*upload it again/s);
  expect(message).not.toContain('Error:');
});

it('Parquet that is damaged in a column that nobody needs is refused, too', async () => {
  const data = Array.from({ length: 5_000 }, (_, i) => `${i}`);
  const columnData = ['x', 's', 'p', 'o'].map((name) => ({ name, type: 'STRING' as const, data }));
  const damaged = new Uint8Array(parquetWriteBuffer({ columnData })).fill(0xff, 200, 1_200);
  expect(await refusal({ 'clicks.parquet': damaged })).toContain('clicks.parquet cannot be read as Parquet');
});

it('JSON Lines whose first line is cut off are JSON Lines all the same', async () => {
  const rows = { 'clicks.jsonl': '"p": "A", "o": 1}\n{"s": "1", "p": "A", "o": 1}\n{"s": "1", "p": "B", "o": 2}\n' };
  const { clicks, rejected } = await ingest(rows);
  expect(clicks).toHaveLength(2);
  expect(rejected).toMatchObject([{ line: 1n, reason: 'is not a JSON object' }]);
});

it('an order that is not a number refuses the row and shows what was found', async () => {
  const good = ['1', '-1.5', '1e3', ' 7 '];
  const bad = ['', 'one', 'nan', 'inf', '1e400', '0x10', '1,5', '2026-01-02'];
  const { clicks, rejected } = await ingest(HEADER + [...good, ...bad].map((order) => `1;A;${order}\n`).join(''));
  expect(clicks.map(({ o }) => o)).toEqual(good);
  expect(rejected.map(({ line, column, reason }) => [line, column, reason])).toEqual(
    bad.map((order, i) => [
      BigInt(good.length + i + 2),
      'o',
      `is not a number: ${order === '' ? 'it is empty' : `found "${order}"`}`,
    ]),
  );
});

it('a time that is none refuses the row and shows each part', async () => {
  const { rejected } = await ingest('s;p;y;m;d\n1;A;2026;1;2\n1;A;2026;13;2\n1;A;2026;2;30\n1;A;2026;;2\n', {
    columns: { session: 's', product: 'p', time: ['y', 'm', 'd'] },
  });
  expect(rejected.map(({ line, column, reason }) => [line, column, reason])).toEqual([
    [3n, 'y, m, d', 'is not a time: found "2026", found "13", found "2"'],
    [4n, 'y, m, d', 'is not a time: found "2026", found "2", found "30"'],
    [5n, 'y, m, d', 'is not a time: found "2026", it is empty, found "2"'],
  ]);
});

describe('a time that no click can have', () => {
  const columns = { session: 's', product: 'p', time: ['t'] };
  // The runs of these tests began on 23 November 2026 at 10:00.
  const rows = (times: readonly (string | number)[]) => `s;p;t\n${times.map((time) => `1;A;${time}\n`).join('')}`;

  it('refuses the row: the future but for time zones, and the years before shops had clicks', async () => {
    const good = ['2026-11-23T10:00:00Z', '2026-11-24T09:59:59Z', '1990-01-01'];
    const bad = ['2999-12-31', '2026-11-24T10:00:01Z', '1970-01-01', '1989-12-31T23:59:59Z', '0001-01-01', '0'];
    const { clicks, rejected } = await ingest(rows([...good, ...good, ...good, ...bad]), { columns });
    expect(clicks).toHaveLength(9);
    const future = 'is a time in the future, after 2026-11-24';
    const before = 'is a time before 1990-01-01, unlike most of its file';
    expect(rejected.map(({ line, column, reason }) => [line, column, reason])).toEqual(
      [future, future, before, before, before, before].map((reason, i) => [
        BigInt(11 + i),
        't',
        `${reason}: found "${bad[i]}"`,
      ]),
    );
  });

  it('says so, not the whole list, when the run fails because of it', async () => {
    const message = await refusal(rows(['2026-11-20', '2999-01-01', '2999-01-02']), {
      columns,
      settings: { max_rejected_share: 0.01 },
    });
    expect(message).toContain('2 rows: column "t" is a time in the future, after 2026-11-24 (first: raw/');
  });

  it('is none of a clock that counts from elsewhere: seconds since the first click', async () => {
    const { clicks, rejected } = await ingest(rows([0, 1, 17, 86_400, 5_000_000]), { columns });
    expect(clicks).toHaveLength(5);
    expect(rejected).toEqual([]);
  });

  it.each([
    ['hours', '2026112310', '2026112311'],
    ['minutes', '202611231005', '202611231006'],
    ['milliseconds', '20261123100500123', '20261123100500124'],
  ])('is none of a date of digits: %s', async (_, first, second) => {
    const { counts } = await ingest(rows([first, second]), { columns });
    expect(counts).toMatchObject({ rows: 2, rejectedRows: 0 });
  });

  it('is found in Parquet and JSON Lines, too', async () => {
    const lines = ['2026-11-20', '2026-11-21', '2999-01-01'].map((t) => JSON.stringify({ s: '1', p: 'A', t }));
    const { rejected } = await ingest({ 'clicks.jsonl': `${lines.join('\n')}\n` }, { columns });
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [3n, 'is a time in the future, after 2026-11-24: found "2999-01-01"'],
    ]);
  });
});

it('duplicate rows and times out of order are rows like any other', async () => {
  const { clicks, counts } = await ingest(`${HEADER}1;A;2\n1;A;2\n1;B;1\n`);
  expect(counts).toEqual({ rows: 3, rejectedRows: 0 });
  expect(clicks.map(({ o }) => o)).toEqual([2n, 2n, 1n]);
});

describe('max_rejected_share', () => {
  // Two of eight rows: 25 %.
  const content = `${HEADER}${'1;A;1\n'.repeat(6)};A;1\n1;A;x\n`;

  it('lets the run go on up to the share', async () => {
    expect((await ingest(content, { settings: { max_rejected_share: 0.25 } })).counts).toEqual({
      rows: 6,
      rejectedRows: 2,
    });
  });

  it('ends it above, with the reasons, an example of each, and where all of them stand', async () => {
    const execution = newExecution();
    await stages().upload('raw/share.csv', content);
    const request = { source: 'raw/share.csv', columns: COLUMNS, settings: { max_rejected_share: 0.07 } };
    const key = artifactKey(runIdOf(execution), 'rejected_rows');
    const failed = expect(stages().runStage('ingest', execution, request)).rejects;
    await failed.toMatchObject({ name: 'InputError' });
    await failed.toThrow(
      `2 of 8 rows were refused; max_rejected_share allows 7 %.
  1 rows: column "s" has no id (first: raw/share.csv line 8: has no id)
  1 rows: column "o" is not a number (first: raw/share.csv line 9: is not a number: found "x")
All of them stand in ${key}.`,
    );
    expect((await stages().rowsOf(execution, 'rejected_rows')).map(({ line }) => line)).toEqual([8n, 9n]);
    expect(
      await stages().store.get(artifactKey(runIdOf(execution), 'raw_session_based_clickstream_data')),
    ).toBeUndefined();
  });

  it('of 1 does not make a run of no rows', async () => {
    expect(await refusal(`${HEADER};A;1\n`)).toContain('All 1 rows were refused.');
    const columns = { ...COLUMNS, event: 'e', events: { view: 1 } };
    expect(await refusal('s;p;o;e\n;A;1;view\n2;B;1;search\n', { columns })).toMatch(
      /^1 of 2 rows were refused, which are all that count\.\n {2}1 rows: column "s" has no id/,
    );
  });

  it('hints at the encoding when bytes are why', async () => {
    const message = await refusal(Buffer.from(`${HEADER}1;\xc4;1\n`, 'latin1'));
    expect(message).toContain('not utf-8 encoded');
    expect(message).toContain('encoding "latin-1"');
  });
});

describe('several files under a prefix', () => {
  it('are one clickstream in key order, whatever their compression, format and column order', async () => {
    const { clicks, rejected, counts } = await ingest({
      'b.csv.zst': zstdCompressSync('o;p;s\n1;B;2\nx;B;2\n'),
      'a.csv.gz': gzipSync(`${HEADER}1;A;1\n;A;2\n`),
      'sub/c.jsonl': '{"s":3,"p":"C","o":1}\n',
      _SUCCESS: '',
      '.DS_Store': 'no data',
    });
    expect(clicks).toEqual([
      { s: '1', p: 'A', o: 1n },
      { s: '2', p: 'B', o: 1n },
      { s: '3', p: 'C', o: 1n },
    ]);
    expect(rejected.map(({ line, column }) => [line, column])).toEqual([
      [3n, 's'],
      [3n, 'o'],
    ]);
    expect(counts).toEqual({ rows: 3, rejectedRows: 2 });
  });

  it('may have columns that the others lack: they are matched by name', async () => {
    const { clicks } = await ingest({
      'a.csv': `${HEADER}1;A;1\n`,
      'b.csv': 'x;p;o;s\nnew;B;2;1\n',
      'c.csv': `${HEADER}2;C;1\n`,
    });
    expect(clicks).toEqual([
      { s: '1', p: 'A', o: 1n, x: null },
      { s: '1', p: 'B', o: 2n, x: 'new' },
      { s: '2', p: 'C', o: 1n, x: null },
    ]);
  });

  it.each([
    ['a column less', 's;p\n1;A\n', 'b.csv has no column "o"'],
    ['a column in another case', 'S;p;o\n1;A;1\n', 'b.csv has no column "s"'],
    ['nothing in it', '', 'b.csv is empty'],
  ])('one with %s is named', async (_, content, part) => {
    expect(await refusal({ 'a.csv': `${HEADER}1;A;1\n`, 'b.csv': content })).toContain(part);
  });

  it('are not there: the message names what is', async () => {
    await stages().upload('raw/month/clicks.csv', HEADER);
    const request = { columns: COLUMNS, settings: {} };
    const run = (source: string) => stages().runStage('ingest', newExecution(), { ...request, source });
    await expect(run('raw/mon')).rejects.toThrow(
      'There is no clickstream at "raw/mon": no object with this key and none below it, but there is "raw/month/clicks.csv"',
    );
    await expect(run('raw/nowhere/')).rejects.toThrow('Upload the file, or correct the name');
  });
});

describe('a named column that the header has twice', () => {
  it('is read from the first, and the run says so where the two differ', async () => {
    const { clicks, notes } = await ingest('s,p,p,o\n1,A,A,1\n1,B,X,2\n');
    expect(clicks.map(({ p }) => p)).toEqual(['A', 'B']);
    expect(notes).toEqual([
      expect.stringContaining(
        'clicks.csv has several columns "p", which differ. The first is read: one row has "B" there, and "X" in another one. Give each column a name of its own.',
      ),
    ]);
    const named = await ingest('1,A,1,7\n1,B,2,8\n', { names: ['s', 'p', 'o', 'p'] });
    expect(named.notes[0]).toContain('several columns "p"');
  });

  it('is read where they say the same, as a join leaves them, and where another column is there twice', async () => {
    const { clicks, notes } = await ingest('s,p,p,o,x,x\n1,007,007,1,a,b\n1,B,B,2,a,b\n');
    expect(clicks.map(({ p }) => p)).toEqual(['007', 'B']);
    expect(notes).toEqual([]);
    expect((await ingest('s,p,o,p\n1,007,1,007\n1,008,2,8\n')).clicks).toHaveLength(2);
  });
});
