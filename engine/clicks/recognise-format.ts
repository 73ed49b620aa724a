import { CLICK_FORMATS, type ClickFormat, columnsOf } from '../artifacts/click-formats.ts';
import { type FormatName, faultOfColumns, namesColumns, type Reading } from '../artifacts/click-source.ts';
import type { TrainingRequest } from '../artifacts/training-request.ts';
import { InputError } from '../errors.ts';

/** How the files of a run are read, complete. */
export interface ResolvedReading extends Reading {
  /** As it was named or recognised. */
  format: FormatName | undefined;
}

type Request = Pick<TrainingRequest, 'format' | 'columns' | 'where' | 'names' | 'delimiter'>;

/** What the request says without a look at the files; undefined when their header has to tell the format. */
export function readingOfRequest(request: Request): ResolvedReading | undefined {
  if (request.format === undefined && !namesColumns(request.columns)) return undefined;
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
    where: request.where ?? known.where,
    names: request.names ?? known.names,
    delimiter: request.delimiter ?? known.delimiter,
  };
}
