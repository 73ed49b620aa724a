import { describe, expect, it } from 'vitest';
import { ingestInFolder } from '../../support/ingest.ts';
import { parquetOf } from '../../support/parquet-of.ts';

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
  it('keeps its own types, also of text that looks like numbers', async () => {
    const { clicks } = await ingest({
      'clicks.parquet': await parquetOf(
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
        'clicks.parquet': await parquetOf(
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

  it('that is cut off, has no rows or lacks a column is refused by name', async () => {
    const whole = await parquetOf('SELECT 1 AS s, 2 AS p, 3 AS o');
    expect(await refusal({ 'c.parquet': whole.subarray(0, -20) })).toMatch(
      /c\.parquet cannot be read as Parquet:.*upload it again/,
    );
    expect(await refusal({ 'c.parquet': await parquetOf('SELECT 1 AS s, 2 AS p, 3 AS o WHERE false') })).toContain(
      'not one row',
    );
    expect(await refusal({ 'c.parquet': await parquetOf('SELECT 1 AS s') })).toMatch(
      /no column "p", "o".*Its header has "s"/,
    );
  });
});

describe('files whose types differ are one table, whichever comes first', () => {
  const rows = (values: string) =>
    parquetOf(`SELECT 1 AS s, 'A' AS p, row_number() OVER () AS o, x FROM (VALUES ${values}) v(x)`);
  const csv = (...values: string[]) => `s,p,o,x\n${values.map((value, i) => `2,B,${i},${value}\n`).join('')}`;

  it.each<[string, () => Promise<Uint8Array> | string, () => Promise<Uint8Array> | string, unknown[], unknown[]]>([
    ['a number and a word', () => rows('(7::INTEGER)'), () => csv('n/a'), ['7'], ['n/a']],
    ['a number and leading zeros', () => rows('(7::INTEGER)'), () => csv('007'), ['7'], ['007']],
    [
      'a number with a point and a word',
      () => rows('(9.5::DOUBLE)'),
      () => csv('12.50', 'n/a'),
      ['9.5'],
      ['12.50', 'n/a'],
    ],
    ['whole numbers and prices', () => rows('(7::INTEGER)'), () => csv('9.99', '12.50'), [7], [9.99, 12.5]],
    ['32 bits and 64', () => rows('(7::INTEGER)'), () => rows('(3000000000::BIGINT)'), [7n], [3000000000n]],
    [
      'whole and fractional epochs',
      () => rows('(1700000000::BIGINT)'),
      () => rows('(1700000000.75::DOUBLE)'),
      [1700000000],
      [1700000000.75],
    ],
    [
      'prices of two scales',
      () => rows('(9.99::DECIMAL(9, 2))'),
      () => rows('(1.125::DECIMAL(38, 9))'),
      [9.99],
      [1.125],
    ],
    // 2^53 + 1: a double holds its neighbours only.
    [
      'more digits than a double holds',
      () => rows('(9007199254740993::BIGINT)'),
      () => rows('(0.5::DOUBLE)'),
      ['9007199254740993'],
      ['0.5'],
    ],
    ['truths and words', () => rows('(true)'), () => csv('no'), ['true'], ['no']],
    [
      'days and moments',
      () => rows("(DATE '2026-01-02')"),
      () => rows("(TIMESTAMP '2026-01-03 04:05:06')"),
      ['2026-01-02'],
      ['2026-01-03 04:05:06'],
    ],
    ['lists and words', () => rows("(['a', 'b'])"), () => csv('a'), ['["a","b"]'], ['a']],
  ])('%s', async (_, one, other, valuesOfOne, valuesOfOther) => {
    const [first, second] = [await one(), await other()];
    const name = (content: Uint8Array | string) => (typeof content === 'string' ? 'csv' : 'parquet');
    const read = async (a: Uint8Array | string, b: Uint8Array | string) => {
      const { clicks } = await ingest({ [`1.${name(a)}`]: a, [`2.${name(b)}`]: b });
      return clicks.map(({ x }) => x);
    };
    expect(await read(first, second)).toEqual([...valuesOfOne, ...valuesOfOther]);
    expect(await read(second, first)).toEqual([...valuesOfOther, ...valuesOfOne]);
  });

  it.each([
    ['numbers and words', '7::INTEGER', "'x'", ['7', 'x']],
    ['truths and words', 'true', "'x'", ['true', 'x']],
    ['32 bits and 64', '7::INTEGER', '3000000000::BIGINT', ['7', '3000000000']],
    ['whole numbers with and without a point', '1207::BIGINT', '1207.0::DOUBLE', ['1207', '1207']],
  ])('ids are text: %s', async (_, one, other, expected) => {
    const file = (id: string) => parquetOf(`SELECT ${id} AS s, 'A' AS p, 1 AS o`);
    const { clicks } = await ingest({ '1.parquet': await file(one), '2.parquet': await file(other) });
    expect(clicks.map(({ s }) => s)).toEqual(expected);
  });

  it('times are read by the type of their file', async () => {
    const { clicks, counts } = await ingest(
      {
        '1.parquet': await parquetOf("SELECT 's' AS s, 'A' AS p, 1767323045::INTEGER AS t"),
        '2.parquet': await parquetOf("SELECT 's' AS s, 'B' AS p, '2026-01-02T03:04:06Z' AS t"),
      },
      { columns: { session: 's', product: 'p', time: ['t'] } },
    );
    expect(counts).toMatchObject({ rows: 2, rejectedRows: 0 });
    expect(clicks.map(({ t }) => t)).toEqual(['1767323045', '2026-01-02T03:04:06Z']);
  });
});
