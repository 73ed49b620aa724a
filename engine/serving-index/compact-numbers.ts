/**
 * How numbers are made small in the serving index. Each way has a rounding that changes nothing when it is applied again,
 * so that an index in memory can hold exactly what its file says.
 */

/** Unsigned floats of 16 bits, relative error at most 2^-12: 5 bits of exponent, 11 of mantissa; 0 is 0. */
export interface ShortFloats {
  readonly codes: Uint16Array;
  /** A code c other than 0 is the float32 with the bits (exponent << 23) + (c << 12). */
  readonly exponent: number;
}

const DROPPED_BITS = 12;
const HALF = 1 << (DROPPED_BITS - 1);
const MOST_CODE = 0xffff;
const CODES_A_BINADE_BITS = 11;

/**
 * The greatest value keeps its place; what is below 2^-31 of it becomes the smallest code, never 0.
 *
 * @param values finite and not negative.
 */
export function toShortFloats(values: Float32Array): ShortFloats {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let greatest = 0;
  // Floats that are not negative are ordered as their bits are.
  for (let i = 0; i < bits.length; i++) if (bits[i] > greatest) greatest = bits[i];
  const top = (greatest + HALF) >>> DROPPED_BITS;
  const exponent = Math.max(0, (top >>> CODES_A_BINADE_BITS) - (MOST_CODE >>> CODES_A_BINADE_BITS));
  const offset = exponent << CODES_A_BINADE_BITS;
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    if (bits[i] !== 0) codes[i] = Math.max(1, ((bits[i] + HALF) >>> DROPPED_BITS) - offset);
  }
  return { codes, exponent };
}

/** @param target (codes) receives the values. */
export function fromShortFloats({ codes, exponent }: ShortFloats, target: Float32Array): Float32Array {
  // Half the time of reckoning each.
  const values = new Float32Array(MOST_CODE + 1);
  const bits = new Uint32Array(values.buffer);
  for (let code = 1; code <= MOST_CODE; code++) bits[code] = (exponent << 23) + (code << DROPPED_BITS);
  for (let i = 0; i < codes.length; i++) target[i] = values[codes[i]];
  return target;
}

export function roundShortFloats(values: Float32Array): Float32Array {
  return fromShortFloats(toShortFloats(values), new Float32Array(values.length));
}

/** Rows of integers of 16 bits, each row with a power of two: v = code · 2^exponent. */
export interface ScaledRows {
  /** (rows, columns) two's complement */
  readonly codes: Int16Array;
  /** (rows) −128…127 */
  readonly exponents: Int8Array;
}

const LARGEST_CODE = 0x7fff;

/**
 * Each value to the nearest multiple of the row's power of two, the smallest that lets its largest value fit: an error of
 * at most 2^-15 of the row's largest value.
 *
 * @param rows (rowCount, columns) finite
 */
export function toScaledRows(rows: Float32Array, columns: number): ScaledRows {
  const rowCount = rows.length / columns;
  const codes = new Int16Array(rows.length);
  const exponents = new Int8Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    let largest = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) largest = Math.max(largest, Math.abs(rows[i]));
    if (largest === 0) continue;
    let exponent = Math.max(-128, Math.floor(Math.log2(largest)) - 15);
    while (Math.round(largest / 2 ** exponent) > LARGEST_CODE) exponent++;
    exponents[row] = exponent;
    for (let i = row * columns; i < (row + 1) * columns; i++) codes[i] = Math.round(rows[i] / 2 ** exponent);
  }
  return { codes, exponents };
}

/** @param target (rows, columns) receives the values. */
export function fromScaledRows({ codes, exponents }: ScaledRows, target: Float32Array): Float32Array {
  const columns = codes.length / exponents.length;
  for (let row = 0; row < exponents.length; row++) {
    const scale = 2 ** exponents[row];
    for (let i = row * columns; i < (row + 1) * columns; i++) target[i] = codes[i] * scale;
  }
  return target;
}

export function roundScaledRows(rows: Float32Array, columns: number): Float32Array {
  return fromScaledRows(toScaledRows(rows, columns), new Float32Array(rows.length));
}

/** Numbers of which most are the same few, without any loss: a byte each, and four more for a rare one. */
export interface CodedNumbers {
  readonly codes: Uint8Array;
  /** (≤ 255) code c < 255 is the value [c]. */
  readonly values: Float32Array;
  /** The values of the codes 255, in their order. */
  readonly rest: Float32Array;
}

const RARE = 255;

export function toCodedNumbers(numbers: Float32Array): CodedNumbers {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  const frequent = [...counts].sort(([a, m], [b, n]) => n - m || a - b).slice(0, RARE);
  const values = Float32Array.from(frequent, ([value]) => value).sort();
  const codeOf = new Map(Array.from(values, (value, code) => [value, code]));
  const codes = Uint8Array.from(numbers, (number) => codeOf.get(number) ?? RARE);
  return { codes, values, rest: numbers.filter((_, i) => codes[i] === RARE) };
}

/** Whether each code has a value, and each rare value a code. */
export function isWholeCode({ codes, values, rest }: CodedNumbers): boolean {
  if (values.length > RARE) return false;
  let rare = 0;
  let highest = -1;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === RARE) rare++;
    else if (code > highest) highest = code;
  }
  return rare === rest.length && highest < values.length;
}

/** @param numbers whole. @param target (codes) receives the values. */
export function fromCodedNumbers({ codes, values, rest }: CodedNumbers, target: Float32Array): Float32Array {
  const table = new Float32Array(RARE + 1);
  table.set(values);
  for (let i = 0; i < codes.length; i++) target[i] = table[codes[i]];
  let used = 0;
  for (let i = codes.indexOf(RARE); i >= 0; i = codes.indexOf(RARE, i + 1)) target[i] = rest[used++];
  return target;
}
