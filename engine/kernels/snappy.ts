/** Snappy's block format (github.com/google/snappy, format_description.txt), greedily as its reference does. */

const FRAGMENT: usize = 65_536;
const HASH_BITS: u32 = 14;
const SNAPPY_TABLE_BYTES: usize = 2 << HASH_BITS;
/** A match is looked for only where so many bytes follow. */
const MARGIN: usize = 15;

/** What compressing takes at most. */
export function mostSnappyBytes(length: usize): usize {
  return 32 + length + length / 6;
}

/** @param table of `SNAPPY_TABLE_BYTES`. @returns where the output ends. */
export function compressSnappy(source: usize, length: usize, target: usize, table: usize): usize {
  let to = target;
  let rest = length;
  for (; rest > 0x7f; rest >>= 7) store<u8>(to++, ((rest & 0x7f) | 0x80) as u8);
  store<u8>(to++, rest as u8);
  for (let at: usize = 0; at < length; at += FRAGMENT) {
    to = compressFragment(source + at, min(FRAGMENT, length - at), to, table);
  }
  return to;
}

function slotOf(bytes: u32, table: usize): usize {
  return table + (((bytes * 0x1e35a7bd) >> (32 - HASH_BITS)) << 1);
}

function compressFragment(base: usize, length: usize, target: usize, table: usize): usize {
  const end = base + length;
  let to = target;
  let literal = base;
  if (length > MARGIN) {
    memory.fill(table, 0, SNAPPY_TABLE_BYTES);
    const limit = end - MARGIN;
    let skip: usize = 32;
    let at = base + 1;
    while (at <= limit) {
      const bytes = load<u32>(at);
      const slot = slotOf(bytes, table);
      const candidate = base + load<u16>(slot);
      store<u16>(slot, (at - base) as u16);
      if (load<u32>(candidate) !== bytes) {
        at += skip >> 5;
        skip++;
        continue;
      }
      to = storeLiteral(to, literal, at - literal);
      let same: usize = 4;
      while (at + same + 8 <= end && load<u64>(candidate + same) === load<u64>(at + same)) same += 8;
      while (at + same < end && load<u8>(candidate + same) === load<u8>(at + same)) same++;
      to = storeCopy(to, at - candidate, same);
      at += same;
      literal = at;
      skip = 32;
      if (at <= limit) store<u16>(slotOf(load<u32>(at - 1), table), (at - 1 - base) as u16);
    }
  }
  return storeLiteral(to, literal, end - literal);
}

function storeLiteral(target: usize, from: usize, length: usize): usize {
  if (length === 0) return target;
  let to = target;
  const last = length - 1;
  if (last < 60) store<u8>(to++, (last << 2) as u8);
  else if (last < 256) {
    store<u8>(to++, 60 << 2);
    store<u8>(to++, last as u8);
  } else {
    store<u8>(to++, 61 << 2);
    store<u16>(to, last as u16);
    to += 2;
  }
  memory.copy(to, from, length);
  return to + length;
}

function storeCopy(target: usize, offset: usize, length: usize): usize {
  let to = target;
  let rest = length;
  while (rest >= 68) {
    to = storeShortCopy(to, offset, 64);
    rest -= 64;
  }
  if (rest > 64) {
    to = storeShortCopy(to, offset, 60);
    rest -= 60;
  }
  return storeShortCopy(to, offset, rest);
}

function storeShortCopy(target: usize, offset: usize, length: usize): usize {
  if (length < 12 && offset < 2048) {
    store<u8>(target, (1 + ((length - 4) << 2) + ((offset >> 8) << 5)) as u8);
    store<u8>(target, offset as u8, 1);
    return target + 2;
  }
  store<u8>(target, (2 + ((length - 1) << 2)) as u8);
  store<u16>(target, offset as u16, 1);
  return target + 3;
}
