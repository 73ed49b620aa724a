import { InputError } from '../errors.ts';

const DELIMITERS = [',', ';', '\t', '|'];

export interface CsvHeader {
  delimiter: string;
  /** Unique, none empty, without surrounding spaces. */
  columns: string[];
}

/**
 * Takes the header apart. The delimiter is the one that yields the columns that must be there: their names are known,
 * and say more than counting characters in the rows, which one stray quote misleads.
 *
 * @param start of the file, UTF-8. @param delimiter as asked for; undefined detects it.
 * @throws InputError naming the missing columns, what the header holds, and the delimiter that would fit.
 */
export function readCsvHeader(
  start: Uint8Array,
  fileName: string,
  requiredColumns: readonly string[],
  delimiter: string | undefined,
): CsvHeader {
  const text = new TextDecoder().decode(start);
  const split = (by: string): CsvHeader[] => {
    const cells = splitFirstRecord(text, by);
    return cells === undefined ? [] : [{ delimiter: by, columns: uniqueNames(cells, requiredColumns) }];
  };
  const missingOf = ({ columns }: CsvHeader) => requiredColumns.filter((name) => !columns.includes(name));
  const candidates = DELIMITERS.flatMap(split);
  const fitting = candidates.find((header) => missingOf(header).length === 0);
  const readable = delimiter === undefined ? candidates : split(delimiter);
  if (readable.length === 0) {
    throw new InputError(
      `${fileName} has a header whose quotes (") do not close: ${quoteNames([text.split(/[\r\n]/, 1)[0]])}. Close each quoted name before the next delimiter, or drop the quotes.`,
    );
  }
  const mostColumns = readable.reduce((a, b) => (b.columns.length > a.columns.length ? b : a));
  const header = delimiter === undefined ? (fitting ?? mostColumns) : mostColumns;
  if (header.columns.some((name) => name.includes('\ufffd'))) {
    throw new InputError(
      `${fileName} has a header that is not UTF-8: ${quoteNames(header.columns)}. If it is Latin-1 (Windows-1252), say so with the encoding "latin-1".`,
    );
  }
  const missing = missingOf(header);
  if (missing.length === 0) return header;
  const found = `${fileName} has no column ${quoteNames(missing)}. Separated by ${JSON.stringify(header.delimiter)}, its header has ${quoteNames(header.columns)}.`;
  throw new InputError(
    fitting === undefined
      ? `${found} Name the columns of this file: session, product, and order or time.`
      : `${found} It is separated by ${JSON.stringify(fitting.delimiter)}: pass that as the delimiter, or leave it out to have it detected.`,
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
  const trimmed = names.map((name, i) => name.trim() || `column${i}`);
  const required = new Set(requiredColumns.filter((name) => trimmed.includes(name)));
  const taken = new Set(Array.from(required, (name) => name.toLowerCase()));
  return trimmed.map((name) => {
    if (required.delete(name)) return name;
    let unique = name;
    for (let n = 1; taken.has(unique.toLowerCase()); n++) unique = `${name}_${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** Cells as RFC 4180 separates them; undefined when the quotes do not fit the delimiter. */
function splitFirstRecord(text: string, delimiter: string): string[] | undefined {
  const by = `\\u${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${by}\\r\\n][^${by}\\r\\n]*)?)(${by}|[\\r\\n]|$)`, 'y');
  const cells: string[] = [];
  for (;;) {
    const [, quoted, plain = '', end] = cell.exec(text) ?? [];
    if (end === undefined) return undefined;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== delimiter) return cells;
  }
}
