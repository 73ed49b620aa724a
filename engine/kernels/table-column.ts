import { flagsOf, NOT_DECIMAL, NOT_INTEGER } from './plain-numbers';
import { NO_CODE } from './run-lengths';

export const TEXT: u32 = 0;
export const INTEGER: u32 = 1;
export const DECIMAL: u32 = 2;
// 3 is what is not settled yet: its values are looked at, and it is written as text.

/** Of `plainFrom`: all values are in the dictionary. */
export const NEVER: u32 = 0xffff_ffff;

/**
 * One column of the rows at hand. The host lays it out and reads it: `engine/clicks/table-memory.ts` names the fields in
 * this order.
 */
@unmanaged
export class Column {
  /** (2 · capacity) uint32: 1 + the entry of each slot of the hash table, of which slotMask + 1 are in use. */
  slots: u32;
  slotMask: u32;
  /** (capacity) entries in the order of their first appearance. */
  entries: u32;
  capacity: u32;
  kind: u32;
  /** What the values of all chunks are, see `flagsOf`. */
  flags: u32;
  /** (maxRows) uint32: the entry of each row before `plainFrom`, `NO_CODE` where it has no value. */
  codes: u32;
  entryCount: u32;
  nullCount: u32;
  /** The first row that stands in `segments` and not in the dictionary. */
  plainFrom: u32;
  /** (blocks, 2) uint32: pointer and bytes of the plain values of a block. */
  segments: u32;
  segmentCount: u32;
  /** Rows with a value before `plainFrom`, and from there on. */
  codedCount: u32;
  plainCount: u32;
  /** Pages: pointer, bytes, bytes before compression. No bytes: there is no such page. */
  dictionaryPage: u32;
  dictionaryBytes: u32;
  dictionaryRawBytes: u32;
  codedPage: u32;
  codedBytes: u32;
  codedRawBytes: u32;
  plainPage: u32;
  plainBytes: u32;
  plainRawBytes: u32;
  isEmptyNone: u32;
}

/** A text of the chunk. */
@unmanaged
export class Entry {
  /** Its first 8 bytes, zeros where it is shorter. */
  head: u64;
  start: u32;
  length: u32;
}
export const ENTRY_BYTES: usize = 16;

export function entryAt(column: Column, index: u32): Entry {
  return changetype<Entry>((column.entries as usize) + (index as usize) * ENTRY_BYTES);
}

/** The first 8 bytes of a text, zeros where it is shorter. The input is padded. */
function headOf(start: usize, length: u32): u64 {
  const head = load<u64>(start);
  return length >= 8 ? head : head & (((1 as u64) << (length << 3)) - 1);
}

/** A multiplication for each 8 bytes, folded; constants of wyhash. */
export function hashOf(start: usize, length: u32, head: u64): u64 {
  if (length <= 8) {
    const product = (head ^ ((length as u64) * wide(0x9e3779b9, 0x7f4a7c15))) * wide(0xd6e8feb8, 0x6659fd93);
    return product ^ (product >> 32);
  }
  let hash = fold(head ^ wide(0xa0761d64, 0x78bd642f), (length as u64) ^ wide(0xe7037ed1, 0xa0b428db));
  let at: u32 = 8;
  for (; at + 8 <= length; at += 8) hash = fold(hash ^ load<u64>(start + at), wide(0x8ebc6af0, 0x9c88c6e3));
  if (at < length) hash = fold(hash ^ headOf(start + at, length - at), wide(0x589965cc, 0x75374cc3));
  return hash;
}

/** 64 bits, more than a literal of TypeScript may have. */
function wide(high: u32, low: u32): u64 {
  return ((high as u64) << 32) | low;
}

/** A product whose upper bits are carried down into the lower ones, twice. */
function fold(x: u64, y: u64): u64 {
  let z = x * (y | 1);
  z ^= z >> 32;
  z *= wide(0xd6e8feb8, 0x6659fd93);
  return z ^ (z >> 32);
}

/** Beyond their first 8 bytes. */
export function isSame(a: usize, b: usize, length: u32): bool {
  let at: u32 = 8;
  for (; at + 8 <= length; at += 8) if (load<u64>(a + at) !== load<u64>(b + at)) return false;
  for (; at < length; at++) if (load<u8>(a + at) !== load<u8>(b + at)) return false;
  return true;
}

/** Few at first: those of most columns stay in the nearest cache. */
const FEWEST_SLOTS: u32 = 1 << 9;

function growSlots(column: Column): void {
  const slots: usize = column.slots;
  const mask = (column.slotMask + 1) * 4 - 1;
  column.slotMask = min(mask, 2 * column.capacity - 1);
  memory.fill(slots, 0, ((column.slotMask as usize) + 1) << 2);
  for (let i: u32 = 0; i < column.entryCount; i++) {
    const entry = entryAt(column, i);
    let slot = (hashOf(entry.start, entry.length, entry.head) as u32) & column.slotMask;
    while (load<u32>(slots + ((slot as usize) << 2)) !== 0) slot = (slot + 1) & column.slotMask;
    store<u32>(slots + ((slot as usize) << 2), i + 1);
  }
}

/** Empties the dictionary before the rows of a chunk. */
export function beginColumn(column: Column): void {
  column.slotMask = min(FEWEST_SLOTS, 2 * column.capacity) - 1;
  memory.fill(column.slots, 0, ((column.slotMask as usize) + 1) << 2);
  column.entryCount = 0;
  column.nullCount = 0;
  column.plainFrom = NEVER;
  column.segmentCount = 0;
  column.codedCount = 0;
  column.plainCount = 0;
  column.dictionaryBytes = 0;
  column.codedBytes = 0;
  column.plainBytes = 0;
}

/**
 * Numbers the values of a block of rows by first appearance.
 *
 * @param starts, ends (rows) uint32. @param firstRow of the chunk.
 * @returns the rows that were done: fewer where the dictionary is full.
 */
export function addToDictionary(column: Column, starts: usize, ends: usize, rows: u32, firstRow: u32): u32 {
  const codes = (column.codes as usize) + ((firstRow as usize) << 2);
  let mask = column.slotMask;
  const slots: usize = column.slots;
  let nulls: u32 = 0;
  let lastHead: u64 = 0;
  let lastLength: u32 = 0;
  let lastCode: u32 = 0;
  let row: u32 = 0;
  for (; row < rows; row++) {
    const at = (row as usize) << 2;
    const start: usize = load<u32>(starts + at);
    const length = load<u32>(ends + at) - (start as u32);
    // Of CSV an empty cell is none; of JSON what has no place is.
    if (length === 0 && (start === 0 || column.isEmptyNone !== 0)) {
      store<u32>(codes + at, NO_CODE);
      nulls++;
      continue;
    }
    const head = headOf(start, length);
    if (head === lastHead && length === lastLength && length > 0) {
      store<u32>(codes + at, lastCode);
      continue;
    }
    let code: u32 = NO_CODE;
    let slot = (hashOf(start, length, head) as u32) & mask;
    for (;;) {
      const found = load<u32>(slots + ((slot as usize) << 2));
      if (found === 0) break;
      const entry = entryAt(column, found - 1);
      if (entry.head === head && entry.length === length && (length <= 8 || isSame(entry.start, start, length))) {
        code = found - 1;
        break;
      }
      slot = (slot + 1) & mask;
    }
    if (code === NO_CODE) {
      if (column.entryCount * 2 > mask) {
        if (column.entryCount === column.capacity) break;
        if (mask + 1 < 2 * column.capacity) {
          growSlots(column);
          mask = column.slotMask;
          slot = (hashOf(start, length, head) as u32) & mask;
          while (load<u32>(slots + ((slot as usize) << 2)) !== 0) slot = (slot + 1) & mask;
        }
      }
      code = column.entryCount++;
      store<u32>(slots + ((slot as usize) << 2), code + 1);
      const entry = entryAt(column, code);
      entry.head = head;
      entry.start = start as u32;
      entry.length = length;
      if (column.kind !== TEXT) column.flags |= flagsOf(start, length);
    }
    store<u32>(codes + at, code);
    if (length <= 8) {
      lastHead = head;
      lastLength = length;
      lastCode = code;
    } else lastLength = 0;
  }
  column.nullCount += nulls;
  column.codedCount += row - nulls;
  return row;
}

/** Whether the values of all rows are what the column's kind says. */
export function isOfKind(column: Column): bool {
  if (column.kind === INTEGER) return (column.flags & NOT_INTEGER) === 0;
  if (column.kind === DECIMAL) return (column.flags & NOT_DECIMAL) === 0;
  return true;
}
