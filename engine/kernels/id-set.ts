import { ENTRY_BYTES, Entry, hashOf, isSame } from './table-column';

const PAGE_BYTES: usize = 65_536;
const FEWEST_SLOTS: u32 = 1 << 14;
const ARENA_BYTES: usize = 1 << 20;

/** Texts numbered by first appearance over all chunks, in memory that grows. `engine/clicks/table-memory.ts` names the fields. */
@unmanaged
export class IdSet {
  /** The column that it is of. */
  column: u32;
  /** (slotMask + 1) uint32: 1 + the number of each slot of the hash table. */
  slots: u32;
  slotMask: u32;
  /** (capacity) `Entry`, by number; their texts stand in the arena. */
  entries: u32;
  capacity: u32;
  count: u32;
  arena: u32;
  arenaEnd: u32;
}

/** Zero-filled. @returns 0 where there is no memory left. */
function allocate(bytes: usize): usize {
  const pages = memory.grow(((bytes + PAGE_BYTES - 1) / PAGE_BYTES) as i32);
  return pages < 0 ? 0 : (pages as usize) * PAGE_BYTES;
}

function entryOf(set: IdSet, number: u32): Entry {
  return changetype<Entry>((set.entries as usize) + (number as usize) * ENTRY_BYTES);
}

function slotOf(hash: u64, mask: u32): u32 {
  return (hash as u32) & mask;
}

/** @returns false where there is no memory left. */
function grow(set: IdSet): bool {
  const count = set.slots === 0 ? FEWEST_SLOTS : (set.slotMask + 1) * 4;
  const slots = allocate((count as usize) << 2);
  const capacity = count >> 1;
  const entries = allocate((capacity as usize) * ENTRY_BYTES);
  if (slots === 0 || entries === 0) return false;
  memory.copy(entries, set.entries, (set.count as usize) * ENTRY_BYTES);
  set.slots = slots as u32;
  set.slotMask = count - 1;
  set.entries = entries as u32;
  set.capacity = capacity;
  for (let number: u32 = 0; number < set.count; number++) {
    const entry = entryOf(set, number);
    let slot = slotOf(hashOf(entry.start, entry.length, entry.head), set.slotMask);
    while (load<u32>(slots + ((slot as usize) << 2)) !== 0) slot = (slot + 1) & set.slotMask;
    store<u32>(slots + ((slot as usize) << 2), number + 1);
  }
  return true;
}

/** Of a set that has no memory left. */
export const NO_NUMBER: u32 = 0xffff_ffff;

export function numberOf(set: IdSet, head: u64, start: usize, length: u32): u32 {
  if (set.count === set.capacity && !grow(set)) return NO_NUMBER;
  const slots: usize = set.slots;
  let slot = slotOf(hashOf(start, length, head), set.slotMask);
  for (;;) {
    const found = load<u32>(slots + ((slot as usize) << 2));
    if (found === 0) break;
    const entry = entryOf(set, found - 1);
    if (entry.head === head && entry.length === length && (length <= 8 || isSame(entry.start, start, length)))
      return found - 1;
    slot = (slot + 1) & set.slotMask;
  }
  const text = keep(set, start, length);
  if (text === 0) return NO_NUMBER;
  const number = set.count++;
  store<u32>(slots + ((slot as usize) << 2), number + 1);
  const entry = entryOf(set, number);
  entry.head = head;
  entry.start = text as u32;
  entry.length = length;
  return number;
}

/** Its bytes, with zeros up to the next 8, since they are read so. */
function keep(set: IdSet, start: usize, length: u32): usize {
  const bytes = ((length as usize) + 7) & ~7;
  if ((set.arena as usize) + bytes > (set.arenaEnd as usize)) {
    const size = max(ARENA_BYTES, bytes);
    const arena = allocate(size);
    if (arena === 0) return 0;
    set.arena = arena as u32;
    set.arenaEnd = (arena + size) as u32;
  }
  const text: usize = set.arena;
  memory.copy(text, start, length);
  // What is empty has a place of its own too.
  set.arena = (text + max(8, bytes)) as u32;
  return text;
}
