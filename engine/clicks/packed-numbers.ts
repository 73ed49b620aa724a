/** Numbers as small whole ones: value i is `base + step · values[i]`; as they are, with 0 and 1, where that loses any. */
export interface PackedNumbers {
  base: number;
  step: number;
  values: Uint8Array | Uint16Array | Uint32Array | Float64Array;
}

/**
 * Packs finite numbers without loss: 20 million positions take 20 MB instead of 160.
 *
 * @param steps to try, each a divisor of the one before: days, seconds and milliseconds for times.
 */
export function packNumbers(numbers: Float64Array, steps: readonly number[]): PackedNumbers {
  let base = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i];
    if (value < base) base = value;
    if (value > largest) largest = value;
  }
  const step = numbers.length === 0 ? undefined : commonStep(numbers, base, steps);
  const most = step === undefined ? Number.POSITIVE_INFINITY : (largest - base) / step;
  if (step === undefined || most > 0xffff_ffff) return { base: 0, step: 1, values: numbers };
  const type = most <= 0xff ? Uint8Array : most <= 0xffff ? Uint16Array : Uint32Array;
  const values = new type(numbers.length);
  // A division takes longer than all the rest.
  if (step === 1) for (let i = 0; i < numbers.length; i++) values[i] = numbers[i] - base;
  else for (let i = 0; i < numbers.length; i++) values[i] = (numbers[i] - base) / step;
  return { base, step, values };
}

/** The first of the steps of which all numbers are multiples, counted from the base. */
function commonStep(numbers: Float64Array, base: number, steps: readonly number[]): number | undefined {
  let multiples = 0;
  for (const step of steps) {
    // What is a multiple of a larger step is one of each that divides it.
    multiples += leadingMultiples(numbers, multiples, base, step);
    if (multiples === numbers.length) return step;
  }
  return undefined;
}

function leadingMultiples(numbers: Float64Array, from: number, base: number, step: number): number {
  let i = from;
  let last = Number.NaN;
  for (; i < numbers.length; i++) {
    const value = numbers[i];
    // Views of one session are of one day, or of one moment.
    if (value === last) continue;
    if (base + Math.floor((value - base) / step) * step !== value) break;
    last = value;
  }
  return i - from;
}

export function unpackNumbers({ base, step, values }: PackedNumbers): Float64Array {
  if (values instanceof Float64Array) return values;
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) numbers[i] = base + step * values[i];
  return numbers;
}
