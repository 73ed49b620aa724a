import type { TrainingRequest } from '../artifacts/training-request.ts';
import { InputError } from '../errors.ts';
import { isJson } from '../is-json.ts';

/** `json` is objects that span lines. */
export type SourceFormat = 'csv' | 'jsonl' | 'json-array' | 'json' | 'parquet';

const startsWith = (bytes: Uint8Array, ...magic: number[]) => magic.every((byte, i) => bytes[i] === byte);

const isParquet = (start: Uint8Array) => startsWith(start, 0x50, 0x41, 0x52, 0x31);

const ALLOWED = 'Allowed are CSV, TSV, JSON Lines and Parquet, plain or gzip or zstd';

const PACKED = [
  { magic: [0x42, 0x5a, 0x68], by: 'bzip2', fix: 'bunzip2 it' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], by: 'xz', fix: 'unxz it' },
  { magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], by: '7-Zip', fix: 'unpack it' },
  { magic: [0x04, 0x22, 0x4d, 0x18], by: 'lz4', fix: 'unlz4 it' },
];

/** Their first bytes, which may begin a text as well. */
const OTHER_KINDS = [
  { magic: [0x4f, 0x62, 0x6a, 0x01], kind: 'an Avro file', fix: 'export it as Parquet or JSON Lines' },
  { magic: [0x4f, 0x52, 0x43], kind: 'an ORC file', fix: 'export it as Parquet' },
  { magic: [0xd0, 0xcf, 0x11, 0xe0], kind: 'a workbook of old (.xls)', fix: 'export the sheet as CSV' },
  { magic: Array.from('SQLite format 3', codeOf), kind: 'a SQLite database', fix: 'export the table as CSV' },
];

function codeOf(character: string): number {
  return character.charCodeAt(0);
}

/** The first object ends at the first of these, but where a text in it looks like one. */
const MOST_ENDS_TRIED = 5;

/** Where the header of a tar archive says that it is one. */
const TAR_MARK_AT = 257;

function isTar(start: Uint8Array): boolean {
  return startsWith(start.subarray(TAR_MARK_AT), ...Array.from('ustar', codeOf));
}

/** No text has a control character at its start, but those of its lines. */
function hasControls(start: Uint8Array): boolean {
  return start.subarray(0, 198).some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20));
}

/** Its two bytes may begin a text, "x^" for one. */
function isZlib(start: Uint8Array): boolean {
  const [method, flags] = start;
  const isHeader = method === 0x78 && (method * 256 + flags) % 31 === 0 && (flags & 0x20) === 0;
  return isHeader && hasControls(start.subarray(2));
}

/**
 * @param start the first bytes of the decompressed file, @param name for the message.
 * @throws InputError when the file is empty or of a kind that is not read.
 */
export function detectFormat(start: Uint8Array, name: string): SourceFormat {
  if (start.length === 0) throw emptyFile(name);
  if (isParquet(start)) return 'parquet';
  if (startsWith(start, 0x50, 0x4b, 0x03, 0x04)) {
    throw new InputError(
      `${name} is a zip archive (an .xlsx workbook is one too). ${ALLOWED}: unzip it, or export the sheet as CSV.`,
    );
  }
  const packed = PACKED.find(({ magic }) => startsWith(start, ...magic));
  if (packed !== undefined) {
    throw new InputError(`${name} is compressed with ${packed.by}. ${ALLOWED}: ${packed.fix}, or write it as gzip.`);
  }
  if (isTar(start)) {
    throw new InputError(
      `${name} is a tar archive. ${ALLOWED}: unpack it (tar -xf), and name the files or the folder of them.`,
    );
  }
  const other = OTHER_KINDS.find(({ magic }) => startsWith(start, ...magic) && hasControls(start));
  if (other !== undefined) throw new InputError(`${name} is ${other.kind}. ${ALLOWED}: ${other.fix}.`);
  if (isZlib(start)) {
    throw new InputError(
      `${name} is compressed with zlib (deflate), without the header of gzip. ${ALLOWED}: write it as gzip, or unpack it with Python's zlib.decompress.`,
    );
  }
  const text = new TextDecoder().decode(start).trimStart();
  if (text.startsWith('\u001e')) {
    throw new InputError(
      `${name} is a JSON text sequence (RFC 7464): a record separator stands before each object. Take them out, which makes JSON Lines of it: tr -d '\\036' < FILE > clicks.jsonl, with the file in place of FILE.`,
    );
  }
  if (/^\[\s*\[/.test(text) || text.split('\n', 2).every((line) => /^\[\s*[^\s{\]]/.test(line) && isJson(line))) {
    throw new InputError(
      `${name} is JSON, and its rows are arrays without names: ${firstLineOf(text).slice(0, 60)}… Export an object for each row, such as {"session": "s34", "product": "p9"}, or CSV with a header.`,
    );
  }
  if (text.startsWith('[') && /^\[\s*(\{|\])/.test(text)) return 'json-array';
  // A first line that is cut off makes no other format of a file that says what it is.
  if (text.startsWith('{') && isJson(firstLineOf(text).replace(/,$/, '')) && firstLineOf(text).endsWith(',')) {
    throw new InputError(
      `${name} has a comma at the end of each line of JSON. Take them away, which makes JSON Lines of it: sed 's/,[[:space:]]*$//' FILE > clicks.jsonl, with the file in place of FILE.`,
    );
  }
  if (text.startsWith('{')) return spansLines(text) || isRunTogether(firstLineOf(text)) ? 'json' : 'jsonl';
  if (/\.(jsonl|ndjson)(\.|$)/i.test(name)) return 'jsonl';
  // Blank lines, or a byte order mark alone.
  if (text === '') throw emptyFile(name);
  return 'csv';
}

/** Of a file that holds no row, whatever else it holds. */
export function emptyFile(name: string): InputError {
  return new InputError(`${name} is empty: expected a header line and at least one row. Export it again.`);
}

function firstLineOf(text: string): string {
  return /^.*/.exec(text)![0].trimEnd();
}

/** Whether the first object goes on after its first line. */
function spansLines(text: string): boolean {
  const line = firstLineOf(text);
  return line.length < text.trimEnd().length && (line === '{' || line.endsWith(',')) && !isJson(line);
}

/** Objects without a line end between them, as Amazon Data Firehose writes them. */
function isRunTogether(line: string): boolean {
  if (isJson(line)) return false;
  const ends = Array.from(line.matchAll(/\}\s*\{/g), ({ index }) => index + 1);
  return ends.slice(0, MOST_ENDS_TRIED).some((end) => isJson(line.slice(0, end)));
}

/** As `TextDecoder` names them. What exporters call Latin-1 is Windows-1252, which holds all of it. */
const ENCODINGS = { 'utf-8': 'utf-8', 'latin-1': 'windows-1252', 'utf-16': 'utf-16le' } as const;

/**
 * UTF-16 announces itself with a byte order mark, or shows by the zero byte of its first two characters, which no
 * other text has; everything else is what the request says.
 */
export function detectEncoding(start: Uint8Array, asked: TrainingRequest['encoding']): string {
  if (isParquet(start)) return 'utf-8';
  if (startsWith(start, 0xff, 0xfe)) return 'utf-16le';
  if (startsWith(start, 0xfe, 0xff)) return 'utf-16be';
  if (start[0] !== 0 && start[1] === 0 && start[2] !== 0 && start[3] === 0) return 'utf-16le';
  if (start[0] === 0 && start[1] !== 0 && start[2] === 0 && start[3] !== 0) return 'utf-16be';
  return ENCODINGS[asked];
}
