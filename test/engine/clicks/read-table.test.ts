import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Database } from '../../../engine/clicks/database.ts';
import { loadClicks } from '../../../engine/clicks/load-clicks.ts';
import { readCsvTable } from '../../../engine/clicks/read-table.ts';
import { withDatabase } from '../../../lambdas/shared/duckdb/duckdb.ts';
import { openSourceFile } from '../../../lambdas/shared/duckdb/open-source-file.ts';
import { TABLE_TOOLS } from '../../../lambdas/shared/duckdb/table-tools.ts';

const COLUMNS = { session: 's', product: 'p', order: 'o', time: ['t'] };
const NOW_MS = Date.UTC(2026, 10, 26);

/** What is made of some CSV files, by the kernel and by DuckDB. */
async function read(
  contents: readonly string[],
  tools: typeof TABLE_TOOLS | undefined,
  columns: object = COLUMNS,
  extension = 'csv',
) {
  return withDatabase(async (database, folder) => {
    const files = [];
    for (const [i, content] of contents.entries()) {
      const path = join(folder, `source-${i}`);
      await writeFile(path, content);
      files.push((await openSourceFile(path, `clicks-${i}.${extension}`, () => 'utf-8')).file);
    }
    const loaded = await loadClicks(database, files, { columns } as never, folder, NOW_MS, tools);
    const [{ scans, views, ...rest }] = [loaded];
    return {
      wasRead: scans[0].numbered !== undefined,
      knewTimes: scans[0].timesMs !== undefined,
      table: await tableOf(database, scans[0].from),
      types: Object.fromEntries(scans[0].columns),
      rows: scans[0].files.map(({ rows }) => rows),
      skipped: scans[0].files.map(({ skippedRecords }) => skippedRecords),
      views,
      rest,
      rejected: await database.rows('SELECT * FROM rejected_rows'),
    };
  });
}

async function tableOf(database: Database, from: string) {
  const [{ hash, rows }] = await database.rows(
    `SELECT count(*)::INTEGER AS rows, md5(string_agg(to_json(t)::VARCHAR, chr(10))) AS hash FROM ${from} t`,
  );
  return { rows, hash, first: await database.rows(`SELECT * FROM ${from} LIMIT 20`) };
}

async function expectSame(contents: readonly string[]) {
  const { wasRead, knewTimes: _, ...byKernel } = await read(contents, TABLE_TOOLS);
  const { wasRead: __, knewTimes: ___, ...byDuckDb } = await read(contents, undefined);
  expect(byKernel).toEqual(byDuckDb);
  return wasRead;
}

const HEADER = 's,p,o,t,x,y\n';
const rowsOf = (count: number, cell: (row: number) => readonly (string | number)[]) =>
  Array.from({ length: count }, (_, row) => `s${row >> 2},p${row % 7},${row % 4},2026-01-01,${cell(row).join()}`).join(
    '\n',
  );

describe('a table is read by the kernel as DuckDB reads it', () => {
  const text = fc.oneof(
    fc.constantFrom(
      '',
      '0',
      '-0',
      '-1',
      '007',
      '1.5',
      '-0.5',
      '1.',
      '.5',
      '1e5',
      '9223372036854775807',
      '9223372036854775808',
    ),
    fc.constantFrom(
      '-9223372036854775808',
      '123456789.123456',
      '1234567890.1',
      '0.1234567',
      'NULL',
      'é€👟',
      '\ufeffx',
      ' a ',
    ),
    fc.integer().map(String),
    fc.string({ unit: fc.constantFrom('a', 'ü', ',', '"', '\n', ' ', '1'), maxLength: 20 }),
    fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 8, maxLength: 18 }),
  );
  const cell = text.map((value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value));
  const row = fc.tuple(fc.constantFrom('1', '2', 'x y', ''), cell, cell, cell);

  it('whatever stands in its cells', async () => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (rows, lineEnd, endsLast) => {
          const lines = rows.map(
            ([session, product, x, y], i) => `${session},${product},${i % 3},2026-01-0${1 + (i % 9)},${x},${y}`,
          );
          const content = ['s,p,o,t,x,y', ...lines].join(lineEnd) + (endsLast ? lineEnd : '');
          const isAlike = lineEnd === '\n' || !content.replaceAll('\r\n', '').includes('\n');
          if (isAlike && (await expectSame([content]))) read++;
        },
      ),
      { numRuns: 60 },
    );
    expect(read).toBeGreaterThan(20);
  });

  it.each<[string, (row: number) => readonly (string | number)[]]>([
    ['few values', (row) => [row % 5, row % 3 === 0 ? '' : 'x']],
    ['more whole numbers than a dictionary holds', (row) => [row * 3, -row]],
    ['more decimals than that, some of them missing', (row) => [row / 4, row % 3 === 0 ? '' : `${row}.25`]],
    [
      'more texts than that',
      (row) => [`https://shop.example/p/${row}?from=${row % 10}`, `"quoted ""${row}"", and more"`],
    ],
    ['texts that come first after a while', (row) => [row < 50_000 ? '' : 'x', row < 80_000 ? 1 : `${row}a`]],
    ['runs', (row) => [row >> 10, row % 1000 < 900 ? 1 : row]],
  ])('over many chunks of rows: %s', async (_, cells) => {
    expect(await expectSame([`${HEADER}${rowsOf(100_000, cells)}`])).toBe(true);
  });

  it('of several files, the last line of one without its end', async () => {
    const parts = [
      HEADER + rowsOf(30_000, (row) => [row, 'a']),
      HEADER,
      `${HEADER}${rowsOf(7, (row) => [row, 'b'])}\n\n`,
    ];
    expect(await expectSame([...parts, HEADER + rowsOf(30_000, (row) => [row, row])])).toBe(true);
  });

  it('in 300 columns', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `c${i}`).join();
    const rows = rowsOf(4000, (row) =>
      Array.from({ length: 302 }, (_, i) => (i % 50 === 0 ? `t${row}` : (row * i) % 97)),
    );
    expect(await expectSame([`s,p,o,t,x,y,${names}\n${rows}`])).toBe(true);
  });
});

describe('lines of JSON are read by the kernel as DuckDB reads them', () => {
  /** @returns whether it was the kernel that read them. */
  async function expectSameLines(lines: readonly string[]): Promise<boolean> {
    const content = `${lines.join('\n')}\n`;
    const byKernel = await read([content], TABLE_TOOLS, COLUMNS, 'jsonl');
    const byDuckDb = await read([content], undefined, COLUMNS, 'jsonl');
    expect(byKernel.table.rows).toBe(byDuckDb.table.rows);
    const texts = (found: typeof byKernel) =>
      found.table.first.map((row) =>
        Object.entries(row).map(([key, value]) => [key, value === null ? null : String(value)]),
      );
    // DuckDB's way leaves numbers as text here, and makes them numbers at the end.
    if (byKernel.wasRead)
      expect(texts(byKernel).map(Object.fromEntries)).toEqual(texts(byDuckDb).map(Object.fromEntries));
    expect(byKernel.views).toEqual(byDuckDb.views);
    expect(byKernel.rejected).toEqual(byDuckDb.rejected);
    return byKernel.wasRead;
  }
  const line = (row: number, more: string) =>
    `{"s":"s${row >> 1}","p":"p${row}","o":${row % 5},"t":"2026-01-01"${more}}`;
  const lines = (...values: string[]) => values.map((value, row) => line(row, `,"x":${value}`));

  it.each<[string, readonly string[], boolean]>([
    ['numbers', lines('1', '-5', '0', '123456789012345678', 'null'), true],
    ['decimals', lines('1.5', '-0.25', '123456789.123456'), true],
    ['texts', lines('"a"', '""', 'null', '"007"', '"a text of more than sixteen bytes"', '"é€👟"'), true],
    [
      'escapes',
      lines(String.raw`"a\"b\\c\/d\n\t\r\b\f"`, String.raw`"\u00e9\u20ac\ud83d\udc5f, at the end \u0041"`),
      true,
    ],
    ['words', lines('true', 'false', 'null'), true],
    ['what is nested', lines('[1,2]', '{"a":[true,false,null],"b":"x y"}', '[]', '{}'), true],
    ['keys that are not there', [line(0, ''), line(1, ',"x":1'), line(2, ',"y":"b"'), line(3, '')], true],
    ['keys in another order', [line(0, ',"x":1,"y":2'), '{"y":3,"t":"2026-01-01","x":4,"o":1,"p":"p","s":"s0"}'], true],
    [
      'spaces, as Python writes them',
      lines('1', '"a"').map((text) => text.replaceAll(/([:,])"/g, '$1 "').replaceAll('":', '": ')),
      true,
    ],
    ['decimals that are written in other ways', lines('1.50', '2'), false],
    ['exponents', lines('1e3', '2'), false],
    ['numbers of more digits', lines('12345678901234567890', '2'), false],
    ['what is nested with spaces', lines('[1, 2]', '{"a": 1}'), false],
    ['a key twice', [line(0, ',"x":1'), line(1, ',"x":1,"x":2')], false],
    ['half a pair', lines('1', String.raw`"\ud83d"`, '2'), false],
    ['no object', [line(0, ''), '[1]', line(1, '')], false],
    ['a line that is cut off', [line(0, ''), '{"s":"s0","p":', line(1, '')], false],
    ['blank lines', [line(0, ''), '', line(1, '')], false],
  ])('%s', async (_, content, isRead) => {
    expect(await expectSameLines(content)).toBe(isRead);
  });

  it('whatever they hold', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', 'é', '👟', ' ', '/', '{'), maxLength: 24 });
    const value = fc.oneof(
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.double(),
      fc.array(fc.integer(), { maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 8 }), async (values) => {
        await expectSameLines(
          values.map(([x, y], row) => line(row, `,"x":${JSON.stringify(x)},"y":${JSON.stringify(y)}`)),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('over many chunks', async () => {
    const rows = Array.from({ length: 40_000 }, (_, row) =>
      line(row, `,"url":"https://shop.example/p/${row}","x":${row % 7}`),
    );
    expect(await expectSameLines(rows)).toBe(true);
  });
});

describe('times are what DuckDB makes of them', () => {
  const days = ['2026-01-31', '2024-02-29', '2023-02-29', '2026-04-31', '1999-12-31', '2026-13-01', '2026-00-10'];
  it.each<[string, string, readonly string[], boolean]>([
    ['an epoch in seconds', 't', ['1700000000', '1700000000', '1700000061', '-5', '0'], true],
    [
      'an epoch in milliseconds, microseconds and nanoseconds',
      't',
      ['1700000000123', '1700000000123456', '1700000000123456789'],
      true,
    ],
    ['digits that may be a date', 't', ['20260102', '20260103'], false],
    ['digits that may be an hour', 't', ['2023111010', '2023111011'], false],
    ['digits that may be a minute', 't', ['202311101005', '202311101006'], false],
    ['digits that may be a millisecond', 't', ['20231110100500123', '20231110100500124'], false],
    ['dates', 't', ['2026-01-31', '2024-02-29', '1970-01-01', '1999-12-31'], true],
    [
      'moments',
      't',
      ['2026-01-31 23:59:59', '2024-02-29T00:00:00', '2026-01-01 10:00:00.5', '2026-01-01 10:00:00.123456'],
      true,
    ],
    ['moments in UTC', 't', ['2026-01-31T23:59:59Z', '2026-01-31 23:59:59.25 UTC', '2026-01-31T10:00:00.1Z'], true],
    ['moments of other zones', 't', ['2026-01-31T23:59:59+02:00', '2026-01-31T23:59:59Z'], false],
    ['what is no moment among them', 't', ['2026-01-31 24:00:01', '2026-01-31 23:60:00', 'soon', '2026-01-31'], false],
    ['dates that do not exist', 't', days, false],
    ['none', 't', ['', '', '2026-01-31'], true],
    ['year, month and day', 'year,month,day', days.map((day) => day.split('-').map(Number).join()), true],
    ['years of two digits', 'year,month,day', ['26,1,31', '26,2,1'], false],
    ['year, month, day and hour', 'year,month,day,hour', ['2026,1,31,10', '2026,2,1,9'], false],
  ])('%s', async (_, names, times, areKnown) => {
    const columns = { session: 's', product: 'p', time: names.split(',') };
    const content = `s,p,${names}\n${times.flatMap((time) => [`1,A,${time}`, `2,B,${time}`]).join('\n')}\n`;
    const byKernel = await read([content], TABLE_TOOLS, columns);
    const byDuckDb = await read([content], undefined, columns);
    expect(byKernel.knewTimes).toBe(areKnown);
    expect(byKernel.views).toEqual(byDuckDb.views);
    expect(byKernel.rejected).toEqual(byDuckDb.rejected);
  });
});

describe('DuckDB reads, and says what is wrong, where', () => {
  it.each([
    ['a row has another number of cells', `${HEADER}1,A,1,2026-01-01,x,y\n1,B,2\n1,C,3,2026-01-01,x,y\n`],
    ['a quote stands in a text', `${HEADER}1,A,1,2026-01-01,5" screen,y\n1,B,2,2026-01-01,x,y\n`],
    ['a text is not UTF-8', `${HEADER}1,A,1,2026-01-01,x,y\n1,B,2,2026-01-01,\ud800,y\n`],
    ['lines end with CR', `${HEADER}1,A,1,2026-01-01,x,y\n1,B,2,2026-01-01,x,y\n`.replaceAll('\n', '\r')],
  ])('%s', async (_, content) => {
    await expectSame([content]);
  });
});

it('DuckDB reads where the kernel gets no memory', async () => {
  function refuse(): never {
    throw new RangeError('WebAssembly.Memory(): could not allocate memory');
  }
  const memory = vi.spyOn(WebAssembly, 'Memory').mockImplementation(refuse);
  try {
    expect(await expectSame([`${HEADER}1,A,1,2026-01-01,x,y\n1,B,2,2026-01-01,x,y\n`])).toBe(false);
  } finally {
    memory.mockRestore();
  }
});

it('the same bytes come of one thread, of several, and of a large input, of threads beside the calling one', async () => {
  const content = HEADER + rowsOf(100_000, (row) => [row, `t${row % 1000}`]);
  const long = 'x'.repeat(300);
  // 34 MB, and a record that is cut in two at the end of nearly every chunk.
  const large = HEADER + rowsOf(104_000, (row) => [row, `${long}${row % 50}`]);
  expect(large.length).toBeGreaterThan(32 * 2 ** 20);
  const startAside = vi.spyOn(TABLE_TOOLS, 'startThreadsAside');
  const bytes = (content: string, threads: number) => {
    const written: Buffer[] = [];
    const tools: typeof TABLE_TOOLS = {
      ...TABLE_TOOLS,
      threads,
      createFile: async (path) => {
        const file = await TABLE_TOOLS.createFile(path);
        return {
          ...file,
          write: (piece) => {
            written.push(Buffer.from(piece));
            return file.write(piece);
          },
        };
      },
    };
    return read([content], tools).then(() => Buffer.concat(written));
  };
  expect((await bytes(content, 1)).equals(await bytes(content, 3))).toBe(true);
  expect(startAside).not.toHaveBeenCalled();
  expect((await bytes(large, 1)).equals(await bytes(large, 2))).toBe(true);
  expect(startAside).toHaveBeenCalledTimes(2);
  startAside.mockRestore();
});

it.each<[string, typeof TABLE_TOOLS.createFile]>([
  ['the file cannot be made', () => Promise.reject(new Error('first'))],
  [
    'the disk is full',
    async () => ({
      write: () => Promise.reject(new Error('first')),
      close: () => Promise.reject(new Error('second')),
    }),
  ],
])('where %s, the first error is told and the threads are closed', async (_, createFile) => {
  const open = new Set<object>();
  const startThreads: typeof TABLE_TOOLS.startThreads = async (job) => {
    const threads = await TABLE_TOOLS.startThreads(job);
    open.add(job);
    return { ...threads, close: () => threads.close().finally(() => open.delete(job)) };
  };
  await withDatabase(async (_database, folder) => {
    const path = join(folder, 'source');
    await writeFile(path, 's,p\n1,A\n1,B\n');
    const { file } = await openSourceFile(path, 'clicks.csv', () => 'utf-8');
    const csv = { columns: ['s', 'p'], renamed: new Map(), delimiter: ',', skipLines: 0, hasHeader: true };
    const wishes = { texts: ['s', 'p'], ids: ['s', 'p'], order: undefined, time: [] };
    const tools = { ...TABLE_TOOLS, startThreads, createFile };
    await expect(readCsvTable([file], csv as never, wishes, join(folder, 'table'), tools)).rejects.toThrow('first');
  });
  expect(open.size).toBe(0);
});
