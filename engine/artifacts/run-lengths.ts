const GROUP = 8;
/** A header of a run has at most so many bytes. */
const MOST_HEADER_BYTES = 5;

/** Bits of the largest of so many numbers from 0. */
export function bitWidthOf(count: number): number {
  return count <= 1 ? 0 : 32 - Math.clz32(count - 1);
}

/**
 * Parquet's hybrid of run lengths and bit packing: eight or more equal numbers become a run, the others lie bit by bit in
 * groups of eight.
 *
 * @param bitWidth 0…25, enough for the largest number.
 */
export function encodeRuns(values: ArrayLike<number>, bitWidth: number): Uint8Array {
  const count = values.length;
  const groups = Math.ceil(count / GROUP);
  const bytes = new Uint8Array(groups * (bitWidth + 2 * MOST_HEADER_BYTES) + MOST_HEADER_BYTES);
  const valueBytes = Math.ceil(bitWidth / 8);
  let end = 0;
  const header = (value: number) => {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) bytes[end++] = (rest & 0x7f) | 0x80;
    bytes[end++] = rest;
  };
  let packedFrom = 0;
  const packUntil = (to: number) => {
    if (to === packedFrom) return;
    const packed = Math.ceil((to - packedFrom) / GROUP);
    header((packed << 1) | 1);
    let bits = 0;
    let bitCount = 0;
    for (let i = packedFrom; i < packedFrom + packed * GROUP; i++) {
      if (i < count) bits |= values[i] << bitCount;
      bitCount += bitWidth;
      while (bitCount >= 8) {
        bytes[end++] = bits & 0xff;
        bits >>>= 8;
        bitCount -= 8;
      }
    }
  };
  for (let i = 0; i < count; ) {
    const value = values[i];
    let after = i + 1;
    while (after < count && values[after] === value) after++;
    if (after - i >= GROUP) {
      packUntil(i);
      header((after - i) << 1);
      for (let byte = 0; byte < valueBytes; byte++) bytes[end++] = (value >>> (byte * 8)) & 0xff;
      i = after;
      packedFrom = i;
    } else i += GROUP;
  }
  packUntil(count);
  return bytes.subarray(0, end);
}
