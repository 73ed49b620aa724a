import { dsvFormat } from 'd3-dsv';
import { InputError } from '../shared/errors.ts';

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
  const split = (by: string): CsvHeader => ({ delimiter: by, columns: uniqueNames(dsvFormat(by).parseRows(text)[0]) });
  const missingOf = ({ columns }: CsvHeader) => requiredColumns.filter((name) => !columns.includes(name));
  const candidates = DELIMITERS.map(split);
  const fitting = candidates.find((header) => missingOf(header).length === 0);
  if (delimiter === undefined && fitting !== undefined) return fitting;

  const best = candidates.reduce((a, b) => (b.columns.length > a.columns.length ? b : a));
  const header = delimiter === undefined ? best : split(delimiter);
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

function uniqueNames(names: readonly string[]): string[] {
  // DuckDB's names are not case-sensitive: "Price" and "price" cannot stand in one table.
  const taken = new Set<string>();
  return names.map((given, i) => {
    const name = given.replace(/^\ufeff/, '').trim() || `column${i}`;
    let unique = name;
    for (let n = 1; taken.has(unique.toLowerCase()); n++) unique = `${name}_${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
