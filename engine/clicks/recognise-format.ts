import { CLICK_FORMATS, type ClickFormat, columnsOf } from '../artifacts/click-formats.ts';
import { type Columns, type FormatName, faultOfColumns, type Reading, saysAll } from '../artifacts/click-source.ts';
import type { TrainingRequest } from '../artifacts/training-request.ts';
import { InputError } from '../errors.ts';
import { rootOf } from './column-path.ts';
import type { JsonValue } from './sample-rows.ts';
import { sampledFields } from './suggest-columns.ts';

/** How the files of a run are read, complete. */
export interface ResolvedReading extends Reading {
  /** As it was named or recognised. */
  format: FormatName | undefined;
}

type Request = Pick<TrainingRequest, 'format' | 'columns' | 'where' | 'names' | 'delimiter'>;

/** What the request says without a look at the files; undefined when their header has to tell the format. */
export function readingOfRequest(request: Request): ResolvedReading | undefined {
  if (!saysAll(request.format, request.columns)) return undefined;
  return complete(request, request.format);
}

/** The format whose header or first line a file has. */
export function recogniseFormat(columns: readonly string[], firstLine: string): FormatName | undefined {
  const has = new Set(columns);
  const names = Object.keys(CLICK_FORMATS) as FormatName[];
  return names.find((name) => {
    const { header, firstLine: pattern }: ClickFormat = CLICK_FORMATS[name];
    return header === undefined ? pattern?.test(firstLine) : header.every((column) => has.has(column));
  });
}

/** The reading of the format that the header tells; undefined when it is none that is known. */
export function readingOfHeader(
  request: Request,
  columns: readonly string[],
  firstLine: string,
): ResolvedReading | undefined {
  const format = recogniseFormat(columns, firstLine);
  return format && complete(request, format);
}

function complete(request: Request, format: FormatName | undefined): ResolvedReading {
  const known: Reading = format === undefined ? { columns: {} } : CLICK_FORMATS[format];
  const columns = columnsOf(format, request.columns);
  const fault = faultOfColumns(columns);
  if (fault !== undefined) throw new InputError(`The columns are not complete: ${fault.message}.`);
  return {
    format,
    columns,
    where: conditionsOf(request.where ?? known.where, format, columns),
    names: request.names ?? known.names,
    delimiter: request.delimiter ?? known.delimiter,
  };
}

/** With those that leave out rows which have no session, where the source says that some have none. */
function conditionsOf(
  where: readonly string[] | undefined,
  format: FormatName | undefined,
  { session, user }: Columns,
): readonly string[] | undefined {
  const { mayBeEmpty = [] }: Partial<ClickFormat> = format === undefined ? {} : CLICK_FORMATS[format];
  const named = [session ?? [], user ?? []].flat().map((name) => name.toLowerCase());
  const needed = mayBeEmpty.filter((name) => named.includes(name.toLowerCase())).map((name) => `${name}!=`);
  return needed.length === 0 ? where : [...new Set([...(where ?? []), ...needed])];
}

/** The reading, then with each of the other sessions that files of its format may have. */
export function variantsOf(reading: ResolvedReading): ResolvedReading[] {
  const { format, columns } = reading;
  const known: ClickFormat | undefined = format && CLICK_FORMATS[format];
  const { otherSessions = [] } = known ?? {};
  const isOwn = columns.user !== undefined || String(columns.session) !== String(known?.columns.session);
  if (isOwn) return [reading];
  return [reading, ...otherSessions.map((session) => ({ ...reading, columns: { ...columns, session } }))];
}

/**
 * Whether the first rows that count hold other values where the format has its product's id: the header alone is the format's.
 *
 * @param rows nested values as JSON has them.
 */
export function lacksProduct(
  { columns: { product, event, events } }: ResolvedReading,
  columns: readonly string[],
  rows: readonly Record<string, JsonValue>[],
): boolean {
  // A list of a text, as Adobe's, is no field.
  if (product === undefined || !/^[^[]+(\[\])?\.[^[]+$/.test(product)) return false;
  const counts = (row: Record<string, JsonValue>) => event === undefined || String(row[event]) in (events ?? {});
  const counted = event !== undefined && columns.includes(event) ? rows.filter(counts) : rows;
  const paths = sampledFields(columns, counted).map(({ path }) => path);
  return !paths.includes(product) && paths.some((path) => path !== rootOf(product) && rootOf(path) === rootOf(product));
}
