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
/** Of UTF-8, a byte a character, or of UTF-16. */
const BYTE_ORDER_MARK = /^(\u00ef\u00bb\u00bf|\ufeff)/;
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
  const isUtf8 = reading.encoding === 'utf-8';
  const written = (text: string) => (isUtf8 ? Buffer.from(text, 'utf8').toString('latin1') : text);
  const read = (text: string) => (isUtf8 ? Buffer.from(text, 'latin1').toString('utf8') : text);
  const whole = plain.toString(charset);
  const mark = BYTE_ORDER_MARK.exec(whole)?.[0] ?? '';
  const text = whole.slice(mark.length);
  const inFile = { column: written(visitor.column), ids: new Set(visitor.ids.map(written)) };
  const { kept, count } = /^\s*\{/.test(text)
    ? keepJsonLines(text, visitor, read)
    : keepRows(text, name, inFile, reading.delimiter, reading.names?.map(written));
  if (count === 0) return { bytes: file, count };
  const bytes = Buffer.from(mark + kept, charset);
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

/** @param read text of the file as text. */
function keepJsonLines(
  text: string,
  { column, ids }: Visitor,
  read: (text: string) => string,
): { kept: string; count: number } {
  let count = 0;
  const kept = text.split(/(?<=\n)/).filter((line) => {
    const isTheirs = idsAt(read(line), column).some((id) => ids.includes(id));
    if (isTheirs) count++;
    return !isTheirs;
  });
  return { kept: kept.join(''), count };
}

/** What the value may be called: `1207.0` also `1207`. @returns none where there is no value; a line that is no JSON has no visitor. */
function idsAt(line: string, path: string): string[] {
  try {
    const record: unknown = JSON.parse(line, asWritten);
    const direct = (record as Record<string, unknown>)[path];
    const value =
      direct ??
      path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], record);
    if (value === undefined || value === null) return [];
    return [String(value), String(value).replace(/\.0+$/, '')];
  } catch {
    return [];
  }
}

/** A double would round an id of 17 digits to that of another visitor. */
function asWritten(_key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  return typeof value === 'number' ? source : value;
}

function keepRows(
  text: string,
  name: string,
  { column, ids }: { column: string; ids: ReadonlySet<string> },
  given: string | undefined,
  names: readonly string[] | undefined,
): { kept: string; count: number } {
  if (text === '' && names !== undefined) return { kept: text, count: 0 };
  const firstCells = (candidate: string) => cellsOf(rowsOf(text, candidate).next().value ?? '', candidate);
  const delimiter =
    given ??
    DELIMITERS.find((candidate) => {
      const cells = firstCells(candidate);
      return names === undefined ? cells.includes(column) : cells.length === names.length;
    });
  if (delimiter === undefined && names !== undefined) {
    throw new InputError(
      `The first row of ${name} has not ${names.length} cells, one a column, with any of ${DELIMITERS.map((known) => JSON.stringify(known)).join(' ')} between them; it cannot be searched for a visitor. If it is no data of yours, delete it first; else say what stands between them (npm run deploy -- --set delimiter=…).`,
    );
  }
  const position = delimiter === undefined ? -1 : (names ?? firstCells(delimiter)).indexOf(column);
  if (delimiter === undefined || position === -1) {
    throw new InputError(
      `${name} has no column ${JSON.stringify(column)}; it cannot be searched for a visitor. If it is no data of yours, delete it first.`,
    );
  }
  const kept: string[] = [];
  let count = 0;
  let isHeader = names === undefined;
  for (const row of rowsOf(text, delimiter)) {
    if (!isHeader && ids.has(cellsOf(row, delimiter)[position]?.replaceAll(SPACES, ''))) count++;
    else kept.push(row);
    isHeader = false;
  }
  return { kept: kept.join(''), count };
}

/** With their line ends; a line end inside quotes belongs to its cell. */
function* rowsOf(text: string, delimiter: string): Generator<string, undefined> {
  let start = 0;
  const quotes = new Quotes();
  for (let i = 0; i < text.length; i++) {
    if (quotes.take(text[i])) continue;
    if (text[i] === '\n') {
      yield text.slice(start, i + 1);
      start = i + 1;
      quotes.beginCell();
    } else if (text.startsWith(delimiter, i)) {
      quotes.beginCell();
      i += delimiter.length - 1;
    }
  }
  if (start < text.length) yield text.slice(start);
}

function cellsOf(row: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  const quotes = new Quotes();
  const line = row.replace(/\r?\n$/, '');
  for (let i = 0; i < line.length; i++) {
    const isText = quotes.take(line[i]);
    if (!isText && line.startsWith(delimiter, i)) {
      cells.push(cell);
      cell = '';
      quotes.beginCell();
      i += delimiter.length - 1;
    } else if (!quotes.isMark) cell += line[i];
  }
  return [...cells, cell];
}

/** Which characters stand in quotes. A quote opens at the start of a cell alone: any other, as in 32", is text like the rest. */
class Quotes {
  /** Whether the last character was a mark around text, and no text. */
  isMark = false;
  #isQuoted = false;
  /** Since the cell began there were but spaces. */
  #isBlank = true;
  /** The last character was a mark that closed: another one makes a quote of both. */
  #hasClosed = false;

  beginCell(): void {
    this.#isBlank = true;
    this.#hasClosed = false;
  }

  /** @returns whether the character is text whatever it is: a delimiter or a line end, too. */
  take(character: string): boolean {
    const isQuote = character === '"';
    const isDoubled = isQuote && this.#hasClosed;
    this.isMark = isQuote && !isDoubled && (this.#isQuoted || this.#isBlank);
    this.#hasClosed = this.isMark && this.#isQuoted;
    if (this.isMark || isDoubled) this.#isQuoted = !this.#isQuoted;
    if (character !== ' ' && character !== '\t') this.#isBlank = false;
    return isQuote || this.#isQuoted;
  }
}
