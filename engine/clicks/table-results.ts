import type { ParquetPage } from '../artifacts/parquet-stream.ts';
import type { TableMemory, TableThread } from './table-memory.ts';

const WINDOW_BYTES = 1 << 16;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
const NOT_ASCII = /[^\x00-\x7f]/;
/** `plainFrom` of a column whose values all have a number. */
export const NEVER = 0xffff_ffff;
/** Two words of the first bytes, then pointer and length. */
const ENTRY_WORDS = 4;

/** Of each row, undefined where the kernel has not all of them. @param pointer where they go. */
export function numbersOf(
  memory: TableMemory,
  { kernel, columns, records }: TableThread,
  column: number,
  pointer: number,
  areMoments: boolean,
): Float64Array | undefined {
  if (columns[column]['plainFrom'] !== NEVER) return undefined;
  const areThere = kernel.numbersOf(column, pointer, memory.answerOfEntries, areMoments ? 1 : 0);
  return areThere === 0 ? undefined : memory.doubles(pointer, records['rows']);
}

/** The texts of an id column, by number. */
export function textsOf(memory: TableMemory, { entries, count }: Record<string, number>): string[] {
  const words = memory.words(entries, count * ENTRY_WORDS);
  const bytes = Buffer.from(words.buffer);
  let window = '';
  let windowStart = 0;
  let isAscii = false;
  return Array.from({ length: count }, (_, number) => {
    const start = words[number * ENTRY_WORDS + 2];
    const end = start + words[number * ENTRY_WORDS + 3];
    // Texts lie one after the other: to take them out of a long string is faster than to decode each.
    if (start < windowStart || end > windowStart + window.length) {
      windowStart = start;
      window = bytes.toString('latin1', start, Math.max(end, Math.min(start + WINDOW_BYTES, bytes.length)));
      isAscii = !NOT_ASCII.test(window);
    }
    return isAscii ? window.slice(start - windowStart, end - windowStart) : bytes.toString('utf8', start, end);
  });
}

/** Of a chunk's column, as they stand in the file. */
export function pagesOf(memory: TableMemory, column: Record<string, number>, rows: number): ParquetPage[] {
  const codedRows = column['codedBytes'] > 0 ? Math.min(rows, column['plainFrom']) : 0;
  const pages = [
    { kind: 'dictionary', valueCount: column['entryCount'] },
    { kind: 'coded', valueCount: codedRows },
    { kind: 'plain', valueCount: rows - codedRows },
  ] as const;
  return pages
    .filter(({ kind }) => column[`${kind}Bytes`] > 0)
    .map(({ kind, valueCount }) => ({
      kind,
      valueCount,
      bytes: memory.bytes(column[`${kind}Page`], column[`${kind}Bytes`]),
      rawBytes: column[`${kind}RawBytes`],
    }));
}
