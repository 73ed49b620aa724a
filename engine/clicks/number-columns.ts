const QUOTE = 34;
const LF = 10;
const CR = 13;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;

/** Of a cell so far; what is beyond `TEXT` ends it. */
const START = 0;
const SIGN = 1;
const LEADING_ZERO = 2;
const DIGITS = 3;
const POINT = 4;
const FRACTION = 5;
const TEXT = 6;
const DELIMITER = 8;
const LINE_END = 9;

/** Of a cell's value, as bits: neither is a value. */
const NOT_INTEGER = 1;
const NOT_DECIMAL = 2;
const IS_VALUE = 4;

/** 64-bit integers have at most so many digits. */
const MOST_DIGITS = 19;
/** Beyond, a DOUBLE does not hold a whole number exactly. */
const MOST_EXACT_DIGITS = 15;
/** Of a decimal, before and after the point. */
const MOST_WHOLE_DIGITS = 9;
const MOST_DECIMALS = 6;

/** A cell that is longer has a quote that does not close. */
const MOST_REST_BYTES = 2 ** 24;

export type NumberType = 'BIGINT' | 'DOUBLE';

/**
 * Tells which columns of a CSV file are numbers, before DuckDB reads it: a column is BIGINT or DOUBLE when every one of its
 * values is written as such a number, so that nothing is lost ("007" stays text). Rows of another number of cells do not
 * count: they are rejected.
 */
export class NumberColumns {
  private readonly flags: Uint8Array;
  private readonly rowFlags: Uint8Array;
  private readonly next: Uint8Array;
  private readonly delimiter: number;
  private readonly columnCount: number;
  private readonly linesBefore: number;
  private linesToSkip: number;
  private column = 0;
  private afterCr = false;
  /** A cell that goes on in the next piece. */
  private rest: Uint8Array = new Uint8Array(0);
  private hasGivenUp = false;

  /** @param delimiter one ASCII character. @param linesBefore the first row of a file, the header among them. */
  constructor(columnCount: number, delimiter: string, linesBefore: number) {
    this.columnCount = columnCount;
    this.delimiter = delimiter.charCodeAt(0);
    this.next = transitions(this.delimiter);
    this.linesBefore = linesBefore;
    this.linesToSkip = linesBefore;
    this.flags = new Uint8Array(columnCount);
    this.rowFlags = new Uint8Array(columnCount);
  }

  add(piece: Uint8Array): void {
    if (this.hasGivenUp) return;
    let bytes = piece;
    if (this.rest.length > 0) {
      bytes = new Uint8Array(this.rest.length + piece.length);
      bytes.set(this.rest);
      bytes.set(piece, this.rest.length);
    }
    const { next, delimiter, columnCount, rowFlags } = this;
    const length = bytes.length;
    let { column, afterCr } = this;
    let start = 0;
    let i = 0;
    while (i < length) {
      start = i;
      let state = START;
      let end = LINE_END;
      let flags = 0;
      if (bytes[i] === QUOTE) {
        const close = closingQuote(bytes, i, delimiter);
        if (close < 0) break;
        flags = flagsOf(bytes, i + 1, close, next);
        i = close + 1;
        if (i === length) {
          i = start;
          break;
        }
        end = bytes[i] === delimiter ? DELIMITER : LINE_END;
      } else {
        for (;;) {
          if (i === length) break;
          const after = next[(state << 8) | bytes[i]];
          if (after >= DELIMITER) {
            end = after;
            break;
          }
          state = after;
          i++;
        }
        if (i === length) {
          i = start;
          break;
        }
        if (state !== START) flags = flagsOfState(state, bytes, start, i);
      }
      const byte = bytes[i++];
      if (byte === LF && afterCr && i - start === 1 && column === 0) {
        afterCr = false;
        continue;
      }
      afterCr = byte === CR;
      if (end === DELIMITER) {
        if (column < columnCount) rowFlags[column] = flags;
        column++;
        continue;
      }
      if (column > 0 || i - start > 1) {
        if (column < columnCount) rowFlags[column] = flags;
        this.endRow(column + 1);
      } else if (this.linesToSkip > 0) this.linesToSkip--;
      column = 0;
    }
    this.column = column;
    this.afterCr = afterCr;
    this.rest = bytes.slice(i);
    if (this.rest.length > MOST_REST_BYTES) this.hasGivenUp = true;
  }

  /** What follows is another file of the same columns. */
  endFile(): void {
    if (this.rest.length > 0 || this.column > 0) this.add(Uint8Array.of(LF));
    this.rest = new Uint8Array(0);
    this.column = 0;
    this.afterCr = false;
    this.linesToSkip = this.linesBefore;
  }

  /** Of each column; undefined: it is text, or has no values. */
  types(): (NumberType | undefined)[] {
    if (this.hasGivenUp) return Array.from(this.flags, () => undefined);
    return Array.from(this.flags, (flags) => {
      if ((flags & IS_VALUE) === 0) return undefined;
      if ((flags & NOT_INTEGER) === 0) return 'BIGINT';
      return (flags & NOT_DECIMAL) === 0 ? 'DOUBLE' : undefined;
    });
  }

  /** Of each column, as bits of what its values are not. */
  flagsOfColumns(): number[] {
    return Array.from(this.flags, (flags) => (this.hasGivenUp ? IS_VALUE | NOT_INTEGER | NOT_DECIMAL : flags));
  }

  private endRow(cells: number): void {
    if (this.linesToSkip > 0) this.linesToSkip--;
    else if (cells === this.columnCount) {
      const { flags, rowFlags } = this;
      for (let column = 0; column < rowFlags.length; column++) flags[column] |= rowFlags[column];
    }
  }
}

/** (state, byte) → state, or what ends the cell. */
function transitions(delimiter: number): Uint8Array {
  const next = new Uint8Array(TEXT * 256 + 256).fill(TEXT);
  for (let state = START; state <= TEXT; state++) {
    const row = state << 8;
    for (let digit = ZERO; digit <= NINE; digit++) {
      if (state === START || state === SIGN) next[row | digit] = digit === ZERO ? LEADING_ZERO : DIGITS;
      if (state === DIGITS) next[row | digit] = DIGITS;
      if (state === POINT || state === FRACTION) next[row | digit] = FRACTION;
    }
    if (state === START) next[row | MINUS] = SIGN;
    if (state === LEADING_ZERO || state === DIGITS) next[row | DOT] = POINT;
    next[row | LF] = LINE_END;
    next[row | CR] = LINE_END;
    next[row | delimiter] = DELIMITER;
  }
  return next;
}

/** Of the quote that ends a quoted cell; −1 when it is not there yet. A doubled one is part of the text. */
function closingQuote(bytes: Uint8Array, open: number, delimiter: number): number {
  for (let i = open + 1; i < bytes.length; i++) {
    if (bytes[i] !== QUOTE) continue;
    if (i + 1 === bytes.length) return -1;
    const after = bytes[i + 1];
    if (after === delimiter || after === LF || after === CR) return i;
    if (after === QUOTE) i++;
  }
  return -1;
}

function flagsOf(bytes: Uint8Array, start: number, end: number, next: Uint8Array): number {
  if (start === end) return 0;
  let state = START;
  for (let i = start; i < end; i++) {
    const after = next[(state << 8) | bytes[i]];
    state = after > TEXT ? TEXT : after;
  }
  return flagsOfState(state, bytes, start, end);
}

function flagsOfState(state: number, bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === MINUS;
  const length = end - start - (isNegative ? 1 : 0);
  if (state === LEADING_ZERO || state === DIGITS) {
    const isNegativeZero = state === LEADING_ZERO && isNegative;
    const isInteger =
      !isNegativeZero && (length < MOST_DIGITS || (length === MOST_DIGITS && fits64Bits(bytes, start, end)));
    return IS_VALUE | (isInteger ? 0 : NOT_INTEGER) | (length <= MOST_EXACT_DIGITS ? 0 : NOT_DECIMAL);
  }
  if (state === FRACTION) {
    const whole = bytes.indexOf(DOT, start) - end + length;
    if (whole <= MOST_WHOLE_DIGITS && length - whole - 1 <= MOST_DECIMALS) return IS_VALUE | NOT_INTEGER;
  }
  return IS_VALUE | NOT_INTEGER | NOT_DECIMAL;
}

function fits64Bits(bytes: Uint8Array, start: number, end: number): boolean {
  const value = BigInt(String.fromCharCode(...bytes.subarray(start, end)));
  return BigInt.asIntN(64, value) === value;
}
