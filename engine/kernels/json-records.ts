import { endParts, Records } from './csv-records';

/** A line is no object, has another key, or a value that is not taken. */
const NOT_AS_EXPECTED: u32 = 7;

const LF: u32 = 10;
const CR: u32 = 13;
const TAB: u32 = 9;
const SPACE: u32 = 32;
const QUOTE: u32 = 34;
const COMMA: u32 = 44;
const MINUS: u32 = 45;
const DOT: u32 = 46;
const ZERO: u32 = 48;
const COLON: u32 = 58;
const OPEN_BRACKET: u32 = 91;
const BACKSLASH: u32 = 92;
const CLOSE_BRACKET: u32 = 93;
const OPEN_BRACE: u32 = 123;
const CLOSE_BRACE: u32 = 125;

/** "true", "alse", "null", little-endian. */
const TRUE: u32 = 0x65_75_72_74;
const ALSE: u32 = 0x65_73_6c_61;
const NULL: u32 = 0x6c_6c_75_6e;

/** Of a number: one of these is the same text whoever writes it. */
const MOST_DIGITS: usize = 18;
const MOST_WHOLE_DIGITS: usize = 9;
const MOST_DECIMALS: usize = 6;
/** Deeper, readers of JSON give up. */
const MOST_DEPTH: u32 = 100;

/**
 * Finds the values of the next lines, each an object of known keys. A value that another writer of JSON would write in
 * another way (1.50, 1e3, a nested one with spaces) is not taken: the text that stands for it is DuckDB's to say.
 *
 * @returns how many; 0 at the end of the chunk, or where there is an error.
 */
export function nextLines(records: Records): u32 {
  const columnCount = records.columnCount;
  const stride: usize = (records.blockRows as usize) << 2;
  const end: usize = records.end;
  let at: usize = records.at;
  let rows: u32 = 0;
  for (; at < end && rows < records.blockRows; rows++) {
    const startsAt = (records.starts as usize) + ((rows as usize) << 2);
    const endsAt = (records.ends as usize) + ((rows as usize) << 2);
    for (let c: usize = 0; c < columnCount; c++) {
      store<u32>(startsAt + c * stride, 0);
      store<u32>(endsAt + c * stride, 0);
    }
    at = skipSpaces(at);
    if (load<u8>(at) !== OPEN_BRACE) return fail(records);
    at = skipSpaces(at + 1);
    let expected: u32 = 0;
    const stamp = records.rows + rows + 1;
    while (load<u8>(at) !== CLOSE_BRACE) {
      if (load<u8>(at) !== QUOTE) return fail(records);
      const column = columnOf(records, at + 1, expected);
      if (column === columnCount) return fail(records);
      const seen = (records.seen as usize) + ((column as usize) << 2);
      if (load<u32>(seen) === stamp) return fail(records);
      store<u32>(seen, stamp);
      expected = column + 1;
      at = skipSpaces(at + 2 + lengthOfKey(records, column));
      if (load<u8>(at) !== COLON) return fail(records);
      at = skipSpaces(at + 1);
      const offset = (column as usize) * stride;
      at = readValue(at, startsAt + offset, endsAt + offset);
      if (at === 0) return fail(records);
      at = skipSpaces(at);
      if (load<u8>(at) === COMMA) {
        at = skipSpaces(at + 1);
        if (load<u8>(at) === CLOSE_BRACE) return fail(records);
      } else if (load<u8>(at) !== CLOSE_BRACE) return fail(records);
    }
    at = skipSpaces(at + 1);
    if (load<u8>(at) === CR) at++;
    if (load<u8>(at) !== LF) return fail(records);
    at++;
    endParts(records, at, records.rows + rows + 1);
  }
  records.at = at as u32;
  records.rows += rows;
  return rows;
}

function fail(records: Records): u32 {
  records.error = NOT_AS_EXPECTED;
  return 0;
}

function skipSpaces(start: usize): usize {
  let at = start;
  while (load<u8>(at) === SPACE || load<u8>(at) === TAB) at++;
  return at;
}

function lengthOfKey(records: Records, column: u32): usize {
  return load<u32>((records.keys as usize) + ((column as usize) << 3), 4);
}

/** Keys come in the same order in most lines. @returns the column count where there is no such key. */
function columnOf(records: Records, start: usize, expected: u32): u32 {
  if (expected < records.columnCount && isKey(records, expected, start)) return expected;
  for (let column: u32 = 0; column < records.columnCount; column++) if (isKey(records, column, start)) return column;
  return records.columnCount;
}

function isKey(records: Records, column: u32, start: usize): bool {
  const key: usize = load<u32>((records.keys as usize) + ((column as usize) << 3));
  const length = lengthOfKey(records, column);
  if (load<u8>(start + length) !== QUOTE) return false;
  let at: usize = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(key + at) !== load<u64>(start + at)) return false;
  for (; at < length; at++) if (load<u8>(key + at) !== load<u8>(start + at)) return false;
  return true;
}

/** @param startAt, endAt where its place goes; null has none. @returns where it ends; 0 where it is not taken. */
function readValue(start: usize, startAt: usize, endAt: usize): usize {
  const first: u32 = load<u8>(start);
  if (first === QUOTE) return readString(start + 1, startAt, endAt);
  let end: usize = 0;
  if (first === MINUS || first - ZERO <= 9) end = numberEnd(start);
  else if (first === OPEN_BRACE || first === OPEN_BRACKET) end = nestedEnd(start);
  else if (load<u32>(start) === NULL) return start + 4;
  else if (load<u32>(start) === TRUE) end = start + 4;
  else if (load<u32>(start + 1) === ALSE && first === 102) end = start + 5;
  store<u32>(startAt, start as u32);
  store<u32>(endAt, end as u32);
  return end;
}

function numberEnd(start: usize): usize {
  const from = start + (load<u8>(start) === MINUS ? 1 : 0);
  let at = from;
  while ((load<u8>(at) as u32) - ZERO <= 9) at++;
  const whole = at - from;
  if (whole === 0 || whole > MOST_DIGITS || (whole > 1 && load<u8>(from) === ZERO)) return 0;
  if (load<u8>(at) !== DOT) {
    const isNegativeZero = from > start && load<u8>(from) === ZERO;
    return isNegativeZero || isExponent(at) ? 0 : at;
  }
  const point = at++;
  while ((load<u8>(at) as u32) - ZERO <= 9) at++;
  const decimals = at - point - 1;
  if (whole > MOST_WHOLE_DIGITS || decimals === 0 || decimals > MOST_DECIMALS) return 0;
  return load<u8>(at - 1) === ZERO || isExponent(at) ? 0 : at;
}

function isExponent(at: usize): bool {
  return (load<u8>(at) | 0x20) === 101;
}

/** Of an object or a list that is written without spaces, escapes and fractions. */
function nestedEnd(start: usize): usize {
  let depth: u32 = 0;
  let at = start;
  do {
    const byte: u32 = load<u8>(at);
    if (byte === QUOTE) {
      at++;
      for (; load<u8>(at) !== QUOTE; at++) if (load<u8>(at) === BACKSLASH || load<u8>(at) < 0x20) return 0;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (depth > MOST_DEPTH) return 0;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    else if (byte <= SPACE || byte === DOT || byte === BACKSLASH) return 0;
    else if (byte === MINUS && load<u8>(at + 1) === ZERO) return 0;
    else if (isExponent(at) && !endsWord(at)) return 0;
    at++;
  } while (depth > 0);
  return at;
}

/** The e of true and of false. */
function endsWord(at: usize): bool {
  const before: u32 = load<u8>(at - 1);
  return load<u8>(at) === 101 && (before === 117 || before === 115);
}

/** A bit for each of 16 bytes that ends a text, or that no text has. */
function eventsAt(at: usize): u32 {
  const bytes = v128.load(at);
  const ends = v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE as i8)), i8x16.eq(bytes, i8x16.splat(BACKSLASH as i8)));
  return i8x16.bitmask(v128.or(ends, i8x16.lt_u(bytes, i8x16.splat(SPACE as i8))));
}

function readString(start: usize, startAt: usize, endAt: usize): usize {
  let at = start;
  let mask = eventsAt(at);
  while (mask === 0) {
    at += 16;
    mask = eventsAt(at);
  }
  at += ctz(mask);
  store<u32>(startAt, start as u32);
  if (load<u8>(at) === QUOTE) {
    store<u32>(endAt, at as u32);
    return at + 1;
  }
  return load<u8>(at) === BACKSLASH ? takeEscapes(at, endAt) : 0;
}

/** Puts characters in place of their escapes, which are longer. */
function takeEscapes(start: usize, endAt: usize): usize {
  let from = start;
  let to = start;
  let byte: u32 = load<u8>(from++);
  for (; byte !== QUOTE; byte = load<u8>(from++)) {
    if (byte < SPACE) return 0;
    if (byte !== BACKSLASH) {
      store<u8>(to++, byte as u8);
      continue;
    }
    const escaped: u32 = load<u8>(from++);
    if (escaped === 117) {
      let code = hexAt(from);
      from += 4;
      if (code >>> 10 === 0x36) {
        // The first half of a pair.
        const low = load<u16>(from) === 0x755c ? hexAt(from + 2) : 0;
        if (low >>> 10 !== 0x37) return 0;
        code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
        from += 6;
      } else if (code === 0 || code > 0xffff || code >>> 10 === 0x37) return 0;
      to = storeUtf8(to, code);
      continue;
    }
    let character: u32 = 0;
    if (escaped === QUOTE || escaped === BACKSLASH || escaped === 47) character = escaped;
    else if (escaped === 98) character = 8;
    else if (escaped === 102) character = 12;
    else if (escaped === 110) character = LF;
    else if (escaped === 114) character = CR;
    else if (escaped === 116) character = TAB;
    else return 0;
    store<u8>(to++, character as u8);
  }
  store<u32>(endAt, to as u32);
  return from;
}

/** Four digits; above 0xffff where they are none. */
function hexAt(start: usize): u32 {
  let code: u32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const byte: u32 = load<u8>(start + i);
    const letter = (byte | 0x20) - 97;
    if (byte - ZERO <= 9) code = (code << 4) | (byte - ZERO);
    else if (letter <= 5) code = (code << 4) | (letter + 10);
    else return 0x1_0000;
  }
  return code;
}

function storeUtf8(target: usize, code: u32): usize {
  if (code < 0x80) {
    store<u8>(target, code as u8);
    return target + 1;
  }
  let to = target;
  if (code < 0x800) store<u8>(to++, (0xc0 | (code >> 6)) as u8);
  else {
    if (code < 0x10000) store<u8>(to++, (0xe0 | (code >> 12)) as u8);
    else {
      store<u8>(to++, (0xf0 | (code >> 18)) as u8);
      store<u8>(to++, (0x80 | ((code >> 12) & 0x3f)) as u8);
    }
    store<u8>(to++, (0x80 | ((code >> 6) & 0x3f)) as u8);
  }
  store<u8>(to++, (0x80 | (code & 0x3f)) as u8);
  return to;
}
