/** Which texts are numbers, and their values. A number is written as people write it, so that typing it loses nothing. */

/** Bits of what a text is; `engine/clicks/number-columns.ts` and `engine/clicks/read-table.ts` have them too. */
export const NOT_INTEGER: u32 = 1;
export const NOT_DECIMAL: u32 = 2;
const IS_VALUE: u32 = 4;

const MINUS: u32 = 45;
const DOT: u32 = 46;
const ZERO: u32 = 48;

/** 64-bit integers have at most so many digits. */
const MOST_DIGITS: u32 = 19;
/** Beyond, a double does not hold a whole number exactly. */
const MOST_EXACT_DIGITS: u32 = 15;
/** Of a decimal, before and after the point. */
const MOST_WHOLE_DIGITS: u32 = 9;
const MOST_DECIMALS: u32 = 6;

/** @param length at least 1. */
export function flagsOf(start: usize, length: u32): u32 {
  const text = IS_VALUE | NOT_INTEGER | NOT_DECIMAL;
  const isNegative = load<u8>(start) === MINUS;
  const from = start + (isNegative ? 1 : 0);
  const digits = length - (isNegative ? 1 : 0);
  if (digits === 0 || digits > MOST_DIGITS) return text;
  let point: u32 = digits;
  for (let i: u32 = 0; i < digits; i++) {
    const byte: u32 = load<u8>(from + i);
    if (byte - ZERO <= 9) continue;
    if (byte !== DOT || point < digits) return text;
    point = i;
  }
  // One zero alone before the point, or none.
  if (point === 0 || (point > 1 && load<u8>(from) === ZERO)) return text;
  if (point < digits) {
    const decimals = digits - point - 1;
    const isDecimal = decimals > 0 && decimals <= MOST_DECIMALS && point <= MOST_WHOLE_DIGITS;
    return isDecimal ? IS_VALUE | NOT_INTEGER : text;
  }
  const isNegativeZero = isNegative && load<u8>(from) === ZERO;
  const isInteger = !isNegativeZero && (digits < MOST_DIGITS || fits64Bits(from, isNegative));
  return IS_VALUE | (isInteger ? 0 : NOT_INTEGER) | (digits <= MOST_EXACT_DIGITS ? 0 : NOT_DECIMAL);
}

function fits64Bits(digits: usize, isNegative: bool): bool {
  let value: u64 = 0;
  for (let i: usize = 0; i < MOST_DIGITS; i++) value = value * 10 + (load<u8>(digits + i) - ZERO);
  return value <= (i64.MAX_VALUE as u64) + (isNegative ? 1 : 0);
}

/** Of a text that is an integer. */
export function integerOf(start: usize, length: u32): i64 {
  const isNegative = load<u8>(start) === MINUS;
  let value: i64 = 0;
  for (let i: u32 = isNegative ? 1 : 0; i < length; i++) value = value * 10 + (load<u8>(start + i) - ZERO);
  return isNegative ? -value : value;
}

/** Of a text that is a decimal: both parts of the quotient are exact, so that it is rounded once. */
export function decimalOf(start: usize, length: u32): f64 {
  const isNegative = load<u8>(start) === MINUS;
  let digits: i64 = 0;
  let divisor: f64 = 1;
  let isFraction = false;
  for (let i: u32 = isNegative ? 1 : 0; i < length; i++) {
    const byte: u32 = load<u8>(start + i);
    if (byte === DOT) isFraction = true;
    else {
      digits = digits * 10 + (byte - ZERO);
      if (isFraction) divisor *= 10;
    }
  }
  const value = (digits as f64) / divisor;
  return isNegative ? -value : value;
}
