import type { Columns } from '../artifacts/click-source.ts';
import { InputError } from '../errors.ts';
import {
  type ColumnPath,
  findPath,
  listExpression,
  pathExpression,
  plainText,
  sharedList,
  valueType,
} from './column-path.ts';
import { quoteNames } from './csv-header.ts';
import { PLACEHOLDER_LIST } from './id-rules.ts';
import { type Condition, weightExpression } from './row-filter.ts';
import { newName, type Scan } from './scan.ts';
import { identifier, literal } from './sql.ts';
import { finite, type TimeHints, timeExpression } from './time-expression.ts';

/** The paths that a reading names, found in a table. */
export interface ViewPaths {
  /** Several are one id. */
  session: ColumnPath[];
  product: ColumnPath;
  order: ColumnPath | undefined;
  time: ColumnPath[];
  event: ColumnPath | undefined;
  conditions: (Condition & { path: ColumnPath })[];
  /** What explodes into views; undefined when a row is a view. */
  list: ColumnPath | undefined;
}

/** All columns that a reading names, as the user wrote them. */
export function namedColumns(columns: Columns, conditions: readonly Condition[]): string[] {
  const { product, order, time = [], event } = columns;
  return [
    ...sessionOf(columns),
    ...[product, order, ...time, event].filter((name) => name !== undefined),
    ...conditions.map(({ column }) => column),
  ];
}

/** A user's session is both together: ids of sessions may start anew with each user. */
export function sessionOf({ session, user }: Columns): string[] {
  return [...(user === undefined ? [] : [user]), ...(session === undefined ? [] : [session].flat())];
}

/** @throws InputError naming the columns that are not there. */
export function findPaths(
  columns: Columns,
  conditions: readonly Condition[],
  found: readonly string[],
  fileName: string,
): ViewPaths {
  const missing = namedColumns(columns, conditions).filter((name) => findPath(name, found) === undefined);
  if (missing.length > 0) {
    const similar = missing.flatMap((name) => found.filter((other) => other.toLowerCase() === name.toLowerCase()));
    const hint = similar.length === 0 ? '' : ` Names are case-sensitive: it has ${quoteNames(similar)}.`;
    throw new InputError(
      `${fileName} has no column ${quoteNames(missing)}. Its header has ${quoteNames(found)}.${hint} Name the columns of this file: session, product, and order or time.`,
    );
  }
  const path = (name: string) => findPath(name, found)!;
  const { product, order, time = [], event } = columns;
  const paths = {
    session: sessionOf(columns).map(path),
    product: path(product!),
    order: order === undefined ? undefined : path(order),
    time: time.map(path),
    event: event === undefined ? undefined : path(event),
    conditions: conditions.map((condition) => ({ ...condition, path: path(condition.column) })),
  };
  const all = [...paths.session, paths.product, paths.order, ...paths.time, paths.event].filter((p) => p !== undefined);
  return { ...paths, list: sharedList([...all, ...paths.conditions.map((condition) => condition.path)]) };
}

/** Names of the columns of `valuesOf`, the same for every table. */
const SESSION = (i: number) => `session_${i}`;
const TIME = (i: number) => `time_${i}`;

/**
 * SQL of the values that a view is made of, as they stand in the file: `session_0…`, `product`, `position`, `time_0…`,
 * `event`, `weight`; and `ordinal`, which is 1 where a row begins, when rows explode.
 *
 * @param base columns to hand through. @param from the scan's own, or one with more columns.
 */
export function valuesOf(
  scan: Scan,
  paths: ViewPaths,
  events: Columns['events'],
  from = scan.from,
  base: readonly string[] = [],
): string {
  const names = Array.from(scan.columns.keys());
  const list = newName('list', names);
  const element = newName('element', names);
  const ordinal = newName('ordinal', names);
  const value = (path: ColumnPath) => pathExpression(path, scan.columns.get(path.column)!, element);
  const hasWeights = paths.event !== undefined || paths.conditions.length > 0;
  const event = paths.event && `CAST(${value(paths.event)} AS VARCHAR)`;
  const weight = weightExpression(
    paths.conditions.map((condition) => ({ ...condition, sql: value(condition.path) })),
    event,
    events,
  );
  const select = [
    ...base,
    ...paths.session.map((path, i) => `${value(path)} AS ${SESSION(i)}`),
    `${value(paths.product)} AS product`,
    ...(paths.order === undefined ? [] : [`${value(paths.order)} AS position`]),
    ...paths.time.map((path, i) => `${value(path)} AS ${TIME(i)}`),
    ...(event === undefined ? [] : [`${event} AS event`]),
    ...(hasWeights ? [`${weight} AS weight`] : []),
    ...(paths.list === undefined ? [] : [`${ordinal} AS ordinal`]),
  ].join(', ');
  if (paths.list === undefined) return `SELECT ${select} FROM ${from}`;
  const type = scan.columns.get(paths.list.column)!;
  return `SELECT ${select} FROM (SELECT *, unnest(${list}) AS ${element}, unnest(range(1, len(${list}) + 1)) AS ${ordinal}
    FROM (SELECT *, ${listExpression(paths.list, type)} AS ${list} FROM ${from}))`;
}

/** Whether `valuesOf` has a weight. */
export function hasWeights({ event, conditions }: ViewPaths): boolean {
  return event !== undefined || conditions.length > 0;
}

/** Type of a column of `valuesOf`. */
function typeOf(scan: Scan, path: ColumnPath): string {
  return valueType(path, scan.columns.get(path.column)!);
}

/**
 * SQL of the views in the order of the files: text and hash of the session, text and hash of the product, then time,
 * position, weight and ordinal where there are such. Text that is missing is empty, a number that is missing NaN.
 *
 * @returns undefined when nothing is asked for.
 */
export function viewQuery(
  scan: Scan,
  paths: ViewPaths,
  events: Columns['events'],
  hints: TimeHints,
  { hasIds, hasTimes, hasOrders }: Record<'hasIds' | 'hasTimes' | 'hasOrders', boolean>,
): string | undefined {
  const number = (expression: string) => `coalesce(${expression}, 'nan'::DOUBLE)`;
  const times = paths.time.map((_, i) => TIME(i));
  const timeTypes = paths.time.map((path) => typeOf(scan, path));
  const product = `coalesce(${plainText('product', typeOf(scan, paths.product))}, '')`;
  const ids = `SELECT *, ${sessionText(paths.session.map((path) => typeOf(scan, path)))} AS session_text, ${product} AS product_text
    FROM (${valuesOf(scan, paths, events)})`;
  const select = [
    ...(hasIds ? ['session_text, hash(session_text), product_text, hash(product_text)'] : []),
    ...(times.length === 0 || !hasTimes ? [] : [number(timeExpression(times, hints, timeTypes))]),
    ...(paths.order === undefined || !hasOrders ? [] : [number(finite('try_cast(position AS DOUBLE)'))]),
    ...(hasWeights(paths) ? ['weight'] : []),
    ...(paths.list === undefined ? [] : ['ordinal::DOUBLE']),
  ];
  return select.length === 0 ? undefined : `SELECT ${select.join(', ')} FROM (${ids})`;
}

/** One id as it stands, several joined so that no two ids become one; empty when a part is none. */
function sessionText(types: readonly string[]): string {
  const texts = types.map((type, i) => plainText(SESSION(i), type));
  if (texts.length === 1) return `coalesce(${texts[0]}, '')`;
  const parts = texts.map((text) => `trim(${text})`);
  const isNone = texts.map(isNoId);
  const escaped = parts.map((part) => `replace(replace(${part}, '\\', '\\\\'), '|', '\\|')`);
  return `CASE WHEN ${isNone.join(' OR ')} THEN '' ELSE ${escaped.join(` || '|' || `)} END`;
}

/** SQL of a value of `valuesOf` for a message. */
export function quotedValue(name: string): string {
  return `coalesce('found ' || to_json(left(CAST(${identifier(name)} AS VARCHAR), 200))::VARCHAR, 'it is empty')`;
}

/** SQL of a row's time for a message: each part. */
export function quotedTime(paths: ViewPaths): string {
  return paths.time.map((_, i) => quotedValue(TIME(i))).join(` || ', ' || `);
}

/** SQL of a time column as text, for hints: of rows that count and have nothing else against them. @param i which, from 0. */
export function timeText(scan: Scan, paths: ViewPaths, events: Columns['events'], i: number): string {
  const ids = [
    sessionText(paths.session.map((path) => typeOf(scan, path))),
    plainText('product', typeOf(scan, paths.product)),
  ];
  const holds = [
    ...ids.map((id) => `NOT ${isNoId(id)}`),
    ...(paths.order === undefined ? [] : ['isfinite(try_cast(position AS DOUBLE))']),
    ...(hasWeights(paths) ? ['weight > 0'] : []),
  ];
  return `(SELECT CAST(${TIME(i)} AS VARCHAR) AS value FROM (${valuesOf(scan, paths, events)}) WHERE ${holds.join(' AND ')})`;
}

/** SQL of whether a text is empty or a placeholder. */
function isNoId(text: string): string {
  return `coalesce(lower(trim(${text})) IN ('', ${PLACEHOLDER_LIST.map(literal).join(', ')}), true)`;
}

/** SQL of the names of events. */
export function eventNames(scan: Scan, paths: ViewPaths, events: Columns['events']): string {
  return `SELECT event FROM (${valuesOf(scan, paths, events)})`;
}
