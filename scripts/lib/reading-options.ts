import { type Command, Option } from 'commander';
import { columnsOf } from '../../engine/artifacts/click-formats.ts';
import {
  CONDITION,
  type Columns,
  FORMAT_NAMES,
  type FormatName,
  faultOfColumns,
  parseEvents,
  parseGapSeconds,
  saysAll,
} from '../../engine/artifacts/click-source.ts';
import { repeatable } from './repeatable.ts';
import { UsageError } from './usage-error.ts';

/** What says how files are read, as commander hands it over. */
export interface ReadingOptions {
  format?: FormatName;
  session?: string | string[];
  user?: string;
  gap?: string;
  product?: string;
  order?: string;
  time?: string[];
  timeFormat?: string;
  dayFirst?: boolean;
  event?: string;
  events?: string;
  where?: string[];
  names?: string[];
  delimiter?: string;
  encoding?: string;
}

const list = (text: string) => text.split(',').map((name) => name.trim());

/** Adds the options that say which column is which. */
export function withReadingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <name>', 'a known source; told by the header when no column is named').choices([
        ...FORMAT_NAMES,
      ]),
    )
    .option('--session <columns>', "the column with a session's id, or several that together are one", list)
    .option('--user <column>', 'whose views they are, where there is no session: with --gap')
    .option('--gap <time>', 'a session ends at a longer pause, such as 30m, 2h or 1d')
    .option('--product <path>', "the column with a product's id, or a path such as items[].item_id")
    .option('--order <column>', "the column that numbers a session's views")
    .option('--time <columns>', 'the column, or columns separated by commas, that say when', list)
    .option('--time-format <format>', 'of the time, where it is not understood: %d/%m/%Y %H:%M:%S')
    .option('--day-first', '03/04/2026 is in April')
    .option('--event <column>', 'the column that says what happened')
    .option('--events <weights>', 'events that count, and how much: view_item=1,add_to_cart=3,purchase=5')
    .option(
      '--where <condition>',
      'keep only these rows: country=CH, Quantity>0; may be given again',
      repeatable(collectCondition),
    )
    .option('--names <columns>', 'the file has no header: these are its columns', list)
    .option('--delimiter <character>', 'detected when left out')
    .addOption(new Option('--encoding <name>', 'of a text file').choices(['utf-8', 'latin-1', 'utf-16']));
}

/** @throws UsageError when it is not of that form. */
function collectCondition(text: string, before: string[] = []): string[] {
  if (!CONDITION.test(text)) {
    throw new UsageError(
      `--where takes COLUMN=VALUE, or !=, <, <=, > or >= in place of the =; found ${JSON.stringify(text)}.`,
    );
  }
  return [...before, text];
}

/** What was typed about how files are read. @throws UsageError naming the option that is wrong. */
export function typedReadingOf(options: ReadingOptions): Record<string, unknown> {
  const columns = typedColumnsOf(options);
  return withoutUndefined({
    format: options.format,
    columns: Object.keys(columns).length === 0 ? undefined : columns,
    where: options.where,
    names: options.names,
    delimiter: options.delimiter === '\\t' ? '\t' : options.delimiter,
    encoding: options.encoding,
  });
}

/** @throws UsageError where what was typed does not fit together. What is missing the header may tell. */
export function requireColumns(options: ReadingOptions): void {
  const own = typedColumnsOf(options);
  const isLifetime = own.user !== undefined && own.session === undefined && own.gapSeconds === undefined;
  if (!isLifetime && !saysAll(options.format, own)) return;
  const fault = faultOfColumns(isLifetime ? { time: ['time'], product: 'product', ...own } : own);
  if (fault !== undefined) throw new UsageError(`The columns do not fit together: ${fault.message}.`);
}

/** Those of the format with the typed ones in their place: a stored request says all that it took. */
function typedColumnsOf(options: ReadingOptions): Columns {
  const { session, user, product, order, time, timeFormat, dayFirst, event } = options;
  const own: Columns = withoutUndefined({
    session: typeof session === 'string' || session?.length !== 1 ? session : session[0],
    user,
    gapSeconds: parsed('--gap', options.gap, parseGapSeconds, '30m, 2h, 1d or seconds'),
    product,
    order,
    time,
    timeFormat,
    dayFirst,
    event,
    events: parsed('--events', options.events, parseEvents, 'view_item=1,add_to_cart=3, each event once'),
  });
  return columnsOf(options.format, own);
}

function parsed<T>(option: string, text: string | undefined, parse: (text: string) => T | undefined, allowed: string) {
  if (text === undefined) return undefined;
  const value = parse(text);
  if (value === undefined) throw new UsageError(`${option} takes ${allowed}; found ${JSON.stringify(text)}.`);
  return value;
}

export function withoutUndefined<T extends Record<string, unknown>>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
