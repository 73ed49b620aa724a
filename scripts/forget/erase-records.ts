import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { InputError, messageOf } from '../../engine/errors.ts';

/** Whose records are meant: those whose cell in this column is one of the ids. */
export interface Visitor {
  /** A column, or a dotted path into a JSON record. */
  column: string;
  ids: readonly string[];
}

export interface TextReading {
  /** Found by the column when left out. */
  delimiter: string | undefined;
  encoding: 'utf-8' | 'latin-1' | 'utf-16';
  /** Of a file without a header. */
  names: readonly string[] | undefined;
}

export interface Erased {
  bytes: Uint8Array;
  /** How many records went. */
  count: number;
}

/** Of ASCII only: a byte of a longer character may look like another space. */
const SPACES = /^[ \t]+|[ \t]+$/g;
const DELIMITERS = [',', ';', '\t', '|'];
/** A JavaScript string has no more than about 512 Mi characters, and a file is kept in memory twice. */
const MOST_BYTES = 400_000_000;

/**
 * A text file (CSV, TSV, JSON Lines; plain, gzip or zstd) without a visitor's records; every other byte stays as it is.
 *
 * @param name its key; the ending says how it is compressed.
 * @throws InputError when the file cannot be searched: too large, or without the column.
 */
export function eraseRecords(file: Uint8Array, name: string, visitor: Visitor, reading: TextReading): Erased {
  const isGzip = file[0] === 0x1f && file[1] === 0x8b;
  const isZstd = file[0] === 0x28 && file[1] === 0xb5 && file[2] === 0x2f && file[3] === 0xfd;
  const plain = unpacked(file, name, isGzip ? gunzipSync : isZstd ? zstdDecompressSync : Buffer.from);
  if (plain.length > MOST_BYTES) {
    throw new InputError(`${name} has ${plain.length} bytes; up to ${MOST_BYTES} can be searched. Split the file.`);
  }
  // A byte a character: what is kept is kept to the byte, and UTF-8's delimiters and line ends are those of ASCII.
  const charset = reading.encoding === 'utf-16' ? 'utf16le' : 'latin1';
  const written = (text: string) =>
    charset === 'latin1' && reading.encoding === 'utf-8' ? Buffer.from(text, 'utf8').toString('latin1') : text;
  const inFile = { column: written(visitor.column), ids: new Set(visitor.ids.map(written)) };
  const text = plain.toString(charset);
  const { kept, count } = /^\s*\{/.test(text)
    ? keepJsonLines(text, visitor)
    : keepRows(text, name, inFile, reading.delimiter, reading.names?.map(written));
  if (count === 0) return { bytes: file, count };
  const bytes = Buffer.from(kept, charset);
  return { bytes: isGzip ? gzipSync(bytes) : isZstd ? zstdCompressSync(bytes) : bytes, count };
}

/** @throws InputError when the file was cut off, or is damaged. */
function unpacked(file: Uint8Array, name: string, unpack: (bytes: Uint8Array) => Buffer): Buffer {
  try {
    return unpack(file);
  } catch (cause) {
    throw new InputError(
      `${name} cannot be unpacked (${messageOf(cause)}), and so not searched for a visitor. Upload it again, or delete it first.`,
      { cause },
    );
  }
}

function keepJsonLines(text: string, { column, ids }: Visitor): { kept: string; count: number } {
  let count = 0;
  const kept = text.split(/(?<=\n)/).filter((line) => {
    const isTheirs = ids.includes(valueAt(line, column));
    if (isTheirs) count++;
    return !isTheirs;
  });
  return { kept: kept.join(''), count };
}

/** @returns '' where there is none; a line that is no JSON has no visitor. */
function valueAt(latin1Line: string, path: string): string {
  try {
    const record: unknown = JSON.parse(Buffer.from(latin1Line, 'latin1').toString('utf8'));
    const direct = (record as Record<string, unknown>)[path];
    const value =
      direct ??
      path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], record);
    return value === undefined || value === null ? '' : String(value);
  } catch {
    return '';
  }
}

function keepRows(
  text: string,
  name: string,
  { column, ids }: { column: string; ids: ReadonlySet<string> },
  given: string | undefined,
  names: readonly string[] | undefined,
): { kept: string; count: number } {
  const rows = rowsOf(text);
  const header = rows[0] ?? '';
  const withoutMark = header.replace(/^(\u00ef\u00bb\u00bf|\ufeff)/, '');
  const delimiter =
    given ?? DELIMITERS.find((candidate) => (names ?? cellsOf(withoutMark, candidate)).includes(column));
  const columns = names ?? cellsOf(withoutMark, delimiter ?? ',');
  const position = columns.indexOf(column);
  if (delimiter === undefined || position === -1) {
    throw new InputError(
      `${name} has no column ${JSON.stringify(column)}; it cannot be searched for a visitor. If it is no data of yours, delete it first.`,
    );
  }
  let count = 0;
  const kept = rows.filter((row, i) => {
    if (i === 0 && names === undefined) return true;
    const isTheirs = ids.has(cellsOf(row, delimiter)[position]?.replaceAll(SPACES, ''));
    if (isTheirs) count++;
    return !isTheirs;
  });
  return { kept: kept.join(''), count };
}

/** With their line ends; a line end inside quotes belongs to its cell. */
function rowsOf(text: string): string[] {
  const rows: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted;
    else if (text[i] === '\n' && !quoted) {
      rows.push(text.slice(start, i + 1));
      start = i + 1;
    }
  }
  if (start < text.length) rows.push(text.slice(start));
  return rows;
}

function cellsOf(row: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  const line = row.replace(/\r?\n$/, '');
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"') {
      if (quoted && line[i + 1] === '"') cell += line[i++];
      else quoted = !quoted;
    } else if (!quoted && line.startsWith(delimiter, i)) {
      cells.push(cell);
      cell = '';
      i += delimiter.length - 1;
    } else cell += line[i];
  }
  return [...cells, cell];
}
