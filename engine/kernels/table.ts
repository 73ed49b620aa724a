/**
 * Makes the columns of a Parquet file of CSV records, chunk by chunk: `engine/clicks/table-memory.ts` lays out the memory
 * and sets the globals by name. A thread has a chunk of its own.
 *
 * A block of rows at a time, so that it stays in the cache, its cells are found and each column's values are numbered by
 * first appearance: this dictionary is the one that Parquet writes, and what ids are numbered by. A text is so looked at
 * once, whatever it is for.
 */
import { isUtf8, lastRecordEnd, NO_ROOM, NOT_UTF8, nextBlock, Records } from './csv-records';
import { addPlain, Workshop, writePages } from './parquet-pages';
import { decimalOf } from './plain-numbers';
import { NO_CODE } from './run-lengths';
import { addToDictionary, beginColumn, Column, entryAt, hashOf, headOf, isOfKind, NEVER } from './table-column';

// biome-ignore-start lint/style/useConst: the host sets these globals by name.
/** One `Records`. */
export let records: usize = 0;
/** (columnCount) `Column`, each of `columnBytes`. */
export let columns: usize = 0;
export let columnBytes: usize = 0;
/** One `Workshop`. */
export let workshop: usize = 0;
// biome-ignore-end lint/style/useConst: the host sets these globals by name.

function columnAt(index: u32): Column {
  return changetype<Column>(columns + (index as usize) * columnBytes);
}

/** Reads the chunk of this thread and writes its pages; `error` says why not. */
export function readChunk(): void {
  const chunk = changetype<Records>(records);
  const shop = changetype<Workshop>(workshop);
  const start: usize = chunk.at;
  const columnCount = chunk.columnCount;
  chunk.rows = 0;
  chunk.error = 0;
  chunk.part = 0;
  shop.outputAt = shop.output;
  shop.scratchAt = shop.scratch;
  if (chunk.at === chunk.end) return;
  if (!isUtf8(start, chunk.end)) {
    chunk.error = NOT_UTF8;
    return;
  }
  for (let c: u32 = 0; c < columnCount; c++) beginColumn(columnAt(c));
  for (;;) {
    const firstRow = chunk.rows;
    const rows = nextBlock(chunk);
    if (chunk.error !== 0) return;
    if (rows === 0) break;
    for (let c: u32 = 0; c < columnCount; c++) {
      const offset = ((c * chunk.blockRows) as usize) << 2;
      if (
        !addBlock(shop, columnAt(c), (chunk.starts as usize) + offset, (chunk.ends as usize) + offset, rows, firstRow)
      ) {
        chunk.error = NO_ROOM;
        return;
      }
    }
  }
  for (let c: u32 = 0; c < columnCount; c++) {
    const column = columnAt(c);
    // The files are read again with other kinds then.
    if (!isOfKind(column)) continue;
    if (!writePages(shop, column, chunk.rows)) {
      chunk.error = NO_ROOM;
      return;
    }
  }
}

function addBlock(shop: Workshop, column: Column, starts: usize, ends: usize, rows: u32, firstRow: u32): bool {
  let done: u32 = 0;
  if (column.plainFrom === NEVER) done = addToDictionary(column, starts, ends, rows, firstRow);
  if (done === rows) return true;
  const offset = (done as usize) << 2;
  return addPlain(shop, column, starts + offset, ends + offset, rows - done, firstRow + done);
}

/** The bytes up to which whole records reach. */
export function findRecordEnd(start: usize, end: usize): usize {
  return lastRecordEnd(start, end);
}

/**
 * The entries of a column as DuckDB's `string_t` would be, which `IdTable` reads: length, first 4 bytes, then 8 more bytes
 * or nothing; and the hash of each.
 *
 * @param words (entryCount, 4) uint32. @param hashes (entryCount) uint64
 */
export function describeEntries(index: u32, words: usize, hashes: usize): void {
  const column = columnAt(index);
  for (let i: u32 = 0; i < column.entryCount; i++) {
    const entry = entryAt(column, i);
    const start: usize = entry.start;
    const length = entry.length;
    const word = words + ((i as usize) << 4);
    store<u32>(word, length);
    store<u64>(word, entry.head, 4);
    store<u32>(word, length > 8 && length <= 12 ? (headOf(start + 8, length - 8) as u32) : 0, 12);
    store<u64>(hashes + ((i as usize) << 3), hashOf(start, length, entry.head));
  }
}

/** The numbers of a column that has no plain values, row by row; NaN where there is none. @param values (rows) float64 */
export function numbersOf(index: u32, values: usize, ofEntries: usize): void {
  const column = columnAt(index);
  for (let i: u32 = 0; i < column.entryCount; i++) {
    const entry = entryAt(column, i);
    store<f64>(ofEntries + ((i as usize) << 3), decimalOf(entry.start, entry.length));
  }
  const rows = changetype<Records>(records).rows;
  for (let row: usize = 0; row < rows; row++) {
    const code = load<u32>((column.codes as usize) + (row << 2));
    store<f64>(values + (row << 3), code === NO_CODE ? NaN : load<f64>(ofEntries + ((code as usize) << 3)));
  }
}
