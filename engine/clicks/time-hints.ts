import { InputError } from '../errors.ts';
import type { Database } from './database.ts';
import { literal } from './sql.ts';
import { NUMERIC_DATE, type TimeHints } from './time-expression.ts';

const SAMPLE_ROWS = 10_000;
/** 1954 to 2119 as days since 1899-12-30. As seconds since 1970 they are all before midnight of its second day. */
const SERIALS = [20_000, 80_000];
const MOST_DAYS = 31;

/**
 * Decides what no single time tells: whether the day or the month comes first, and whether numbers are a spreadsheet's
 * days. A look at the first rows saves most scans of all.
 *
 * @param from what reads a column `value`, text. @param columns as the user names them; the first is meant.
 * @throws InputError when the day and the month cannot be told apart.
 */
export async function timeHints(
  database: Database,
  from: string,
  columns: readonly string[],
  given: Pick<TimeHints, 'format' | 'dayFirst'>,
): Promise<TimeHints> {
  const column = columns.join(', ');
  if (given.format !== undefined) return { format: given.format };
  const part = (group: number) =>
    `try_cast(regexp_extract(trim(value), ${literal(NUMERIC_DATE)}, ${group}) AS INTEGER)`;
  const number = 'try_cast(value AS DOUBLE)';
  const [sample] = await database.rows(
    `SELECT coalesce(bool_or(regexp_matches(trim(value), ${literal(NUMERIC_DATE)})), false) AS has_dates,
       coalesce(bool_and(coalesce(${number} BETWEEN ${SERIALS.join(' AND ')}, false)) FILTER (value <> ''), false) AS are_serials,
       coalesce(bool_or(${number} <> floor(${number})), false) AS have_fractions
     FROM (SELECT value FROM ${from} LIMIT ${SAMPLE_ROWS})`,
  );
  const hints: TimeHints = {
    ...(sample['are_serials'] === true && sample['have_fractions'] === true && { isSpreadsheetSerial: true }),
  };
  if (given.dayFirst !== undefined) return { ...hints, dayFirst: given.dayFirst };
  if (sample['has_dates'] !== true) return hints;
  const [parts] = await database.rows(
    `SELECT max(${part(1)}) AS first, max(${part(3)}) AS second, count(DISTINCT ${part(1)}) AS firsts,
       count(DISTINCT ${part(4)}) AS lasts, max(${part(4)}) AS last, arg_max(value, ${part(1)}) AS example_first,
       arg_max(value, ${part(3)}) AS example_second, any_value(value) AS example
     FROM ${from} WHERE regexp_matches(trim(value), ${literal(NUMERIC_DATE)}) AND regexp_extract(trim(value), ${literal(NUMERIC_DATE)}, 2) <> '.'`,
  );
  if (parts['first'] === null) return hints;
  const [first, second] = [Number(parts['first']), Number(parts['second'])];
  if (first > 12 && second > 12) {
    throw new InputError(
      `The column ${JSON.stringify(column)} has the day first in ${JSON.stringify(parts['example_first'])} and the month first in ${JSON.stringify(parts['example_second'])}. Give each layout a run of its own, or say --time-format.`,
    );
  }
  const found = `The column ${JSON.stringify(column)} has dates such as ${JSON.stringify(parts['example'])}`;
  if (first <= 12 && second <= 12) {
    throw new InputError(
      `${found}, and none tells whether the day or the month comes first. Say --day-first where 03/04/2026 is in April, else ${monthFirst(String(parts['example']), columns.length === 1)}.`,
    );
  }
  // The days of a file are more than its years. Without this, 19-10-25 would be a day of 2025.
  if (first > 12 && Number(parts['last']) <= MOST_DAYS && Number(parts['firsts']) < Number(parts['lasts'])) {
    throw new InputError(
      `${found}, whose first number seems to be the year. Say --time-format '%y-%m-%d' with the signs between them and the time of day that follows, or --day-first where it is the day.`,
    );
  }
  return { ...hints, dayFirst: first > 12 };
}

/** The option that reads dates like this one with the month first. @param isWhole whether no other column has the time of day. */
function monthFirst(example: string, isWhole: boolean): string {
  const [, , sign, , year, rest = ''] = new RegExp(NUMERIC_DATE).exec(example.trim())!;
  const day = `%m${sign}%d${sign}${year.length === 2 ? '%y' : '%Y'}`;
  const open = `--time-format '${day}' with the time of day that follows it`;
  if (rest === '') return isWhole ? `--time-format '${day}'` : open;
  const between = example
    .trim()
    .slice(0, -rest.length)
    .replace(/^[\d/.-]+/, '');
  const clock = /^\d{1,2}:\d\d(:\d\d)?(?:( ?)[ap]m)?$/i.exec(rest);
  if (clock === null) return open;
  const [, seconds, space] = clock;
  const minutes = `${space === undefined ? '%H' : '%I'}:%M${seconds === undefined ? '' : ':%S'}`;
  return `--time-format '${day}${between}${minutes}${space === undefined ? '' : `${space}%p`}'`;
}
