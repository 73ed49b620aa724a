import { describe, expect, it } from 'vitest';
import { faultOfTimeFormat } from '../../../engine/artifacts/click-source.ts';
import { identifier, literal } from '../../../engine/clicks/sql.ts';
import { type TimeHints, timeExpression } from '../../../engine/clicks/time-expression.ts';
import { withDatabase } from '../../../lambdas/shared/duckdb/duckdb.ts';

/** Milliseconds of each row, null where it is no time. */
function times(rows: readonly (readonly string[])[], hints: TimeHints = {}): Promise<(number | null)[]> {
  const columns = rows[0].map((_, i) => `c${i}`);
  const values = rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ');
  return withDatabase(async (database) => {
    const found = await database.rows(
      `SELECT ${timeExpression(columns, hints)} AS ms FROM (VALUES ${values}) v(${columns.map(identifier).join(', ')})`,
    );
    return found.map(({ ms }) => ms as number | null);
  });
}
const single = async (...values: string[]) => times(values.map((value) => [value]));

it('has the formats that DuckDB takes, and no other', async () => {
  const signs = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  const formats = [
    ...signs.map((sign) => `%${sign}`),
    ...signs.map((sign) => `%-${sign}`),
    '%Y-%m-%d %-H:%M',
    '%Y%',
    '%-',
  ];
  const taken = await withDatabase(async (database) => {
    const found: string[] = [];
    for (const format of formats) {
      await database.rows(`SELECT try_strptime('', ${literal(format)})`).then(
        () => found.push(format),
        () => undefined,
      );
    }
    return found;
  });
  expect(formats.filter((format) => faultOfTimeFormat(format) === undefined)).toEqual(taken);
});

describe('one column', () => {
  it('is an ISO 8601 time, in its own zone or UTC', async () => {
    const iso = [
      '2026-01-02T03:04:05Z',
      '2026-01-02T03:04:05+02:00',
      '2026-01-02T03:04:05.678-05:30',
      '2026-07-02T03:04:05.123456Z',
      '1969-12-31T23:59:59Z',
    ];
    expect(await single(...iso)).toEqual([
      Date.UTC(2026, 0, 2, 3, 4, 5),
      Date.UTC(2026, 0, 2, 1, 4, 5),
      Date.UTC(2026, 0, 2, 8, 34, 5, 678),
      Date.UTC(2026, 6, 2, 3, 4, 5) + 123.456,
      -1000,
    ]);
    expect(await single('2026-01-02 03:04:05', '2026-01-02', '2026-01-02 03:04')).toEqual([
      Date.UTC(2026, 0, 2, 3, 4, 5),
      Date.UTC(2026, 0, 2),
      Date.UTC(2026, 0, 2, 3, 4),
    ]);
  });

  it('is any form of ISO 8601', async () => {
    const minute = ['2019-10-03T03:45Z', '2019-10-03T05:45+02:00', '2019-10-03 03:45 UTC', '20191003T0345Z'];
    const second = ['20191003T034526Z', '20191003T034526', '2019-10-03t03:45:26z', '20191003T054526+0200'];
    const milli = ['2019-10-03 03:45:26,326', '20191003T034526.326Z', '2019-10-03T05:45:26,326+02'];
    const hour = ['2019-10-03 03', '2019-10-03T03Z', '20191003T03'];
    const at = (...time: number[]) => Date.UTC(2019, 9, 3, ...time);
    expect(await single(...minute, ...second, ...milli, ...hour)).toEqual([
      ...minute.map(() => at(3, 45)),
      ...second.map(() => at(3, 45, 26)),
      ...milli.map(() => at(3, 45, 26, 326)),
      ...hour.map(() => at(3)),
    ]);
    const none = [
      '2019-10-03 25',
      '2019-13-03 03',
      '2019-10-03 03-07',
      '2019-10-03T03,5',
      '20191003T034',
      '20191003T036026Z',
    ];
    expect(await single(...none)).toEqual(none.map(() => null));
  });

  it('may have its zone before its year, as Twitter and `date` write it', async () => {
    const dates = ['Tue Apr 03 18:00:09 +0000 2012', 'Tue Apr  3 20:00:09 +0200 2012', 'Tue Apr 03 18:00:09 UTC 2012'];
    expect(await single(...dates)).toEqual(dates.map(() => Date.UTC(2012, 3, 3, 18, 0, 9)));
  });

  it('is an epoch in seconds, milliseconds, microseconds or nanoseconds', async () => {
    expect(await single('1767323045', '1767323045.5', '1767323045123', '1767323045123456')).toEqual([
      1_767_323_045_000, 1_767_323_045_500, 1_767_323_045_123, 1_767_323_045_123.456,
    ]);
    // A double holds 53 bits of a nanosecond epoch: it is exact to the microsecond.
    expect((await single('1767323045123456789'))[0]).toBeCloseTo(1_767_323_045_123.456, 2);
    expect(await single('0', '-5', '99999999999', '100000000000')).toEqual([
      0, -5000, 99_999_999_999_000, 100_000_000_000,
    ]);
  });

  it('is a date of eight digits, where it can be one', async () => {
    expect(await single('20261123', '20261323', '19000101')).toEqual([
      Date.UTC(2026, 10, 23),
      20_261_323_000,
      Date.UTC(1900, 0, 1),
    ]);
  });

  it('is a date of 12, 14 or 17 digits, where it can be one', async () => {
    const dates = ['202611231405', '20261123140506', '20261123140506789', '202611232505'];
    expect(await single(...dates)).toEqual([
      Date.UTC(2026, 10, 23, 14, 5),
      Date.UTC(2026, 10, 23, 14, 5, 6),
      Date.UTC(2026, 10, 23, 14, 5, 6, 789),
      202_611_232_505,
    ]);
  });

  it('is a date of ten digits where it is no second that a click can be of', async () => {
    const hours = [['2026112314'], ['1767323045'], ['2026112325']];
    const seconds = [2_026_112_314_000, 1_767_323_045_000, 2_026_112_325_000];
    expect(await times(hours)).toEqual(seconds);
    expect(await times(hours, { latestMs: Date.UTC(2026, 10, 24) })).toEqual([
      Date.UTC(2026, 10, 23, 14),
      ...seconds.slice(1),
    ]);
    // 2026112314 is a second of 16 March 2034.
    expect(await times(hours, { latestMs: Date.UTC(2034, 2, 17) })).toEqual(seconds);
  });

  it.each([
    [true, ['31/10/19 23:50:00', '1/11/19 0:05', '31-10-19', '31/10/19 11:50:00 PM', '31.10.69', '31/10/68']],
    [false, ['10/31/19 23:50:00', '11/1/19 0:05', '10-31-19', '10/31/19 11:50:00 PM', '31.10.69', '10/31/68']],
  ])('has a year of two digits where a date may have one of four, the day first: %s', async (dayFirst, dates) => {
    const evening = Date.UTC(2019, 9, 31, 23, 50);
    expect(
      await times(
        dates.map((date) => [date]),
        { dayFirst },
      ),
    ).toEqual([
      evening,
      Date.UTC(2019, 10, 1, 0, 5),
      Date.UTC(2019, 9, 31),
      evening,
      Date.UTC(1969, 9, 31),
      Date.UTC(2068, 9, 31),
    ]);
  });

  it('has a year of two digits beside the name of a month, too', async () => {
    const worded = ['03-Oct-19', '3 Oct 19 10:00:00', 'Oct 3, 99', '3 Oct 19 10:00:00 +0200'];
    expect(await single(...worded)).toEqual([
      Date.UTC(2019, 9, 3),
      Date.UTC(2019, 9, 3, 10),
      Date.UTC(1999, 9, 3),
      Date.UTC(2019, 9, 3, 8),
    ]);
  });

  it('has no year of fewer than four digits otherwise', async () => {
    const none = ['31/10/19', '19 10 03', '999-10-03', '03-Oct-019', '31/10/19 10:00:00+02'];
    expect(await single(...none)).toEqual(none.map(() => null));
    expect(await times([['31/10/19'], ['31/10/2019']], { format: '%d/%m/%Y' })).toEqual([null, Date.UTC(2019, 9, 31)]);
  });

  it('is nothing else', async () => {
    const none = ['', 'yesterday', '02/01/2026', '2026-02-30', '2026-01-02 25:00:00', 'nan', 'infinity', '-infinity'];
    expect(await single(...none)).toEqual(none.map(() => null));
  });
});

it('two columns are a date and a time of day', async () => {
  const rows = [
    ['2026-01-02', '03:04:05'],
    ['2026-01-02', '3:04'],
    ['2026-01-02', '25:00'],
    ['', '03:04'],
    ['2026-01-02', ''],
  ];
  expect(await times(rows)).toEqual([Date.UTC(2026, 0, 2, 3, 4, 5), Date.UTC(2026, 0, 2, 3, 4), null, null, null]);
  expect(await times([['02/01/26', '03:04:05']], { dayFirst: true })).toEqual([Date.UTC(2026, 0, 2, 3, 4, 5)]);
});

it('three to six columns are year, month, day, hour, minute, second', async () => {
  expect(
    await times([
      ['2008', '4', '1'],
      ['2008', '04', '01'],
      ['2008', '13', '1'],
      ['2008', '2', '30'],
      ['08', '4', '1'],
      ['99', '4', '1'],
      ['8', '4', '1'],
      ['208', '4', '1'],
    ]),
  ).toEqual([
    Date.UTC(2008, 3, 1),
    Date.UTC(2008, 3, 1),
    null,
    null,
    Date.UTC(2008, 3, 1),
    Date.UTC(1999, 3, 1),
    null,
    null,
  ]);
  expect(await times([['2008', '4', '1', '9']])).toEqual([Date.UTC(2008, 3, 1, 9)]);
  expect(
    await times([
      ['2008', '4', '1', '9', '5', '7'],
      ['2008', '4', '1', '9', '61', '7'],
      ['2008', '4', '1', '123', '5', '7'],
      ['2008', '4', '1', '9', '5', '7.25'],
    ]),
  ).toEqual([Date.UTC(2008, 3, 1, 9, 5, 7), null, null, Date.UTC(2008, 3, 1, 9, 5, 7, 250)]);
});

describe('a column with a type of its own', () => {
  /** Of each value of SQL, in columns of these types. */
  const typed = (types: readonly string[], ...rows: (readonly string[])[]) =>
    withDatabase(async (database) => {
      const columns = types.map((_, i) => `c${i}`);
      const values = rows.map((row) => `(${row.map((value, i) => `(${value})::${types[i]}`).join(', ')})`).join(', ');
      const found = await database.rows(
        `SELECT ${timeExpression(columns, {}, types)} AS ms FROM (VALUES ${values}) v(${columns.join(', ')})`,
      );
      return found.map(({ ms }) => ms as number | null);
    });

  it('DOUBLE is an epoch of any unit, or a date of digits', async () => {
    const epochs = ['1767323045.5', '1767323045123', '1767323045123456', '1.767323045123456e18', '20261123', "'nan'"];
    const [seconds, milli, micro, nano, date, none] = await typed(['DOUBLE'], ...epochs.map((epoch) => [epoch]));
    expect([seconds, milli, micro, date, none]).toEqual([
      1_767_323_045_500,
      1_767_323_045_123,
      1_767_323_045_123.456,
      Date.UTC(2026, 10, 23),
      null,
    ]);
    expect(nano).toBeCloseTo(1_767_323_045_123.456, 2);
  });

  it('BIGINT of year, month and day has no year of one or three digits', async () => {
    const dates = [
      ['2008', '4', '1'],
      ['19', '4', '30'],
      ['8', '4', '1'],
      ['208', '4', '1'],
    ];
    const found = [Date.UTC(2008, 3, 1), Date.UTC(2019, 3, 30), null, null];
    expect(await typed(['BIGINT', 'BIGINT', 'BIGINT'], ...dates)).toEqual(found);
  });

  it('DECIMAL likewise', async () => {
    expect(await typed(['DECIMAL(38, 9)'], ['1767323045.5'], ['20261123'], ['20261123140500'])).toEqual([
      1_767_323_045_500,
      Date.UTC(2026, 10, 23),
      Date.UTC(2026, 10, 23, 14, 5),
    ]);
  });

  it.each([
    ['TIMESTAMP', "'2026-01-02 00:00:00'", 'VARCHAR', "'03:04:05'"],
    ['TIMESTAMP_NS', "'2026-01-02 00:00:00'", 'VARCHAR', "'3:04:05'"],
    ['TIMESTAMP WITH TIME ZONE', "'2026-01-02 00:00:00+00'", 'TIME', "'03:04:05'"],
    ['DATE', "'2026-01-02'", 'TIME', "'03:04:05'"],
    ['VARCHAR', "'2026-01-02T00:00:00.000Z'", 'VARCHAR', "'03:04:05'"],
    ['VARCHAR', "'2026-01-02 00:00'", 'VARCHAR', "'03:04:05'"],
  ])('%s %s gives the day to a time of day', async (type, day, typeOfTime, time) => {
    expect(await typed([type, typeOfTime], [day, time])).toEqual([Date.UTC(2026, 0, 2, 3, 4, 5)]);
  });
});
