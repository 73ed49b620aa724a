import { type Clock, clockMs } from './clock-hint.ts';
import { MAY_BE_DATES } from './known-times.ts';
import { identifier, literal } from './sql.ts';

/** What is the same for all rows of a run and no single value tells. */
export interface TimeHints {
  /** `strptime`'s, of the columns joined by spaces. */
  format?: string;
  /** Whether 03/04/2026 is in April; undefined when no value is written like that. */
  dayFirst?: boolean;
  /** Numbers are days since 1899-12-30, as spreadsheets write them. */
  isSpreadsheetSerial?: boolean;
  /** What numbers beside a day are; undefined for milliseconds. */
  clock?: Clock;
  /** Milliseconds since the epoch: no click is later. */
  latestMs?: number;
}

const DATE = '([0-9]{1,2})([/.-])([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})';
/** 27/10/2019 13:00:05, 10.27.19, 1-2-2019 1:02 PM. */
export const NUMERIC_DATE = `^${DATE}(?:[ T,]+(.*))?$`;

const TIMES_OF_DAY = [
  '',
  ' %H:%M:%S',
  ' %H:%M',
  ' %H:%M:%S.%f',
  ' %I:%M:%S %p',
  ' %I:%M %p',
  ' %I:%M:%S%p',
  ' %I:%M%p',
];
const WORDED_DATES = [
  '%b %d, %Y',
  '%B %d, %Y',
  '%d %b %Y',
  '%d %B %Y',
  '%d-%b-%Y',
  '%a %b %d %Y',
  '%a, %d %b %Y',
  '%b %d %Y',
];
const WORDED = [
  ...WORDED_DATES.flatMap((date) => TIMES_OF_DAY.map((time) => date + time)),
  '%a %b %d %H:%M:%S %Y',
  '%d/%b/%Y:%H:%M:%S',
];
/** The last is that of Twitter, Ruby and `date`. */
const WORDED_WITH_ZONE = [...WORDED.map((format) => `${format} %z`), '%a %b %d %H:%M:%S %z %Y'];
/** `%y` takes 69 to 99 for years of the 1900s, as POSIX says. */
const FIRST_SHORT_YEAR_OF_1900S = 69;
const YEAR_1000_MS = Date.UTC(1000);

/** What a person may try where a time is not understood. */
export const TIME_FORMATS =
  'ISO 8601, an epoch in seconds to nanoseconds, 20261123, 2026112314, 202611231405, 20261123140500, 23.11.2026 14:05, 11/23/2026 2:05 PM, 23/Nov/2026:14:05:00 +0000, "Mon, 23 Nov 2026 14:05:00 GMT"; any other by its --time-format';

/**
 * SQL of a view's time in milliseconds since the epoch, as DOUBLE, NULL where it is none; without a zone it is UTC.
 *
 * One column: a timestamp as `TIME_FORMATS` says; the unit of an epoch is told by its magnitude (seconds reach 1e11 in the
 * year 5138). Two: a date and a time of day, or a date and a number as `hints.clock` says. Three to six: year, month, day, hour,
 * minute, second; three or four may be a date, hour, minute, second.
 *
 * @param columns names of columns. @param types as DuckDB names them; all VARCHAR when left out.
 */
export function timeExpression(columns: readonly string[], hints: TimeHints = {}, types?: readonly string[]): string {
  const isNumber = (i: number) =>
    /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/.test(types?.[i] ?? '');
  const isTimestamp = (i: number) => /^(TIMESTAMP|DATE)/.test(types?.[i] ?? '');
  if (hints.format !== undefined) {
    const joined = columns.map((column) => `trim(${text(column)})`).join(` || ' ' || `);
    return since1000(milliseconds(`try_strptime(${joined}, ${literal(hints.format)})`));
  }
  if (columns.length === 1) {
    if (isTimestamp(0)) return timestampColumn(columns[0], types![0]);
    if (isNumber(0)) return numberTime(identifier(columns[0]), hints);
    return textTime(text(columns[0]), hints);
  }
  if (columns.length === 2) {
    const [date, time] = columns.map(text);
    const day = isTimestamp(0) ? timestampColumn(columns[0], types![0]) : textTime(date, hints);
    const together = textTime(`(${dayText(columns[0], isTimestamp(0))} || ' ' || trim(${time}))`, hints);
    return `CASE WHEN contains(${time}, ':') THEN ${together} ELSE ${day} + ${clockMs(finite(`try_cast(${time} AS DOUBLE)`), hints.clock)} END`;
  }
  const [asWritten, month, day, ...timeOfDay] = columns.map(text);
  const year = fullYear(`trim(${asWritten})`);
  const time = ['00', '00', '00'].map((none, i) =>
    i < timeOfDay.length ? `regexp_replace(${timeOfDay[i]}, '^[0-9](\\.|$)', '0\\0')` : `'${none}'`,
  );
  if (columns.length === 3 && columns.every((_, i) => isNumber(i))) {
    const [y, m, d] = columns.map((column) => `CAST(${identifier(column)} AS BIGINT)`);
    const isDate = `${m} BETWEEN 1 AND 12 AND ${y} BETWEEN 1000 AND 9999 AND ${d} BETWEEN 1 AND 28`;
    const plain = `CASE WHEN ${isDate} THEN epoch_ms(make_timestamp(${y}, ${m}, ${d}, 0, 0, 0))::DOUBLE END`;
    const odd = milliseconds(`try_cast(${year} || '-' || ${month} || '-' || ${day} AS TIMESTAMP)`);
    return `coalesce(${plain}, ${odd}, ${dayAndClock(columns, false, hints, types)})`;
  }
  const ofParts = milliseconds(
    `try_cast(${year} || '-' || ${month} || '-' || ${day} || ' ' || ${time.join(` || ':' || `)} AS TIMESTAMP)`,
  );
  return columns.length > 4 ? ofParts : `coalesce(${ofParts}, ${dayAndClock(columns, isTimestamp(0), hints, types)})`;
}

/** SQL of a date in one column, and its hour, minute and second in others. */
function dayAndClock(
  [date, ...clock]: readonly string[],
  isTimestamp: boolean,
  hints: TimeHints,
  types: readonly string[] | undefined,
): string {
  const day = isTimestamp ? timestampColumn(date, types![0]) : textTime(text(date), hints);
  const parts = clock.map((column, i) => {
    const number = `try_cast(${text(column)} AS DOUBLE)`;
    const [end, unitMs] = [
      [24, 3_600_000],
      [60, 60_000],
      [61, 1_000],
    ][i];
    return `CASE WHEN ${number} >= 0 AND ${number} < ${end} THEN ${number} * ${unitMs} END`;
  });
  // A year alone is no date.
  return `CASE WHEN length(trim(${text(date)})) > 4 THEN ${[day, ...parts].join(' + ')} END`;
}

/** The day of a date that another column has the time of: what has a type for both says midnight. */
function dayText(column: string, isTimestamp: boolean): string {
  return isTimestamp
    ? `CAST(CAST(${identifier(column)} AS DATE) AS VARCHAR)`
    : `regexp_replace(${text(column)}, '[ T]00:00(:00(\\.0+)?)?( ?(Z|UTC))?$', '')`;
}

/** A number of whatever type: a date of its digits, else an epoch; or a spreadsheet's day. */
function numberTime(column: string, hints: TimeHints): string {
  const number = finite(`try_cast(${column} AS DOUBLE)`);
  if (hints.isSpreadsheetSerial === true) return serialMs(number);
  const mayBeDate = MAY_BE_DATES.map(([from, to]) => `${number} BETWEEN ${from} AND ${to}`).join(' OR ');
  const digits = `CAST(CAST(${column} AS BIGINT) AS VARCHAR)`;
  return `coalesce(CASE WHEN ${mayBeDate} THEN ${dateOfDigits(digits, hints)} END, ${epochMs(number)})`;
}

/** A text: ISO 8601 at first, which DuckDB reads fastest, then numbers, then what people and servers write. */
function textTime(value: string, hints: TimeHints): string {
  const { dayFirst, isSpreadsheetSerial } = hints;
  const number = finite(`try_cast(${value} AS DOUBLE)`);
  // 1.572424E+12 has lost its last six digits: a spreadsheet's doing.
  const exact = `CASE WHEN NOT regexp_matches(${value}, '[eE]\\+?(8|9|[12][0-9])$') THEN ${number} END`;
  const ofNumber = isSpreadsheetSerial === true ? serialMs(exact) : epochMs(exact);
  return `coalesce(${isoTime(value)}, ${dateOfDigits(value, hints)}, ${ofNumber}, ${looseIsoTime(value)}, ${twelveHourTime(value)}, ${writtenTime(value, dayFirst)})`;
}

/**
 * TIMESTAMP leaves out an offset in silence and TIMESTAMPTZ lets a zone's name change how DuckDB 1.5 reads the rows after
 * it: each is asked only for what it reads right. TIMESTAMP is also twice as fast. Both take 31/10/19 for a day of the year 31.
 */
function isoTime(value: string): string {
  const offset = `contains(${value}, '+') OR contains(substr(${value}, 12), '-')`;
  const zoned = `regexp_replace(regexp_replace(${value}, ' (UTC|GMT)$', ''), ' ([+-])', '\\1')`;
  return `CASE WHEN NOT regexp_matches(${value}, '^\\s*[0-9]{4}') THEN NULL WHEN ${offset} THEN
      CASE WHEN regexp_matches(${zoned}, '^[0-9].*[+-][0-9]{2}(:?[0-9]{2})?$') THEN ${milliseconds(`try_cast(${zoned} AS TIMESTAMPTZ)`)} END
    ELSE ${milliseconds(`try_cast(${value} AS TIMESTAMP)`)} END`;
}

/** Any form of ISO 8601: basic, to the hour or the minute, with a decimal comma, in small letters; and a space for the T. */
const LOOSE_ISO =
  '^\\s*([0-9]{4})[-/]?([0-9]{2})[-/]?([0-9]{2})(?:[Tt]| +)([0-9]{2})(?:[Zz]|:?([0-9]{2})(?::?([0-9]{2})(?:[.,]([0-9]+))?)? ?([Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?\\s*$';

/** What ISO 8601 allows and DuckDB does not read. */
function looseIsoTime(value: string): string {
  const found = `regexp_extract(${value}, '${LOOSE_ISO}', ['y', 'mo', 'd', 'h', 'mi', 's', 'f', 'z'])`;
  const part = (name: string, otherwise = '') => `coalesce(nullif((${found}).${name}, ''), '${otherwise}')`;
  const date = `${part('y')} || '-' || ${part('mo')} || '-' || ${part('d')}`;
  const time = `${part('h')} || ':' || ${part('mi', '00')} || ':' || ${part('s', '00')} || '.' || ${part('f', '0')}`;
  const zone = `CASE WHEN left(${part('z')}, 1) IN ('+', '-') THEN ${part('z')} ELSE '+00' END`;
  return `CASE WHEN regexp_matches(${value}, '^\\s*[0-9]{4}') THEN ${milliseconds(`try_cast(${date} || ' ' || ${time} || ${zone} AS TIMESTAMPTZ)`)} END`;
}

/** A year first, and the hour of a clock of twelve. */
function twelveHourTime(value: string): string {
  const formats = TIMES_OF_DAY.filter((time) => time.includes('%p')).map((time) => literal(`%Y-%m-%d${time}`));
  return `CASE WHEN regexp_matches(${value}, '^\\s*[0-9]{4}[-/].*[AaPp][Mm]\\s*$') THEN
      ${milliseconds(`try_strptime(replace(trim(${value}), '/', '-'), [${formats.join(', ')}])`)} END`;
}

/** Digits → format, beside the ten of `2026112314`. */
const DATES_OF_DIGITS = [
  [8, '%Y%m%d'],
  [12, '%Y%m%d%H%M'],
  [14, '%Y%m%d%H%M%S'],
  [17, '%Y%m%d%H%M%S%g'],
] as const;

/**
 * `20261123`, `202611231405`, `20261123140500` of the years 1900 to 2099: as epochs they are of 1970, of 1976 or beyond 2570.
 * `2026112314` is a second of 2034: a date where no click can be of then. The length is looked at first: that is cheap.
 */
function dateOfDigits(value: string, { latestMs }: TimeHints): string {
  const isDate = `regexp_matches(${value}, '^(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]+$')`;
  const whens = DATES_OF_DIGITS.map(
    ([digits, format]) => `WHEN length(${value}) = ${digits} AND ${isDate} THEN ${digitsMs(value, format)}`,
  );
  const hour = `WHEN length(${value}) = 10 AND ${isDate} AND try_cast(${value} AS BIGINT) > ${(latestMs ?? 0) / 1000} THEN ${digitsMs(value, '%Y%m%d%H')}`;
  return `CASE ${whens.join(' ')} ${latestMs === undefined ? '' : hour} END`;
}

function digitsMs(value: string, format: string): string {
  return milliseconds(`try_strptime(${value}, ${literal(format)})`);
}

function writtenTime(value: string, dayFirst: boolean | undefined): string {
  const trimmed = `trim(${value})`;
  const zone = `regexp_replace(regexp_replace(${trimmed}, ' \\(.*\\)$', ''), ' ?(GMT|UTC)(?:([+-][0-9]{4}))?( [0-9]{4})?$', ' +0000\\2\\3')`;
  const zoned = `regexp_replace(${zone}, '\\+0000([+-])', '\\1')`;
  const worded = `CASE WHEN regexp_matches(${zoned}, ' [+-][0-9]{4}( [0-9]{4})?$') THEN ${wordedTime(zoned, WORDED_WITH_ZONE)}
    ELSE ${wordedTime(trimmed, WORDED)} END`;
  // Without a decision only dots tell: nobody writes the month before a dot.
  const part = (group: number) => `regexp_extract(${trimmed}, '${NUMERIC_DATE}', ${group})`;
  const monthFirst = dayFirst === undefined ? 'false' : `${!dayFirst} AND ${part(2)} <> '.'`;
  const known = dayFirst === undefined ? `${part(2)} = '.'` : 'true';
  const rest = `CASE WHEN ${part(5)} = '' THEN '' ELSE ' ' || ${part(5)} END`;
  const ordered = `${fullYear(part(4))} || '-' || CASE WHEN ${monthFirst} THEN ${part(1)} || '-' || ${part(3)} ELSE ${part(3)} || '-' || ${part(1)} END || ${rest}`;
  const formats = TIMES_OF_DAY.map((time) => literal(`%Y-%m-%d${time}`)).join(', ');
  return `CASE WHEN regexp_matches(${trimmed}, '${NUMERIC_DATE}') THEN
      CASE WHEN ${known} THEN ${milliseconds(`try_strptime(${ordered}, [${formats}])`)} END
    WHEN regexp_matches(${trimmed}, '[A-Za-z]{3}') AND regexp_matches(${trimmed}, '[0-9]') THEN ${worded} END`;
}

/** `%Y` takes 19 for the year 19: without four digits that are no zone, the formats are those of a year of two. */
function wordedTime(value: string, formats: readonly string[]): string {
  const parsed = (list: readonly string[]) => milliseconds(`try_strptime(${value}, [${list.map(literal).join(', ')}])`);
  return `CASE WHEN regexp_matches(${value}, '([^ ][-/]|[ ,])[0-9]{4}') THEN ${parsed(formats)}
    ELSE ${parsed(formats.map((format) => format.replace('%Y', '%y')))} END`;
}

/** SQL of a year of four digits; of two as `%y` reads them; NULL of any other number of digits. */
function fullYear(year: string): string {
  return `CASE length(${year}) WHEN 4 THEN ${year}
    WHEN 2 THEN CASE WHEN try_cast(${year} AS INTEGER) >= ${FIRST_SHORT_YEAR_OF_1900S} THEN '19' ELSE '20' END || ${year} END`;
}

/** NULL before the year 1000: then the year has fewer digits than its format asks for. */
function since1000(ms: string): string {
  return `CASE WHEN ${ms} >= ${YEAR_1000_MS} THEN ${ms} END`;
}

/** Of days since 1899-12-30. */
function serialMs(number: string): string {
  return `(${number} - 25569) * 86400000`;
}

function epochMs(number: string): string {
  return `CASE WHEN abs(${number}) < 1e11 THEN ${number} * 1e3 WHEN abs(${number}) < 1e14 THEN ${number}
    WHEN abs(${number}) < 1e17 THEN ${number} / 1e3 ELSE ${number} / 1e6 END`;
}

/** Parquet's seconds, milliseconds and nanoseconds reach further than microseconds do. */
function timestampColumn(column: string, type: string): string {
  return type === 'TIMESTAMP WITH TIME ZONE'
    ? milliseconds(`CASE WHEN isfinite(${identifier(column)}) THEN ${identifier(column)} END`)
    : milliseconds(`try_cast(${identifier(column)} AS TIMESTAMP)`);
}

function milliseconds(timestamp: string): string {
  return `try(epoch_us(${timestamp})) / 1e3`;
}

function text(column: string): string {
  return `CAST(${identifier(column)} AS VARCHAR)`;
}

/** A finite DOUBLE, or NULL. */
export function finite(expression: string): string {
  return `CASE WHEN isfinite(${expression}) THEN ${expression} END`;
}
