import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDatabase } from '../../../lambdas/shared/duckdb/duckdb.ts';
import { ingestInFolder } from '../../support/ingest.ts';

const { ingest, refusal } = ingestInFolder();

describe('a column of text becomes numbers only when nothing is lost', () => {
  const column = async (...values: string[]) => {
    const { clicks } = await ingest(`s;p;o;x\n${values.map((value) => `1;A;1;${value}\n`).join('')}`);
    return clicks.map(({ x }) => x);
  };

  it.each([
    ['whole numbers', ['1', '-3', '0', '9223372036854775807'], [1n, -3n, 0n, 9223372036854775807n]],
    ['with gaps', ['1', '', '2'], [1n, null, 2n]],
    ['decimals', ['1.5', '-0.25', '3'], [1.5, -0.25, 3]],
    ['nothing at all', ['', ''], [null, null]],
    ['leading zeros', ['007', '1'], ['007', '1']],
    ['a plus sign', ['+5', '5'], ['+5', '5']],
    ['spaces', [' 5', '6'], [' 5', '6']],
    ['an exponent', ['1e3', '1'], ['1e3', '1']],
    ['more digits than a double holds', ['0.12345678901234567', '1'], ['0.12345678901234567', '1']],
    ['more than 64 bits', ['99999999999999999999', '1'], ['99999999999999999999', '1']],
    ['words among numbers', ['x', '5'], ['x', '5']],
    ['words', ['true', 'false'], ['true', 'false']],
    ['dates', ['2026-01-02', '2026-01-03'], ['2026-01-02', '2026-01-03']],
  ])('%s', async (_, values, expected) => {
    expect(await column(...values)).toEqual(expected);
  });

  it('also when the exception comes late', async () => {
    const numbers = Array.from({ length: 5000 }, (_, i) => String(i));
    expect((await column(...numbers)).at(-1)).toBe(4999n);
    expect((await column(...numbers, 'x')).slice(-2)).toEqual(['4999', 'x']);
  });
});

describe('Parquet', () => {
  /** A Parquet file as a data warehouse unloads it. */
  const parquet = (query: string) =>
    withDatabase(async (database, folder) => {
      await database.run(`COPY (${query}) TO '${join(folder, 'x.parquet')}'`);
      return readFile(join(folder, 'x.parquet'));
    });

  it('keeps its own types, also of text that looks like numbers', async () => {
    const { clicks } = await ingest({
      'clicks.parquet': await parquet(
        `SELECT 7 AS s, '007' AS p, '1' AS o, '12' AS text, 3::TINYINT AS tiny, 1.5::DECIMAL(9, 2) AS price,
           TIMESTAMP '2026-01-02 03:04:05' AS t, [1, 2] AS list, {'a': 'b'} AS struct, true AS flag, NULL::INTEGER AS nothing`,
      ),
    });
    expect(clicks).toEqual([
      {
        s: 7,
        p: '007',
        o: '1',
        text: '12',
        tiny: 3,
        price: 1.5,
        t: new Date('2026-01-02T03:04:05Z'),
        list: [1, 2],
        struct: { a: 'b' },
        flag: true,
        nothing: null,
      },
    ]);
  });

  it('refuses rows by their number and gives them whole', async () => {
    const { clicks, rejected } = await ingest(
      {
        'clicks.parquet': await parquet(
          `SELECT * FROM (VALUES (1, 'A', TIMESTAMP '2026-01-02'), (NULL, 'B', TIMESTAMP '2026-01-02'), (1, 'C', NULL)) v(s, p, t)`,
        ),
      },
      { columns: { session: 's', product: 'p', time: ['t'] } },
    );
    expect(clicks).toHaveLength(1);
    expect(rejected).toEqual([
      { line: 2n, column: 's', reason: 'has no id', content: '{"s":null,"p":"B","t":"2026-01-02 00:00:00"}' },
      { line: 3n, column: 't', reason: 'is not a time: it is empty', content: '{"s":1,"p":"C","t":null}' },
    ]);
  });

  it('that is cut off, has no rows, lacks a column or fits no other file is refused by name', async () => {
    const whole = await parquet('SELECT 1 AS s, 2 AS p, 3 AS o');
    expect(await refusal({ 'c.parquet': whole.subarray(0, -20) })).toMatch(
      /c\.parquet cannot be read as Parquet:.*upload it again/,
    );
    expect(await refusal({ 'c.parquet': await parquet('SELECT 1 AS s, 2 AS p, 3 AS o WHERE false') })).toContain(
      'not one row',
    );
    expect(await refusal({ 'c.parquet': await parquet('SELECT 1 AS s') })).toMatch(
      /no column "p", "o".*Its header has "s"/,
    );
    expect(
      await refusal({ 'a.parquet': whole, 'b.parquet': await parquet("SELECT 'x' AS s, 2 AS p, 3 AS o") }),
    ).toMatch(/b\.parquet has other types than .*a\.parquet: .*Could not convert string 'x'/);
  });
});
