import type { Columns } from '../artifacts/click-source.ts';
import { InputError } from '../errors.ts';
import { quoteNames } from './csv-header.ts';
import { faultOfLine } from './json-line-fault.ts';
import { pathOfProducts, rolesOf, type SampledField, timeFormatOf } from './likely-columns.ts';
import { eventOption } from './likely-events.ts';
import {
  adviceOnListInList,
  adviceOnLists,
  adviceOnNoHeader,
  adviceOnNoOrder,
  adviceOnOneColumn,
} from './odd-tables.ts';
import type { JsonValue } from './sample-rows.ts';
import { baseName, oneOf, option } from './suggested-options.ts';

/** How deep fields are looked for. */
const MOST_LEVELS = 4;

/** The fields of rows, those inside of a column by their paths. */
export function sampledFields(columns: readonly string[], rows: readonly Record<string, JsonValue>[]): SampledField[] {
  const ofColumn = new Map(columns.map((column) => [column, new Map<string, string[]>()]));
  const dotted = columns.filter((name) => /[.[]/.test(name));
  const add = (column: string, path: string, value: JsonValue | undefined, level: number): void => {
    if (value === null || value === undefined || value === '') return;
    if (typeof value !== 'object') {
      const fields = ofColumn.get(column)!;
      const values = fields.get(path) ?? [];
      values.push(String(value));
      fields.set(path, values);
    } else if (level < MOST_LEVELS) {
      for (const [name, inner] of Array.isArray(value) ? elementsOf(value) : Object.entries(value)) {
        // A path cannot name what holds its own signs.
        if (/[.[\]]/.test(name)) continue;
        const innerPath = Array.isArray(value) ? path + pathOfElement(name) : `${path}.${name}`;
        // The column with the longest name that it begins with is meant.
        if (!dotted.some((other) => other !== column && isInside(innerPath, other)))
          add(column, innerPath, inner, level + 1);
      }
    }
  };
  for (const row of rows) for (const column of columns) add(column, column, row[column], 0);
  return Array.from(ofColumn).flatMap(([column, fields]) =>
    fields.size === 0 ? [{ path: column, values: [] }] : Array.from(fields, ([path, values]) => ({ path, values })),
  );
}

function isInside(path: string, column: string): boolean {
  return path.startsWith(column) && /^([.[]|$)/.test(path.slice(column.length));
}

/** A list of keys and values, as GA4's `event_params`, has a path for each key; any other list has one for all of its elements. */
function elementsOf(list: JsonValue[]): [string, JsonValue][] {
  return list.map((element) => {
    if (typeof element !== 'object' || element === null || Array.isArray(element)) return ['', element];
    const { key, value } = element;
    if (typeof key !== 'string' || value === undefined) return ['', element];
    const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : [value];
    return [key, inner.find((one) => one !== null) ?? null];
  });
}

function pathOfElement(name: string): string {
  return name === '' ? '[]' : `.${name}`;
}

/** A file of no known format. */
export interface UnknownFile {
  name: string;
  columns: readonly string[];
  fields: readonly SampledField[];
  /** Of a CSV file. */
  delimiter: string | undefined;
  firstLine: string;
}

/** What was said of how files are read, but not all of it. */
export interface Given {
  columns: Columns;
  /** By `--names`. */
  names?: readonly string[];
}

/** Says of a file of no known format what its columns look like, and the command to run as far as names and values tell it. */
function unknownFormat(file: UnknownFile, given: Given): InputError {
  const paths = file.fields.map(({ path }) => path);
  if (paths.length === 0) {
    return new InputError(
      `${file.name} is of no known format: its first line ${faultOfLine(file.firstLine)}. Export it again, with an object for each row.`,
    );
  }
  const separated = file.delimiter === '\t' ? ', separated by tabs,' : '';
  const looksLikeRow = given.names === undefined && paths.some((name) => /^\d[\d.:/TZtz+ -]+$/.test(name));
  const advice =
    paths.length === 1
      ? adviceOnOneColumn(paths[0], file.name)
      : looksLikeRow
        ? adviceOnNoHeader(
            file.columns.map((path) => file.fields.find((field) => field.path === path) ?? { path, values: [] }),
          )
        : suggestion(file, given, 'FILE');
  return new InputError(
    `${file.name} is of no known format. Its columns${separated} are ${quoteNames(looksLikeRow ? file.columns : paths)}.\n${advice}`,
  );
}

/** As many as a person reads. */
const MOST_FILES_SHOWN = 4;

/** Says of a folder whose files are of several layouts and of no known format which of them hold views, and how to take only these. */
export function unknownFiles(files: readonly UnknownFile[], given: Given): InputError {
  const [first] = files;
  const withViews = files.filter(({ fields }) => areViews(fields));
  if (files.length === 1 || withViews.length === 0) return unknownFormat(withViews[0] ?? first, given);
  const others = files.filter((file) => !withViews.includes(file));
  const says = others
    .slice(0, MOST_FILES_SHOWN)
    .map(
      ({ name, fields }) =>
        `  ${name}: ${fields.length === 0 ? 'no columns' : quoteNames(fields.map(({ path }) => path))}`,
    );
  const more = others.length > says.length ? [`  and ${others.length - says.length} more`] : [];
  const names = quoteNames(withViews.map(({ name }) => name));
  const which = withViews.length === 1 ? `${names} has` : `${names} have`;
  const choice =
    withViews.length === 1
      ? 'Train on it alone.'
      : `They may hold other events: views in one, purchases in another. Train on one of them alone, here ${quoteNames([likeliest(withViews).name])}; of those that are one table name several.`;
  return new InputError(
    [
      `The files are of no known format and have different columns, and all files of a folder are one table. Only ${which} a session or a user, a product and a time:`,
      ...says,
      ...more,
      `${choice} ${suggestion(likeliest(withViews), given, `FOLDER/${baseName(likeliest(withViews).name)}`)}`,
      'In place of FOLDER put the folder of these files.',
    ].join('\n'),
  );
}

/** Views before purchases. */
function likeliest(files: readonly UnknownFile[]): UnknownFile {
  return files.find(({ name }) => /view|click|session|event|visit/i.test(baseName(name))) ?? files[0];
}

function areViews(fields: readonly SampledField[]): boolean {
  const { session, user, product, time, order } = rolesOf(fields);
  return (session ?? user) !== undefined && product !== undefined && (time.length > 0 || order !== undefined);
}

/** @param data what `--data` names. */
function suggestion({ name, fields, delimiter }: UnknownFile, given: Given, data: string): string {
  const { session, user, product, time, order, event, others, repeated } = rolesOf(fields);
  const own = given.columns;
  const products = own.product ?? (product && pathOfProducts(product));
  const isNamed = own.session !== undefined || own.user !== undefined;
  const hasNobody = !isNamed && (session ?? user) === undefined;
  if (hasNobody && time.length === 0 && own.time === undefined && products?.endsWith('[]')) {
    return adviceOnLists(products, name, delimiter);
  }
  const outer = /^[\w.]+\[\](?=.*\[\])/.exec(products ?? '')?.[0];
  if (outer !== undefined && delimiter === undefined) {
    const inner = fields.flatMap(({ path, values }) =>
      path.startsWith(`${outer}.`) ? [{ path: path.slice(outer.length + 1), values }] : [],
    );
    const columns = inner.map(({ path }) => path);
    const rows = { name: 'rows.jsonl', columns, fields: inner, delimiter, firstLine: '' };
    return `${adviceOnListInList(outer, name)}\n${suggestion(rows, { columns: {} }, 'rows.jsonl')}`;
  }
  const times = own.time ?? time.map(({ path }) => path);
  const ordering = own.order ?? (own.time === undefined ? order?.path : undefined);
  const format = own.time === undefined && time.length === 1 ? timeFormatOf(time[0]) : undefined;
  const found = Object.entries({ session, user, product, time: time[0], order, event })
    .filter(([kind, field]) => field !== undefined && !(kind in own) && !(isNamed && /session|user/.test(kind)))
    .map(([kind, field], i) => `${quoteNames([field!.path])} ${i === 0 ? 'looks ' : ''}like the ${kind}`);
  const eventNames = Array.from(new Set(event?.values));
  const gap = own.gapSeconds === undefined ? '30m' : `${own.gapSeconds}s`;
  const isOrdered = times.length > 0 || ordering !== undefined;
  const isKnown = products !== undefined && !products.endsWith('[]') && !hasNobody;
  if (isKnown && !isOrdered && others.length === 0 && delimiter === ',' && given.names === undefined) {
    return adviceOnNoOrder(name, [...whoOptions(own, session, user, false, gap), option('product', products)]);
  }
  const options = [
    ...(given.names === undefined ? [] : [option('names', given.names.join())]),
    ...whoOptions(own, session, user, times.length > 0, gap),
    option('product', products),
    ...(ordering === undefined ? [] : [option('order', ordering)]),
    ...(own.time === undefined && (ordering !== undefined || (times.length === 0 && products?.endsWith('[]')))
      ? []
      : [option('time', times.join() || undefined)]),
    ...(format === undefined ? [] : [option('time-format', format)]),
    ...(event === undefined || own.event !== undefined ? [] : [option('event', event.path), eventOption(eventNames)]),
  ];
  const open = options.flatMap((text) => (text.endsWith(' COLUMN') ? [text.slice(2, -' COLUMN'.length)] : []));
  const says = [
    ...(found.length > 0 ? [`${found.join(', ')}.`] : []),
    ...(found.length === 0 && !isNamed ? ['None of them looks like a session, a product or a time.'] : []),
    ...(event === undefined ? [] : [`Its events are ${quoteNames(eventNames)}.`]),
    'Say which is which:',
  ];
  const lines = [
    says.join(' '),
    `  npm run train -- --data ${data} ${options.join(' ')}`,
    ...open.map(
      (role) => `In place of COLUMN put the ${role}: ${oneOf(choices(role === 'session' ? repeated : others))}.`,
    ),
    ...(options.some((text) => text.includes('NAME=1')) ? ['In place of NAME put the event that is a view.'] : []),
    'A known source is named with --format; a file without a header gets --names.',
  ];
  return lines.join('\n');
}

function whoOptions(
  own: Columns,
  session: SampledField | undefined,
  user: SampledField | undefined,
  hasTime: boolean,
  gap: string,
): string[] {
  if (own.session !== undefined || own.user !== undefined) {
    return [
      ...(own.session === undefined ? [] : [option('session', [own.session].flat().join())]),
      ...(own.user === undefined ? [] : [`${option('user', own.user)} --gap ${gap}`]),
    ];
  }
  return [
    user === undefined || !hasTime
      ? option('session', (session ?? user)?.path)
      : `${option('user', user.path)} --gap ${gap}`,
  ];
}

/** The columns that have the most values first: ids have. */
function choices(fields: readonly SampledField[]): string[] {
  const count = ({ values }: SampledField) => new Set(values).size;
  return fields.toSorted((a, b) => count(b) - count(a)).map(({ path }) => path);
}
