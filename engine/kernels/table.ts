/**
 * Makes the columns of a Parquet file of CSV records, chunk by chunk: `engine/clicks/table-memory.ts` lays out the memory
 * and sets the globals by name. A thread has a chunk of its own.
 *
 * A block of rows at a time, so that it stays in the cache, its cells are found and each column's values are numbered by
 * first appearance: this dictionary is the one that Parquet writes, and what ids are numbered by. A text is so looked at
 * once, whatever it is for.
 */
import { isUtf8, lastRecordEnd, NO_ROOM, NOT_UTF8, nextBlock, Records } from './csv-records';
import { IdSet, NO_NUMBER, numberOf } from './id-set';
import { nextLines } from './json-records';
import { momentOf } from './moments';
import { addPlain, Workshop, writePages } from './parquet-pages';
import { decimalOf } from './plain-numbers';
import { NO_CODE } from './run-lengths';
import { addToDictionary, beginColumn, Column, entryAt, isOfKind, NEVER } from './table-column';

// biome-ignore-start lint/style/useConst: the host sets these globals by name.
/** One `Records`. */
export let records: usize = 0;
/** (columnCount) `Column`, each of `columnBytes`. */
export let columns: usize = 0;
export let columnBytes: usize = 0;
/** One `Workshop`. */
export let workshop: usize = 0;
export let thread: u32 = 0;
export let threadCount: u32 = 0;
/** (threadCount) uint32: pointers to the `Records` and the columns of all threads. */
export let allRecords: usize = 0;
export let allColumns: usize = 0;
/** (idSetCount) `IdSet`, each of `idSetBytes`. */
export let idSets: usize = 0;
export let idSetCount: u32 = 0;
export let idSetBytes: usize = 0;
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
  if (chunk.keys !== 0) memory.fill(chunk.seen, 0, (columnCount as usize) << 2);
  for (;;) {
    const firstRow = chunk.rows;
    const rows = chunk.keys === 0 ? nextBlock(chunk) : nextLines(chunk);
    if (chunk.error !== 0) return;
    if (rows === 0) break;
    if (chunk.rows > chunk.maxRows) {
      chunk.error = NO_ROOM;
      return;
    }
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
  return lastRecordEnd(start, end, changetype<Records>(records).keys !== 0);
}

/** Numbers the ids of all threads' chunks, in their order; what the codes of those columns were is lost. */
export function numberIds(): void {
  for (let i: u32 = thread; i < idSetCount; i += threadCount) {
    const set = changetype<IdSet>(idSets + (i as usize) * idSetBytes);
    for (let t: u32 = 0; t < threadCount; t++) {
      const chunk = changetype<Records>(load<u32>(allRecords + ((t as usize) << 2)));
      if (chunk.rows > 0 && !numberRows(set, chunk, t)) chunk.error = NO_ROOM;
    }
  }
}

function numberRows(set: IdSet, chunk: Records, ofThread: u32): bool {
  const base: usize = load<u32>(allColumns + ((ofThread as usize) << 2));
  const column = changetype<Column>(base + (set.column as usize) * columnBytes);
  const entryCount = column.entryCount;
  // The place of an entry's length is free once it has a number.
  for (let i: u32 = 0; i < entryCount; i++) {
    const entry = entryAt(column, i);
    const number = numberOf(set, entry.head, entry.start, entry.length);
    if (number === NO_NUMBER) return false;
    entry.length = number;
  }
  const ofNothing = column.nullCount > 0 ? numberOf(set, 0, column.codes, 0) : 0;
  for (let row: usize = 0; row < chunk.rows; row++) {
    const at = (column.codes as usize) + (row << 2);
    const code = load<u32>(at);
    store<u32>(at, code === NO_CODE ? ofNothing : entryAt(column, code).length);
  }
  return ofNothing !== NO_NUMBER;
}

/**
 * The numbers of a column that has no plain values, row by row; NaN where there is none.
 *
 * @param values (rows) float64. @param ofEntries (entryCount) float64, for use inside. @param areMoments texts that are
 * moments, else numbers. @returns 0 where a value is something else.
 */
export function numbersOf(index: u32, values: usize, ofEntries: usize, areMoments: u32): u32 {
  const column = columnAt(index);
  for (let i: u32 = 0; i < column.entryCount; i++) {
    const entry = entryAt(column, i);
    const value = areMoments !== 0 ? momentOf(entry.start, entry.length) : decimalOf(entry.start, entry.length);
    if (Number.isNaN(value)) return 0;
    store<f64>(ofEntries + ((i as usize) << 3), value);
  }
  const rows = changetype<Records>(records).rows;
  for (let row: usize = 0; row < rows; row++) {
    const code = load<u32>((column.codes as usize) + (row << 2));
    store<f64>(values + (row << 3), code === NO_CODE ? NaN : load<f64>(ofEntries + ((code as usize) << 3)));
  }
  return 1;
}
