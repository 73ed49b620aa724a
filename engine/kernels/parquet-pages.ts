import { decimalOf, flagsOf, integerOf } from './plain-numbers';
import { bitWidthOf, encodeLevels, encodeRuns, mostRunBytes, NO_CODE } from './run-lengths';
import { compressSnappy, mostSnappyBytes } from './snappy';
import { Column, DECIMAL, entryAt, INTEGER, NEVER, TEXT } from './table-column';

/** Where pages are made: each is made whole in `page`, then put behind the others in `output`. */
@unmanaged
export class Workshop {
  /** Bytes for a page before compression. */
  page: u32;
  pageEnd: u32;
  output: u32;
  outputEnd: u32;
  /** (maxRows) uint32 */
  levels: u32;
  /** (maxRows) uint32 */
  packed: u32;
  snappyTable: u32;
  /** Where plain values of blocks are kept. */
  scratch: u32;
  scratchEnd: u32;
  /** Where the next page, and the next block's values, go. */
  outputAt: u32;
  scratchAt: u32;
}

function isNumber(column: Column): bool {
  return column.kind === INTEGER || column.kind === DECIMAL;
}

/** A value as Parquet's PLAIN encoding has it. @returns where it ends. */
function storePlain(kind: u32, start: usize, length: u32, to: usize): usize {
  if (kind === INTEGER) store<i64>(to, integerOf(start, length));
  else if (kind === DECIMAL) store<f64>(to, decimalOf(start, length));
  else {
    store<u32>(to, length);
    memory.copy(to + 4, start, length);
    return to + 4 + length;
  }
  return to + 8;
}

/** Keeps the values of rows that the dictionary has no room for. @returns false where there is no room for them either. */
export function addPlain(shop: Workshop, column: Column, starts: usize, ends: usize, rows: u32, firstRow: u32): bool {
  if (column.plainFrom === NEVER) column.plainFrom = firstRow;
  const codes = (column.codes as usize) + ((firstRow as usize) << 2);
  const from: usize = shop.scratchAt;
  let to = from;
  for (let row: usize = 0; row < rows; row++) {
    const start: usize = load<u32>(starts + (row << 2));
    const length = load<u32>(ends + (row << 2)) - (start as u32);
    if (length === 0 && (start === 0 || column.isEmptyNone !== 0)) {
      store<u32>(codes + (row << 2), NO_CODE);
      column.nullCount++;
      continue;
    }
    if (to + 8 + length > (shop.scratchEnd as usize)) return false;
    if (column.kind !== TEXT) column.flags |= flagsOf(start, length);
    store<u32>(codes + (row << 2), 0);
    to = storePlain(column.kind, start, length, to);
    column.plainCount++;
  }
  const segment = (column.segments as usize) + ((column.segmentCount++ as usize) << 3);
  store<u32>(segment, from as u32);
  store<u32>(segment, (to - from) as u32, 4);
  shop.scratchAt = to as u32;
  return true;
}

/** Writes the pages of a column. @returns false where there is no room. */
export function writePages(shop: Workshop, column: Column, rows: u32): bool {
  const codedRows = min(rows, column.plainFrom);
  const plainNulls = rows - codedRows - column.plainCount;
  const codedNulls = column.nullCount - plainNulls;
  if (codedRows > 0) {
    // A dictionary of values that hardly come again is larger than the values themselves.
    if (column.plainFrom !== NEVER || column.entryCount * 4 <= column.codedCount * 3) {
      if (!writeDictionary(shop, column)) return false;
      if (!writeCoded(shop, column, codedRows, codedNulls)) return false;
    } else if (!writePlainOfCodes(shop, column, codedRows, codedNulls)) return false;
  }
  return rows === codedRows || writePlainOfSegments(shop, column, codedRows, rows - codedRows, plainNulls);
}

function writeDictionary(shop: Workshop, column: Column): bool {
  let to: usize = shop.page;
  const limit: usize = shop.pageEnd;
  for (let i: u32 = 0; i < column.entryCount; i++) {
    const entry = entryAt(column, i);
    if (to + 8 + entry.length > limit) return false;
    to = storePlain(column.kind, entry.start, entry.length, to);
  }
  column.dictionaryPage = shop.outputAt;
  column.dictionaryRawBytes = (to - (shop.page as usize)) as u32;
  column.dictionaryBytes = finishPage(shop, column, to);
  return column.dictionaryBytes > 0 || column.entryCount === 0;
}

/** Room for the levels, then the levels after their length. @returns where they end. */
function storeLevels(shop: Workshop, codes: usize, rows: u32, nulls: u32): usize {
  const page: usize = shop.page;
  const end = encodeLevels(codes, rows, nulls, shop.levels, page + 4);
  store<u32>(page, (end - page - 4) as u32);
  return end;
}

function writeCoded(shop: Workshop, column: Column, rows: u32, nulls: u32): bool {
  const bitWidth = bitWidthOf(column.entryCount);
  if ((shop.page as usize) + 4 + mostRunBytes(rows, 1) + 1 + mostRunBytes(rows, bitWidth) > (shop.pageEnd as usize)) {
    return false;
  }
  let to = storeLevels(shop, column.codes, rows, nulls);
  store<u8>(to++, bitWidth as u8);
  let values: usize = column.codes;
  if (nulls > 0) {
    values = shop.packed;
    let end = values;
    for (let row: usize = 0; row < rows; row++) {
      const code = load<u32>((column.codes as usize) + (row << 2));
      if (code === NO_CODE) continue;
      store<u32>(end, code);
      end += 4;
    }
  }
  to = encodeRuns(values, rows - nulls, bitWidth, to);
  column.codedPage = shop.outputAt;
  column.codedRawBytes = (to - (shop.page as usize)) as u32;
  column.codedBytes = finishPage(shop, column, to);
  return column.codedBytes > 0;
}

function writePlainOfCodes(shop: Workshop, column: Column, rows: u32, nulls: u32): bool {
  if ((shop.page as usize) + 4 + mostRunBytes(rows, 1) > (shop.pageEnd as usize)) return false;
  let to = storeLevels(shop, column.codes, rows, nulls);
  for (let row: usize = 0; row < rows; row++) {
    const code = load<u32>((column.codes as usize) + (row << 2));
    if (code === NO_CODE) continue;
    const entry = entryAt(column, code);
    if (to + 8 + entry.length > (shop.pageEnd as usize)) return false;
    to = storePlain(column.kind, entry.start, entry.length, to);
  }
  column.plainCount = column.codedCount;
  column.codedCount = 0;
  return finishPlain(shop, column, to);
}

function writePlainOfSegments(shop: Workshop, column: Column, firstRow: u32, rows: u32, nulls: u32): bool {
  if ((shop.page as usize) + 4 + mostRunBytes(rows, 1) > (shop.pageEnd as usize)) return false;
  let to = storeLevels(shop, (column.codes as usize) + ((firstRow as usize) << 2), rows, nulls);
  for (let i: usize = 0; i < column.segmentCount; i++) {
    const from: usize = load<u32>((column.segments as usize) + (i << 3));
    const bytes: usize = load<u32>((column.segments as usize) + (i << 3), 4);
    if (to + bytes > (shop.pageEnd as usize)) return false;
    memory.copy(to, from, bytes);
    to += bytes;
  }
  return finishPlain(shop, column, to);
}

function finishPlain(shop: Workshop, column: Column, to: usize): bool {
  column.plainPage = shop.outputAt;
  column.plainRawBytes = (to - (shop.page as usize)) as u32;
  column.plainBytes = finishPage(shop, column, to);
  return column.plainBytes > 0;
}

/** Numbers stay as they are: their bits hardly repeat. @returns the bytes of the page; 0 where there is no room. */
function finishPage(shop: Workshop, column: Column, pageEnd: usize): u32 {
  const page: usize = shop.page;
  const length = pageEnd - page;
  const at: usize = shop.outputAt;
  if (at + mostSnappyBytes(length) > (shop.outputEnd as usize)) return 0;
  let end = at + length;
  if (isNumber(column)) memory.copy(at, page, length);
  else end = compressSnappy(page, length, at, shop.snappyTable);
  shop.outputAt = end as u32;
  return (end - at) as u32;
}
