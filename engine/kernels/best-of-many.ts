/**
 * Which of many scores are among the best, in AssemblyScript: those of the class in which the last place is taken, and of
 * the classes above. `engine/numeric/best-of-many.ts` lays out the memory and sets the globals by name. Pointers are in bytes.
 *
 * Scores whose float32 has the same sign, exponent and first three bits are of one class: 8 to each power of two.
 */

// biome-ignore-start lint/style/useConst: the host sets these globals by name.
/** (lists, most) float64 */
export let scores: usize = 0;
/** Bytes from one list of scores to the next. */
export let listBytes: usize = 0;
/** (most) uint32, padded to a multiple of four: the bits of each score's float32, such that they are in the order of the scores. */
export let keys: usize = 0;
/** (4096) uint32 */
export let counts: usize = 0;
/** (most + 4) uint32: the places of those that are found, ascending. */
export let found: usize = 0;
/** The least key of the class in which the last place is taken. */
export let lastClass: u32 = 0;
/** How many of those that are found are of a class above that. */
export let betterCount: u32 = 0;
/** What `total` found. */
export let sum: f64 = 0;
export let highest: f64 = 0;
// biome-ignore-end lint/style/useConst: the host sets these globals by name.

const CLASS_SHIFT: u32 = 20;
const CLASSES: u32 = 4096;

/** @param count of the list's scores, above `capacity`. @returns how many are found. */
export function find(list: u32, count: u32, capacity: u32): u32 {
  const top = classify(scores + list * listBytes, count);
  let last = top;
  let left = capacity;
  for (; countOf(last) < left; last--) left -= countOf(last);
  lastClass = last << CLASS_SHIFT;
  betterCount = capacity - left;
  const least = i32x4.splat(lastClass);
  let size: usize = found;
  for (let i: u32 = 0; i < count; i += 4) {
    const mask = i32x4.bitmask(i32x4.ge_u(v128.load(keys + ((<usize>i) << 2)), least));
    if (mask === 0) continue;
    store<u32>(size, i);
    size += (mask & 1) << 2;
    store<u32>(size, i + 1);
    size += (mask & 2) << 1;
    store<u32>(size, i + 2);
    size += mask & 4;
    store<u32>(size, i + 3);
    size += (mask & 8) >> 1;
  }
  return <u32>((size - found) >> 2);
}

/** Writes keys and counts. @returns the highest class. */
function classify(list: usize, count: u32): u32 {
  memory.fill(counts, 0, CLASSES << 2);
  let most = i32x4.splat(0);
  let key = keys;
  const last = list + ((<usize>count) << 3);
  let score = list;
  for (; score + 32 <= last; score += 32) {
    const four = keysOf(v128.load(score), v128.load(score, 16));
    v128.store(key, four);
    most = i32x4.max_u(most, four);
    tally(i32x4.extract_lane(four, 0));
    tally(i32x4.extract_lane(four, 1));
    tally(i32x4.extract_lane(four, 2));
    tally(i32x4.extract_lane(four, 3));
    key += 16;
  }
  // A key of 0 is below that of every number.
  v128.store(key, i32x4.splat(0));
  for (; score < last; score += 8) {
    const one = keysOf(v128.load64_splat(score), f64x2.splat(0));
    v128.store32_lane(key, one, 0);
    most = i32x4.max_u(most, v128.and(one, i32x4(-1, 0, 0, 0)));
    tally(i32x4.extract_lane(one, 0));
    key += 4;
  }
  const pairs = i32x4.max_u(most, i32x4.shuffle(most, most, 2, 3, 0, 1));
  return max(<u32>i32x4.extract_lane(pairs, 0), <u32>i32x4.extract_lane(pairs, 1)) >> CLASS_SHIFT;
}

/** A zero is no less for its sign. Bits of floats are in the order of the floats once all of a negative one's are turned round, and the sign of another. */
function keysOf(first: v128, second: v128): v128 {
  const zero = f64x2.splat(0);
  const low = f32x4.demote_f64x2_zero(f64x2.add(first, zero));
  const high = f32x4.demote_f64x2_zero(f64x2.add(second, zero));
  const bits = i32x4.shuffle(low, high, 0, 1, 4, 5);
  return v128.xor(bits, v128.or(i32x4.shr_s(bits, 31), i32x4.splat(0x8000_0000)));
}

function tally(key: u32): void {
  const at = counts + ((<usize>(key >> CLASS_SHIFT)) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function countOf(classNumber: u32): u32 {
  return load<u32>(counts + ((<usize>classNumber) << 2));
}

/** Of the list's first `count` scores, none of which is negative: writes `sum` and `highest`. */
export function total(list: u32, count: u32): void {
  let score = scores + list * listBytes;
  const last = score + ((<usize>count) << 3);
  let sums = f64x2.splat(0);
  let otherSums = f64x2.splat(0);
  let most = f64x2.splat(0);
  for (; score + 32 <= last; score += 32) {
    const two = v128.load(score);
    const others = v128.load(score, 16);
    sums = f64x2.add(sums, two);
    otherSums = f64x2.add(otherSums, others);
    most = f64x2.pmax(most, f64x2.pmax(two, others));
  }
  for (; score < last; score += 8) {
    const one = v128.load64_zero(score);
    sums = f64x2.add(sums, one);
    most = f64x2.pmax(most, one);
  }
  sums = f64x2.add(sums, otherSums);
  sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  highest = max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}
