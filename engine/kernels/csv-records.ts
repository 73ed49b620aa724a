/** Why the rows of a chunk cannot be read here; DuckDB then reads the files, and says what is wrong with which line. */
const CELL_COUNT: u32 = 1;
const STRAY_QUOTE: u32 = 2;
const NUL_BYTE: u32 = 3;
export const NOT_UTF8: u32 = 4;
const STRAY_CR: u32 = 5;
export const NO_ROOM: u32 = 6;
const SWALLOWED_ROWS: u32 = 7;

/** Line ends in a cell from which on it may hold rows, and delimiters of a row, as `stray-quotes.ts` has them. */
const LEAST_LINE_ENDS: u32 = 3;
const LEAST_DELIMITERS: u32 = 2;

const LF: u32 = 10;
const CR: u32 = 13;
const QUOTE: u32 = 34;

/** One chunk of whole records, each with its line end. */
@unmanaged
export class Records {
  at: u32;
  end: u32;
  delimiter: u32;
  columnCount: u32;
  /** Rows of a block at most. */
  blockRows: u32;
  /** (columnCount, blockRows) uint32: where the cells of a block begin and end, without their quotes. */
  starts: u32;
  ends: u32;
  error: u32;
  /** Rows of the chunk so far. */
  rows: u32;
  /** (partCount, 2) uint32: where the bytes of a file end, and the rows up to there. */
  parts: u32;
  partCount: u32;
  part: u32;
  /** (columnCount, 2) uint32: pointer and bytes of each key, where the records are lines of JSON; else 0. */
  keys: u32;
  /** (columnCount) uint32: 1 + the last row that had the key. */
  seen: u32;
  /** Rows that a chunk has room for. */
  maxRows: u32;
}

/** Finds the cells of the next rows. @returns how many; 0 at the end of the chunk, or where there is an error. */
export function nextBlock(records: Records): u32 {
  const delimiter = i8x16.splat(records.delimiter as i8);
  const lf = i8x16.splat(LF as i8);
  const cr = i8x16.splat(CR as i8);
  const quote = i8x16.splat(QUOTE as i8);
  const delimiterByte = records.delimiter;
  const columnCount = records.columnCount;
  const blockRows = records.blockRows;
  const stride: usize = (records.blockRows as usize) << 2;
  const end: usize = records.end;
  let cellStart: usize = records.at;
  let at: usize = cellStart;
  // Of a cell in quotes; 0: there is none.
  let quotedEnd: usize = 0;
  let quotedStart: usize = 0;
  let startAt: usize = records.starts;
  let endAt: usize = records.ends;
  let column: u32 = 0;
  let rows: u32 = 0;
  let crs: u32 = 0;
  let zeros = i8x16.splat(0);
  while (at < end) {
    const bytes = v128.load(at);
    zeros = v128.or(zeros, i8x16.eq(bytes, i8x16.splat(0)));
    const isEvent = v128.or(
      v128.or(i8x16.eq(bytes, delimiter), i8x16.eq(bytes, lf)),
      v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, cr)),
    );
    let mask: u32 = i8x16.bitmask(isEvent);
    let next = at + 16;
    while (mask !== 0) {
      const place = at + ctz(mask);
      mask &= mask - 1;
      const byte: u32 = load<u8>(place);
      if (byte === delimiterByte) {
        if (column + 1 >= columnCount) {
          records.error = CELL_COUNT;
          return 0;
        }
        if (quotedEnd !== 0) {
          if (place !== quotedEnd + 1) {
            records.error = STRAY_QUOTE;
            return 0;
          }
          store<u32>(startAt, quotedStart as u32);
          store<u32>(endAt, quotedTextEnd(quotedStart, quotedEnd) as u32);
          quotedEnd = 0;
        } else {
          store<u32>(startAt, cellStart as u32);
          store<u32>(endAt, place as u32);
        }
        startAt += stride;
        endAt += stride;
        column++;
        cellStart = place + 1;
      } else if (byte === LF) {
        let cellEnd = place;
        if (crs > 0) {
          // What was a CR is the one before this LF, or stands where it should not.
          if (crs > 1 || load<u8>(place - 1) !== CR || place - 1 < cellStart) {
            records.error = STRAY_CR;
            return 0;
          }
          crs = 0;
          cellEnd--;
        }
        if (column + 1 === columnCount) {
          if (quotedEnd !== 0) {
            if (cellEnd !== quotedEnd + 1) {
              records.error = STRAY_QUOTE;
              return 0;
            }
            store<u32>(startAt, quotedStart as u32);
            store<u32>(endAt, quotedTextEnd(quotedStart, quotedEnd) as u32);
            quotedEnd = 0;
          } else {
            store<u32>(startAt, cellStart as u32);
            store<u32>(endAt, cellEnd as u32);
          }
          rows++;
          startAt = (records.starts as usize) + ((rows as usize) << 2);
          endAt = (records.ends as usize) + ((rows as usize) << 2);
          column = 0;
        } else if (column !== 0 || cellEnd !== cellStart || quotedEnd !== 0) {
          records.error = CELL_COUNT;
          return 0;
        }
        cellStart = place + 1;
        endParts(records, cellStart, records.rows + rows);
        if (cellStart >= end || rows === blockRows) {
          next = end;
          break;
        }
      } else if (byte === CR) crs++;
      else {
        if (place !== cellStart) {
          records.error = STRAY_QUOTE;
          return 0;
        }
        quotedStart = place + 1;
        quotedEnd = closingQuote(quotedStart, end);
        if (quotedEnd === 0) {
          records.error = STRAY_QUOTE;
          return 0;
        }
        if (holdsRows(quotedStart, quotedEnd, delimiterByte, columnCount - 1)) {
          records.error = SWALLOWED_ROWS;
          return 0;
        }
        next = quotedEnd + 1;
        break;
      }
    }
    at = next;
  }
  // Beyond the end of the chunk there are spaces.
  if (v128.any_true(zeros)) {
    records.error = NUL_BYTE;
    return 0;
  }
  records.at = cellStart as u32;
  records.rows += rows;
  return rows;
}

/** Notes the rows of files that end up to here. */
export function endParts(records: Records, at: usize, rows: u32): void {
  while (records.part < records.partCount) {
    const part = (records.parts as usize) + ((records.part as usize) << 3);
    if ((load<u32>(part) as usize) > at) return;
    store<u32>(part, rows, 4);
    records.part++;
  }
}

/** 0 where the quote does not close in this chunk. */
function closingQuote(start: usize, end: usize): usize {
  for (let at = start; at < end; at++) {
    const byte: u32 = load<u8>(at);
    if (byte === 0) return 0;
    if (byte !== QUOTE) continue;
    if (load<u8>(at + 1) !== QUOTE) return at;
    at++;
  }
  return 0;
}

/** Whether the lines of a quoted cell have the delimiters of rows, `ofRow` each, and its ends together those of one. */
function holdsRows(start: usize, end: usize, delimiter: u32, ofRow: u32): bool {
  let lineEnds: u32 = 0;
  let atEnds: u32 = 0;
  let inLine: u32 = 0;
  for (let at = start; at < end; at++) {
    const byte: u32 = load<u8>(at);
    if (byte === delimiter) inLine++;
    else if (byte === LF) {
      if (lineEnds === 0) atEnds = inLine;
      else if (inLine !== ofRow) return false;
      lineEnds++;
      inLine = 0;
    }
  }
  return ofRow >= LEAST_DELIMITERS && lineEnds >= LEAST_LINE_ENDS && atEnds + inLine === ofRow;
}

/** Makes one quote of two, in place. @returns where the text ends. */
function quotedTextEnd(start: usize, end: usize): usize {
  let to = start;
  for (let from = start; from < end; from++) {
    const byte = load<u8>(from);
    store<u8>(to++, byte);
    if (byte === QUOTE) from++;
  }
  return to;
}

/** Where the last record of some bytes ends that begin with a record; `start` where none does. */
export function lastRecordEnd(start: usize, end: usize, areLines: bool): usize {
  if (areLines || !hasQuote(start, end)) {
    for (let at = end; at > start; at--) if (load<u8>(at - 1) === LF) return at;
    return start;
  }
  let last = start;
  let isQuoted = false;
  for (let at = start; at < end; at++) {
    const byte: u32 = load<u8>(at);
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (byte === LF && !isQuoted) last = at + 1;
  }
  return last;
}

function hasQuote(start: usize, end: usize): bool {
  const quote = i8x16.splat(QUOTE as i8);
  let at = start;
  for (; at + 16 <= end; at += 16) if (v128.any_true(i8x16.eq(v128.load(at), quote))) return true;
  for (; at < end; at++) if (load<u8>(at) === QUOTE) return true;
  return false;
}

/** By the shortest forms alone, as RFC 3629 has them; no surrogates, nothing above U+10FFFF. */
export function isUtf8(start: usize, end: usize): bool {
  let at = start;
  while (at < end) {
    if (at + 16 <= end && i8x16.bitmask(v128.load(at)) === 0) {
      at += 16;
      continue;
    }
    const first: u32 = load<u8>(at++);
    if (first < 0x80) continue;
    if (first < 0xc2 || first > 0xf4) return false;
    const second: u32 = load<u8>(at++);
    const least: u32 = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const most: u32 = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) return false;
    for (let rest: u32 = first < 0xe0 ? 0 : first < 0xf0 ? 1 : 2; rest > 0; rest--) {
      if ((load<u8>(at++) & 0xc0) !== 0x80) return false;
    }
  }
  return at === end;
}
