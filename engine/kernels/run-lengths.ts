/** Parquet's hybrid of run lengths and bit packing; `engine/artifacts/run-lengths.ts` is the same in TypeScript. */

/** Of a row without a value. */
export const NO_CODE: u32 = 0xffff_ffff;

const GROUP: u32 = 8;

export function bitWidthOf(count: u32): u32 {
  return count <= 1 ? 0 : 32 - clz(count - 1);
}

function storeHeader(target: usize, value: u32): usize {
  let to = target;
  let rest = value;
  for (; rest > 0x7f; rest >>= 7) store<u8>(to++, ((rest & 0x7f) | 0x80) as u8);
  store<u8>(to++, rest as u8);
  return to;
}

/** What encoding takes at most. */
export function mostRunBytes(count: u32, bitWidth: u32): usize {
  return (((count + GROUP - 1) / GROUP) as usize) * (bitWidth + 10) + 16;
}

/** @param values (count) u32. @returns where the output ends. */
export function encodeRuns(values: usize, count: u32, bitWidth: u32, target: usize): usize {
  let to = target;
  const valueBytes = (bitWidth + 7) >> 3;
  let packedFrom: u32 = 0;
  for (let i: u32 = 0; i < count; ) {
    const value = load<u32>(values + ((i as usize) << 2));
    let after = i + 1;
    while (after < count && load<u32>(values + ((after as usize) << 2)) === value) after++;
    if (after - i < GROUP) {
      i += GROUP;
      continue;
    }
    to = pack(values, packedFrom, i, count, bitWidth, to);
    to = storeHeader(to, (after - i) << 1);
    for (let byte: u32 = 0; byte < valueBytes; byte++) store<u8>(to++, (value >> (byte << 3)) as u8);
    i = after;
    packedFrom = i;
  }
  return pack(values, packedFrom, count, count, bitWidth, to);
}

function pack(values: usize, from: u32, until: u32, count: u32, bitWidth: u32, target: usize): usize {
  if (until <= from) return target;
  const groups = (until - from + GROUP - 1) / GROUP;
  let to = storeHeader(target, (groups << 1) | 1);
  let bits: u64 = 0;
  let bitCount: u32 = 0;
  const end = from + groups * GROUP;
  let first = from;
  if (bitWidth <= 8) {
    // A group has as many bytes as a value has bits.
    for (; first + GROUP <= count && first < end; first += GROUP) {
      const at = values + ((first as usize) << 2);
      let group: u64 = 0;
      for (let i: u32 = 0; i < GROUP; i++) group |= (load<u32>(at + ((i as usize) << 2)) as u64) << (i * bitWidth);
      store<u64>(to, group);
      to += bitWidth;
    }
  }
  for (let i = first; i < end; i++) {
    if (i < count) bits |= (load<u32>(values + ((i as usize) << 2)) as u64) << bitCount;
    bitCount += bitWidth;
    if (bitCount >= 32) {
      store<u32>(to, bits as u32);
      to += 4;
      bits >>= 32;
      bitCount -= 32;
    }
  }
  for (; bitCount > 0; bitCount -= 8) {
    store<u8>(to++, bits as u8);
    bits >>= 8;
  }
  return to;
}

/** Which of the rows have a value, as levels of one bit. @param codes (count) `NO_CODE` where there is none. */
export function encodeLevels(codes: usize, count: u32, nullCount: u32, levels: usize, target: usize): usize {
  if (nullCount === 0) {
    const to = storeHeader(target, count << 1);
    store<u8>(to, 1);
    return to + 1;
  }
  for (let i: usize = 0; i < count; i++) {
    store<u32>(levels + (i << 2), load<u32>(codes + (i << 2)) === NO_CODE ? 0 : 1);
  }
  return encodeRuns(levels, count, 1, target);
}
