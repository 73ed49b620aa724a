const DASH: u32 = 45;
const COLON: u32 = 58;
const DOT: u32 = 46;
const SPACE: u32 = 32;
const LETTER_T: u32 = 84;
const LETTER_Z: u32 = 90;
/** " UTC", little-endian. */
const UTC: u32 = 0x43_54_55_20;

const MOST_DECIMALS: u32 = 6;
const US_PER_SECOND: i64 = 1_000_000;

/** A number of some digits; −1 where there is another character. */
function digitsAt(start: usize, count: u32): i32 {
  let value: i32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const digit = (load<u8>(start + i) as u32) - 48;
    if (digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Days since 1970-01-01 of the Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
function daysOf(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const era = y / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
}

function daysInMonth(year: i32, month: i32): i32 {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * Milliseconds since 1970 of a moment as ISO 8601 writes it in UTC or without a zone: 2026-11-26, 2026-11-26 14:05:00,
 * 2026-11-26T14:05:00.123Z, 2026-11-26 14:05:00 UTC. NaN of any other text.
 */
export function momentOf(start: usize, length: u32): f64 {
  if (length < 10 || load<u8>(start + 4) !== DASH || load<u8>(start + 7) !== DASH) return NaN;
  const year = digitsAt(start, 4);
  const month = digitsAt(start + 5, 2);
  const day = digitsAt(start + 8, 2);
  if (year < 1000 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return NaN;
  const days: i64 = daysOf(year, month, day);
  if (length === 10) return (days * 86_400_000) as f64;
  const separator: u32 = load<u8>(start + 10);
  if (length < 19 || (separator !== SPACE && separator !== LETTER_T)) return NaN;
  if (load<u8>(start + 13) !== COLON || load<u8>(start + 16) !== COLON) return NaN;
  const hour = digitsAt(start + 11, 2);
  const minute = digitsAt(start + 14, 2);
  const second = digitsAt(start + 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return NaN;
  let microseconds = (days * 86_400 + ((hour * 3600 + minute * 60 + second) as i64)) * US_PER_SECOND;
  let at: u32 = 19;
  if (at < length && load<u8>(start + at) === DOT) {
    const from = ++at;
    let unit = US_PER_SECOND;
    for (; at < length && at - from < MOST_DECIMALS; at++) {
      const digit = digitsAt(start + at, 1);
      if (digit < 0) break;
      unit /= 10;
      microseconds += digit * unit;
    }
    if (at === from) return NaN;
  }
  const isZone =
    at + 1 === length ? load<u8>(start + at) === LETTER_Z : at + 4 === length && load<u32>(start + at) === UTC;
  return at === length || isZone ? (microseconds as f64) / 1e3 : NaN;
}
