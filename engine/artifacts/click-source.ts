import * as z from 'zod';
import { unknownNames } from './request-faults.ts';

/** A column's name, or a path into it: see `engine/clicks/column-path.ts`. */
const column = z.string().min(1, { error: "a column's name" });

/** `2` or `2.5`: how much a row of this event counts. */
const eventWeights = z
  .record(z.string().min(1), z.number().min(0).max(1000))
  .refine((weights) => Object.values(weights).some((weight) => weight > 0), {
    error: 'at least one event that counts, such as view_item=1',
  });

/**
 * Which column is which. `order` or `time` says what came first; `time` columns are read together, coarsest first.
 * What is left out comes from the request's format, or from the one that the header belongs to.
 */
export const columnsShape = {
  /** One column, or several that together are the session's id. */
  session: z
    .union([column, z.array(column).min(1).max(6)], { error: "a column's name, or a list of up to six" })
    .optional(),
  /** In place of a session, or beside one: whose views they are. */
  user: column.optional(),
  /** A session ends where the pause to the next view is longer. */
  gapSeconds: z.number().positive().max(31_536_000).optional(),
  product: column.optional(),
  order: column.optional(),
  time: z.array(column).min(1).max(6).optional(),
  /** As `strptime` takes it, such as %d/%m/%Y %H:%M; known formats need none. */
  timeFormat: z.string().includes('%', { error: 'a format with % such as %d/%m/%Y %H:%M:%S' }).optional(),
  /** Whether 03/04/2026 is in April. */
  dayFirst: z.boolean().optional(),
  event: column.optional(),
  /** Event → weight; other events do not count. */
  events: eventWeights.optional(),
};
export const columnsSchema = z.strictObject(columnsShape, { error: unknownNames('column', columnsShape) });
export type Columns = z.infer<typeof columnsSchema>;

export const FORMAT_NAMES = [
  'eshop',
  'ga4',
  'ga4-flat',
  'segment',
  'snowplow',
  'matomo',
  'adobe',
  'retailrocket',
  'rees46',
  'yoochoose',
  'diginetica',
  'otto',
  'instacart',
  'online-retail',
  'hm',
  'userbehavior',
  'alike',
] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** `COL=VALUE`, or with !=, <, <=, >, >=. */
export const CONDITION = /^(?<column>.+?)(?<operator>!=|<=|>=|=|<|>)(?<value>.*)$/s;

/** @returns why a condition would keep other rows than it seems to; undefined when it would not. */
export function faultOfCondition(condition: string): string | undefined {
  const { operator = '', value = '' } = CONDITION.exec(condition)?.groups ?? {};
  const number = value.trim();
  // It is no number, so it would be compared as text: "9" is more than "100,5".
  return /[<>]/.test(operator) && /^-?\d+,\d+$/.test(number)
    ? `found ${JSON.stringify(number)}; write ${number.replace(',', '.')}`
    : undefined;
}

/** What says how files are read, in a training request and in a deployment's settings. */
export const readingShape = {
  format: z.enum(FORMAT_NAMES).optional(),
  columns: columnsSchema.default({}),
  /** Only rows that hold to all of these; those of one column with `=` are alternatives. */
  where: z
    .array(z.string().regex(CONDITION, { error: 'a condition such as country=CH or Quantity>0' }))
    .min(1)
    .optional(),
  /** The files have no header: these are their columns. */
  names: z.array(column).min(1).optional(),
  /** Detected when absent. */
  delimiter: z
    .string()
    .min(1)
    .refine((text) => text.length === 1 || text === '::', { error: 'one character, or "::"' })
    .optional(),
  encoding: z.enum(['utf-8', 'latin-1', 'utf-16']).default('utf-8'),
};

/** What a request or a format says about the files. */
export interface Reading {
  columns: Columns;
  where?: readonly string[];
  names?: readonly string[];
  delimiter?: string;
}

/** Whether a request names columns of its own; if not, the header tells the format. */
export function namesColumns({ session, user, product, order, time }: Columns): boolean {
  return [session, user, product, order, time].some((named) => named !== undefined);
}

/** Whether a request says by itself which column is which; if not, the header tells the format whose columns are the rest. */
export function saysAll(format: FormatName | undefined, { session, user, product, order, time }: Columns): boolean {
  if (format !== undefined) return true;
  const isOrdered = order !== undefined || time !== undefined || /\[\D?\]/.test(product ?? '');
  return (session !== undefined || user !== undefined) && product !== undefined && isOrdered;
}

/** What is missing or does not fit together, and the column that would mend it; undefined when they are complete. */
export function faultOfColumns(columns: Columns): { column: keyof Columns; message: string } | undefined {
  const { session, user, product, order, time, timeFormat, dayFirst, gapSeconds, event, events } = columns;
  const fault = (column: keyof Columns, message: string) => ({ column, message });
  if (session === undefined && user === undefined) {
    return fault('session', 'name the column of the "session", or a "user" with a gap');
  }
  if (product === undefined) return fault('product', 'name the column of the "product"');
  if (order === undefined && time === undefined && !/\[\D?\]/.test(product)) {
    return fault('order', 'name the column that orders the views of a session: "order", or one or more "time" columns');
  }
  if (session === undefined && gapSeconds === undefined) {
    return fault('gapSeconds', 'a "user" without a "session" needs a gap: without one a lifetime would be one session');
  }
  if (gapSeconds !== undefined && time === undefined) {
    return fault('time', 'a gap is measured in time: name one or more "time" columns');
  }
  if (time === undefined && (timeFormat !== undefined || dayFirst !== undefined)) {
    return fault(
      'time',
      '"timeFormat" and "dayFirst" say how a time is written: name one or more "time" columns, or leave them out',
    );
  }
  if (events !== undefined && event === undefined) {
    return fault('event', 'name the "event" column whose values the weights are for');
  }
  if (event !== undefined && events === undefined) return fault('events', 'say which "events" count, and for how much');
  return undefined;
}

/** What DuckDB's `strptime` takes; a test asks it. */
const TIME_SPECIFIERS =
  '%a %A %b %B %c %d %-d %f %g %G %h %H %-H %I %-I %j %-j %m %-m %M %-M %n %p %S %-S %T %u %U %V %w %W %x %X %y %-y %Y %z %Z %%';

/** @returns the first part of a time's format that is not known; undefined when all of it is. */
export function faultOfTimeFormat(format: string): string | undefined {
  const known = TIME_SPECIFIERS.split(' ');
  const unknown = format.match(/%-?.?/gsu)?.find((specifier) => !known.includes(specifier));
  return (
    unknown &&
    `found ${JSON.stringify(unknown)} in the format of the time (--time-format), which takes ${TIME_SPECIFIERS}`
  );
}

const UNIT_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `30m`, `2h`, `1d`, `90s` or plain seconds. @returns undefined when it is none. */
export function parseGapSeconds(text: string): number | undefined {
  const { number, unit } = /^(?<number>\d+(?:\.\d+)?)(?<unit>[smhd]?)$/.exec(text.trim())?.groups ?? {};
  return number === undefined ? undefined : Number(number) * UNIT_SECONDS[(unit || 's') as keyof typeof UNIT_SECONDS];
}

/**
 * `view_item=1,add_to_cart=3`; an event without a weight counts 1.
 *
 * @returns undefined when it is none, or when an event is there twice.
 */
export function parseEvents(text: string): Record<string, number> | undefined {
  const entries = text.split(',').map((part): [string, number] => {
    const [, name, weight = '1'] = /^(.+?)(?:=([\d.]+))?$/.exec(part.trim()) ?? [];
    return [name, Number(weight)];
  });
  const names = new Set(entries.map(([name]) => name));
  return names.size < entries.length ||
    entries.some(([name, weight]) => name === undefined || name.includes('=') || Number.isNaN(weight))
    ? undefined
    : Object.fromEntries(entries);
}
