import { InputError } from '../errors.ts';

const DELIMITERS = [',', ';', '\t', '|', '~', '^', '\u0001', '::'];
/** Exports put a title, a date range or comments before the header, and never more lines than this. */
const MOST_LINES_BEFORE = 50;
/** A row may have a cell more than the header, where rows are numbered. */
const LINES_COMPARED = 5;
/** Rows have a number or a moment, or an empty cell. */
const IS_NAME = /^\s*[^\s\d+-]/;
/** More would be a table that was turned over; DuckDB takes about a megabyte a column. */
const MOST_COLUMNS = 2_000;

/** Tells a spreadsheet how the cells of the lines after it are separated; saved again, it has cells of its own. */
const IS_SEP = /^"?sep=.{0,2}"?[;,\t|]*$/i;

/** What to do where columns are missing. */
export const NAME_COLUMNS =
  "Name the columns of this file: session, product, and order or time; to take some files of a folder only, name those, as in --data 'folder/clicks*.csv'.";

export interface CsvLayout {
  delimiter: string;
  /** Unique, none empty, without surrounding spaces. */
  columns: string[];
  /** Of these, those that were renamed: name → as the file has it. */
  renamed: ReadonlyMap<string, string>;
  /** Lines before the header. */
  skipLines: number;
  hasHeader: boolean;
  /** Required column → what others of its name are called here. */
  repeated?: ReadonlyMap<string, string[]>;
}

/** What of a header is missing; empty when all is there. */
export type MissingOf = (columns: readonly string[]) => string[];

/**
 * Takes the header apart. The delimiter is the one that yields the columns that must be there: their names are known,
 * and say more than counting characters in the rows, which one stray quote misleads. So is the header's line, where
 * others come before it.
 *
 * @param start of the file, UTF-8. @param isWhole whether that is all of it. @param delimiter as asked for; undefined detects it.
 * @param advice what to do where columns are missing, of what
 * the header has.
 * @throws InputError naming the missing columns, what the header holds, and the delimiter that would fit.
 */
export function readCsvHeader(
  { start, isWhole, name: fileName }: { start: Uint8Array; isWhole: boolean; name: string },
  requiredColumns: readonly string[],
  missingOf: MissingOf,
  delimiter: string | undefined,
  advice: string | ((columns: readonly string[]) => string) = NAME_COLUMNS,
): CsvLayout {
  const text = new TextDecoder().decode(start);
  refuseMistakenUtf16(fileName, text);
  if (!isWhole && !/[\r\n]/.test(text)) throw tooLongHeader(fileName, start.length);
  const split = (by: string, at: { start: number; skipLines: number }): CsvLayout[] => {
    const cells = splitFirstRecord(text, by, at.start);
    if (cells === undefined) return [];
    refuseTooManyColumns(fileName, cells.length);
    return [{ delimiter: by, ...namesOf(cells, requiredColumns), skipLines: at.skipLines, hasHeader: true }];
  };
  const starts = headerStarts(text);
  const fits = (layout: CsvLayout) => missingOf(layout.columns).length === 0;
  const found = firstOf(starts, (at) =>
    (delimiter === undefined ? DELIMITERS : [delimiter]).flatMap((by) => split(by, at)).find(fits),
  );
  if (found !== undefined) {
    refuseWrongEncoding(fileName, found.columns);
    return found;
  }

  const readable = (delimiter === undefined ? DELIMITERS : [delimiter]).flatMap((by) => split(by, starts[0]));
  if (readable.length === 0) {
    throw new InputError(
      `${fileName} has a header whose quotes (") do not close: ${quoteNames([text.slice(starts[0].start).split(/[\r\n]/, 1)[0]])}. Close each quoted name before the next delimiter, or drop the quotes.`,
    );
  }
  const header = readable.reduce((a, b) => (b.columns.length > a.columns.length ? b : a));
  refuseWrongEncoding(fileName, header.columns);
  const message = `${fileName} has no column ${quoteNames(missingOf(header.columns))}. Separated by ${JSON.stringify(header.delimiter)}, its header has ${quoteNames(header.columns)}.`;
  const fitting = firstOf(starts, (at) => DELIMITERS.flatMap((by) => split(by, at)).find(fits));
  throw new InputError(
    fitting === undefined
      ? `${message}${hintFor(header.columns)} ${typeof advice === 'string' ? advice : advice(header.columns)}`
      : `${message} It is separated by ${JSON.stringify(fitting.delimiter)}: pass that as the delimiter, or leave it out to have it detected.`,
  );
}

/**
 * A guess at the header of a file of which no column is known: the first line that has about as many cells as the lines
 * after it. What an export puts before it has fewer.
 *
 * @returns undefined where no line has two cells.
 */
export function guessHeader(
  start: Uint8Array,
  delimiter: string | undefined,
): { delimiter: string; cells: number } | undefined {
  const text = new TextDecoder().decode(start);
  const starts = headerStarts(text);
  const guesses = (delimiter === undefined ? DELIMITERS : [delimiter]).flatMap((by) => {
    const lines = starts.map((at) => splitFirstRecord(text, by, at.start) ?? ['']);
    const counts = lines.map((cells) => cells.length);
    const line = counts.findIndex((count, i) => {
      const after = counts.slice(i + 1, i + 1 + LINES_COMPARED);
      const isTitle = after[0] > count && lines[i + 1].every((cell) => IS_NAME.test(cell));
      return count > 1 && !isTitle && after.every((later) => later > 1 && later <= count + 1);
    });
    const after = new Set(counts.slice(line + 1, line + 1 + LINES_COMPARED));
    return line < 0 ? [] : [{ delimiter: by, line, cells: counts[line], isEven: after.size <= 1 }];
  });
  // Commas inside of JSON or of texts are in each row another number.
  const [best] = guesses.toSorted(
    (a, b) => a.line - b.line || Number(b.isEven) - Number(a.isEven) || b.cells - a.cells,
  );
  return best && { delimiter: best.delimiter, cells: best.cells };
}

/** The layout of a file without a header. @throws InputError when its first line has not as many cells as there are names. */
export function layoutOfNames(
  { start, name: fileName }: { start: Uint8Array; name: string },
  names: readonly string[],
  delimiter: string | undefined,
): CsvLayout {
  const text = new TextDecoder().decode(start);
  refuseMistakenUtf16(fileName, text);
  const starts = headerStarts(text);
  const firstRows = (delimiter === undefined ? DELIMITERS : [delimiter]).map((by) => ({
    by,
    ...firstRow(text, by, starts, names.length),
  }));
  // A statement before the rows may be split by another delimiter than they are.
  const fitting = firstRows.filter(({ cells }) => cells === names.length).toSorted((a, b) => b.alike - a.alike)[0];
  if (fitting !== undefined) {
    return { delimiter: fitting.by, ...namesOf(names, names), skipLines: fitting.skipLines, hasHeader: false };
  }
  const most = firstRows.reduce((a, b) => (b.cells > a.cells ? b : a));
  throw new InputError(
    `${fileName} is said to have the ${names.length} columns ${quoteNames(names)}, but its first row has ${most.cells} cells, separated by ${JSON.stringify(most.by)}: ${quoteNames([text.slice(most.start).split(/[\r\n]/, 1)[0]])}. Give --names one name a cell.`,
  );
}

/**
 * The first line of several cells: one that is not split is no row of a table, but a comment or a statement before it.
 *
 * @returns also how many of the lines after it have as many cells as there are names.
 */
function firstRow(
  text: string,
  delimiter: string,
  starts: readonly { start: number; skipLines: number }[],
  names: number,
) {
  const counts = starts.map(({ start }) => splitFirstRecord(text, delimiter, start)?.length ?? 0);
  const line = Math.max(
    counts.findIndex((cells) => cells > 1),
    0,
  );
  const after = counts.slice(line + 1, line + 1 + LINES_COMPARED);
  return { ...starts[line], cells: counts[line], alike: after.filter((cells) => cells === names).length };
}

/**
 * Where a header may begin: at the first line that is neither blank nor a comment nor a spreadsheet's `sep=;`, then at each line
 * after it.
 */
function headerStarts(text: string): { start: number; skipLines: number }[] {
  const starts: { start: number; skipLines: number }[] = [];
  let start = text.startsWith('\ufeff') ? 1 : 0;
  for (let skipLines = 0; skipLines <= MOST_LINES_BEFORE && start < text.length; skipLines++) {
    const end = text.slice(start).search(/\r\n|\r|\n/);
    const line = end < 0 ? text.slice(start) : text.slice(start, start + end);
    if (line.trim() !== '' && !line.startsWith('#') && !IS_SEP.test(line)) starts.push({ start, skipLines });
    if (end < 0) break;
    start += end + (text.startsWith('\r\n', start + end) ? 2 : 1);
  }
  return starts.length === 0 ? [{ start: 0, skipLines: 0 }] : starts;
}

function firstOf<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function hintFor(columns: readonly string[]): string {
  const values = columns.filter((name) => /^[\d.:TZ+ -]*\d[\d.:TZ+ -]*$/.test(name));
  return values.length > 0
    ? ` Its first line looks like data (${quoteNames(values.slice(0, 2))}), not like a header: then name the columns with --names a,b,c.`
    : '';
}

function refuseWrongEncoding(fileName: string, columns: readonly string[]): void {
  if (columns.some((name) => name.includes('\ufffd'))) {
    throw new InputError(
      `${fileName} has a header that is not UTF-8: ${quoteNames(columns)}. If it is Latin-1 (Windows-1252), say so with the encoding "latin-1" (--encoding latin-1); anything else has to be made UTF-8, as in: iconv -f SHIFT_JIS -t UTF-8.`,
    );
  }
}

const CHARACTERS_COMPARED = 1_000;

/**
 * Text of one byte a character that was read as UTF-16 has no delimiter and no line end, but foreign characters that
 * are two of its own each.
 */
function refuseMistakenUtf16(fileName: string, text: string): void {
  const codes = Array.from(text.slice(0, CHARACTERS_COMPARED), (character) => character.charCodeAt(0));
  // A zero would be half of a letter of UTF-16 whose bytes stand the other way round.
  const isAscii = (code: number) => code > 0 && code < 0x80;
  const pairs = codes.filter((code) => isAscii(code & 0xff) && isAscii(code >> 8));
  if (!codes.some(isAscii) && pairs.length * 2 > codes.length) {
    throw new InputError(
      `${fileName} is not UTF-16, as the encoding (--encoding) says. Leave it out: UTF-16 is told by its bytes, and anything else is read as UTF-8.`,
    );
  }
}

/** @throws InputError when there are more columns, or JSON keys, than a table can have. */
export function refuseTooManyColumns(fileName: string, count: number): void {
  if (count > MOST_COLUMNS) {
    throw new InputError(
      `${fileName} has ${count.toLocaleString('en')} columns; at most ${MOST_COLUMNS.toLocaleString('en')} are read. Export the columns that say session, product and time, and a few others.`,
    );
  }
}

function tooLongHeader(fileName: string, bytes: number): InputError {
  return new InputError(
    `${fileName} has a first line of more than ${bytes.toLocaleString('en')} bytes, which is no header. Export a table with a line for each row.`,
  );
}

/** As many as a person reads; a file that is no table may "have" thousands. */
export function quoteNames(names: readonly string[]): string {
  const shown = names.slice(0, 30).map((name) => JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name));
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

/**
 * Names that can stand in one table: DuckDB's are not case-sensitive, so "Price" beside "price" becomes "Price_1".
 * A required name stays as it is.
 */
export function uniqueNames(names: readonly string[], requiredColumns: readonly string[]): string[] {
  const trimmed = names.map(plainName);
  const required = new Set(requiredColumns.filter((name) => trimmed.includes(name)));
  const taken = new Set(Array.from(required, (name) => name.toLowerCase()));
  const lastNumber = new Map<string, number>();
  return trimmed.map((name) => {
    if (required.delete(name)) return name;
    let unique = name;
    let n = lastNumber.get(name.toLowerCase()) ?? 0;
    while (taken.has(unique.toLowerCase())) unique = `${name}_${++n}`;
    lastNumber.set(name.toLowerCase(), n);
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** Without what DuckDB takes in no name: NUL, or nothing at all. */
function plainName(name: string, position: number): string {
  return name.replaceAll('\u0000', '').trim() || `column${position}`;
}

/** What `uniqueNames` had to change: the new name → the one that another column has as well, but for upper case. */
export function renamedOf(names: readonly string[], unique: readonly string[]): ReadonlyMap<string, string> {
  const changed = names.map(plainName).flatMap((name, i) => (name === unique[i] ? [] : [[unique[i], name] as const]));
  return new Map(changed);
}

function namesOf(
  names: readonly string[],
  requiredColumns: readonly string[],
): Pick<CsvLayout, 'columns' | 'renamed' | 'repeated'> {
  const columns = uniqueNames(names, requiredColumns);
  const renamed = renamedOf(names, columns);
  const repeated = new Map<string, string[]>();
  for (const [column, spelled] of renamed) {
    if (!columns.includes(spelled) || !requiredColumns.includes(spelled)) continue;
    repeated.set(spelled, [...(repeated.get(spelled) ?? []), column]);
  }
  return { columns, renamed, ...(repeated.size > 0 && { repeated }) };
}

/** Cells as RFC 4180 separates them; undefined when the quotes do not fit the delimiter. */
function splitFirstRecord(text: string, delimiter: string, start: number): string[] | undefined {
  const escaped = Array.from(delimiter, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const plainCell =
    delimiter.length === 1
      ? `[^"${escaped[0]}\\r\\n][^${escaped[0]}\\r\\n]*`
      : `(?!")(?:(?!${escaped.join('')})[^\\r\\n])+`;
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|(${plainCell})?)(${escaped.join('')}|[\\r\\n]|$)`, 'y');
  cell.lastIndex = start;
  const cells: string[] = [];
  for (;;) {
    const [, quoted, plain = '', end] = cell.exec(text) ?? [];
    if (end === undefined) return undefined;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== delimiter) return cells;
  }
}
