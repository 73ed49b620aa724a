/**
 * Which of many scores are among the best, in AssemblyScript: those of the class in which the last place is taken, and of
 * the classes above. `engine/numeric/best-of-many.ts` lays out the memory and sets the globals by name. Pointers are in bytes.
 *
 * Scores whose float32 has the same exponent and first three bits are of one class: 8 to each power of two.
 */

// biome-ignore-start lint/style/useConst: the host sets these globals by name.
/** (lists, most) float64 */
export let scores: usize = 0;
/** Bytes from one list of scores to the next. */
export let listBytes: usize = 0;
/** (most + 4) uint32: the bits of each score's float32, which are in the order of the scores. */
export let keys: usize = 0;
/** (2048) uint32 */
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
/** No score has a sign. */
const CLASSES: u32 = 2048;

/** @param count of the list's scores, none of which is negative. @returns how many are found. */
export function find(list: u32, count: u32, capacity: u32): u32 {
  const positive = writeKeys(scores + list * listBytes, count);
  lastClass = 0;
  betterCount = positive;
  if (positive > capacity) chooseClass(count, capacity);
  const least = i32x4.splat(max<u32>(lastClass, 1));
  let size: usize = found;
  for (let i: u32 = 0; i < count; i += 4) {
    const mask = i32x4.bitmask(i32x4.ge_s(v128.load(keys + ((<usize>i) << 2)), least));
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

/** @returns how many are above 0. */
function writeKeys(list: usize, count: u32): u32 {
  const last = list + ((<usize>count) << 3);
  const zero = i32x4.splat(0);
  let negatedCounts = zero;
  let key = keys;
  let score = list;
  for (; score + 32 <= last; score += 32) {
    const low = f32x4.demote_f64x2_zero(v128.load(score));
    const high = f32x4.demote_f64x2_zero(v128.load(score, 16));
    const four = i32x4.shuffle(low, high, 0, 1, 4, 5);
    v128.store(key, four);
    negatedCounts = i32x4.add(negatedCounts, i32x4.gt_s(four, zero));
    key += 16;
  }
  v128.store(key, zero);
  let positive = 0;
  for (; score < last; score += 8) {
    const one = reinterpret<i32>(<f32>load<f64>(score));
    store<i32>(key, one);
    positive += i32(one > 0);
    key += 4;
  }
  const pairs = i32x4.add(negatedCounts, i32x4.shuffle(negatedCounts, negatedCounts, 2, 3, 0, 1));
  return <u32>(positive - i32x4.extract_lane(pairs, 0) - i32x4.extract_lane(pairs, 1));
}

/** Writes `lastClass` and `betterCount`. @param capacity below the number of scores above 0. */
function chooseClass(count: u32, capacity: u32): void {
  memory.fill(counts, 0, CLASSES << 2);
  const end = keys + ((<usize>count) << 2);
  let most = i32x4.splat(0);
  for (let key = keys; key < end; key += 16) {
    const four = v128.load(key);
    // Most scores of a part of the blend are 0, side by side.
    if (!v128.any_true(four)) continue;
    most = i32x4.max_s(most, four);
    tally(i32x4.extract_lane(four, 0));
    tally(i32x4.extract_lane(four, 1));
    tally(i32x4.extract_lane(four, 2));
    tally(i32x4.extract_lane(four, 3));
  }
  const pairs = i32x4.max_s(most, i32x4.shuffle(most, most, 2, 3, 0, 1));
  let last = <u32>max(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1)) >> CLASS_SHIFT;
  let left = capacity;
  for (; countOf(last) < left; last--) left -= countOf(last);
  lastClass = last << CLASS_SHIFT;
  betterCount = capacity - left;
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
