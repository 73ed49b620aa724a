/**
 * K-Means's inner loop in AssemblyScript. `engine/k-means/k-means-memory.ts` lays out the memory and sets the globals
 * by name.
 *
 * Lloyd's algorithm with the group filter of Yinyang K-Means (Ding et al. 2015): each vector keeps a lower bound on its
 * distance to each group of centroids, and a group whose bound is above the distance to the vector's own centroid is
 * left out. Departures: a group is a panel of eight centroids, so that what the filter leaves is computed four vectors
 * by eight centroids at a time, as a matrix product; and there is no local filter inside a group.
 *
 * Legend: a vector x is nearest to the centroid c of the greatest s = x · c − ‖c‖² / 2, since ‖x − c‖² = ‖x‖² − 2s.
 * Pointers and row sizes are in bytes.
 */
import { madd } from './simd';

// biome-ignore-start lint/style/useConst: the host sets these globals by name.
/** (vectorCount, rowBytes / 4) float32, padded with zeros to a multiple of four. */
export let vectors: usize = 0;
export let rowBytes: usize = 0;
/** (vectorCount) float32: ‖x‖² */
export let norms: usize = 0;
/** (vectorCount) int32: the own centroid of each vector, −1 before the first assignment. */
export let clusterOf: usize = 0;
/** (vectorCount) float32: s of the own centroid. */
export let similarities: usize = 0;
/** (vectorCount, boundBytes / 4) float32: lower bound on the distance to the centroids of each group but the own one. */
export let bounds: usize = 0;
/** Groups rounded up to a multiple of four, as bytes of float32. */
export let boundBytes: usize = 0;

export let groupCount: i32 = 0;
/** (groupCount, rowBytes / 4, 8) float32: centroids, dimension by dimension. */
export let panels: usize = 0;
/** (groupCount · 8, rowBytes / 4) float32: the same centroids, row by row. */
export let centroids: usize = 0;
/** (groupCount · 8) float32: −‖c‖² / 2; lowest where there is no centroid. */
export let offsets: usize = 0;
/** (boundBytes / 4) float32: how far the centroids of each group moved at most. */
export let drifts: usize = 0;
/** (1) float32: bound on the rounding error of ‖x − c‖² that grows with ‖c‖². */
export let slack: usize = 0;

export let vectorCount: i32 = 0;
/** int32: the first block of vectors that no thread has taken in this assignment. */
export let nextBlock: usize = 0;
/** (groupCount · 8, rowBytes / 4) float64: what this thread added to the sum of each cluster's vectors. */
export let sums: usize = 0;
/** (groupCount · 8) int32: what it added to their number. */
export let counts: usize = 0;
/** (boundBytes / 4, LIST_SIZE) int32: vectors of a block for which the group cannot be left out. */
export let lists: usize = 0;
/** (boundBytes / 4) int32 */
export let listLengths: usize = 0;
/** (BLOCK) int32: the centroids that the vectors of a block had before. */
export let earlier: usize = 0;
// biome-ignore-end lint/style/useConst: the host sets these globals by name.

/** Vectors that go through the groups together: they stay in the first two levels of the cache. */
const BLOCK: i32 = 128;
/** One more than can be listed: the place that `listIf` writes to in vain. */
const LIST_SIZE: i32 = BLOCK + 1;
const NO_CENTROID: i32 = -1;
const LOWEST: f32 = -1e30;
/** Bound on the relative rounding error of ‖x‖² − 2s in float32, for the part that grows with ‖x‖². */
const RELATIVE_SLACK: f32 = 2e-6;

/** Assigns blocks of vectors to their nearest centroids, and counts the moves in the sums, until no block is left. */
export function assign(): void {
  while (true) {
    const start = atomic.add<i32>(nextBlock, 1) * BLOCK;
    if (start >= vectorCount) return;
    assignBlock(start, min(start + BLOCK, vectorCount));
  }
}

/** Exported so that it stays a function: V8 replaces its first, slow code only at a call, never inside a loop. */
export function assignBlock(start: i32, stop: i32): void {
  memory.fill(listLengths, 0, boundBytes);
  for (let i = start; i < stop; i++) {
    const own = load<i32>(clusterOf + ((<usize>i) << 2));
    store<i32>(earlier + ((<usize>(i - start)) << 2), own);
    if (own === NO_CENTROID) listEverywhere(i);
    else filter(i, own);
  }
  for (let g = 0; g < groupCount; g++) visitGroup(g);
  for (let i = start; i < stop; i++) settle(i, load<i32>(earlier + ((<usize>(i - start)) << 2)));
}

function listEverywhere(i: i32): void {
  store<f32>(similarities + ((<usize>i) << 2), LOWEST);
  for (let g = 0; g < groupCount; g++) listIf(1, g, i);
  // The columns that only round the row up never ask for a visit.
  const row = bounds + <usize>i * boundBytes;
  for (let at = (<usize>groupCount) << 2; at < boundBytes; at += 4) store<f32>(row + at, f32.MAX_VALUE);
}

/** Lists the vector with every group that may hold a nearer centroid than its own. */
function filter(i: i32, own: i32): void {
  const s = similarity(i, own);
  store<f32>(similarities + ((<usize>i) << 2), s);
  const xx = load<f32>(norms + ((<usize>i) << 2));
  const reach = f32x4.splat(Mathf.sqrt(max<f32>(0, xx - 2 * s + RELATIVE_SLACK * xx + load<f32>(slack))));
  const row = bounds + <usize>i * boundBytes;
  for (let at: usize = 0; at < boundBytes; at += 16) {
    const bound = f32x4.sub(v128.load(row + at), v128.load(drifts + at));
    v128.store(row + at, bound);
    const near = i32x4.bitmask(f32x4.lt(bound, reach));
    const g = <i32>(at >> 2);
    listIf(near & 1, g, i);
    listIf((near >> 1) & 1, g + 1, i);
    listIf((near >> 2) & 1, g + 2, i);
    listIf(near >> 3, g + 3, i);
  }
}

/** Without a branch, which would often be predicted wrongly: `yes` is 1 or 0. */
function listIf(yes: i32, g: i32, i: i32): void {
  const lengthAt = listLengths + ((<usize>g) << 2);
  const length = load<i32>(lengthAt);
  store<i32>(lists + ((<usize>(g * LIST_SIZE + length)) << 2), i);
  store<i32>(lengthAt, length + yes);
}

function similarity(i: i32, c: i32): f32 {
  const x = vectors + <usize>i * rowBytes;
  const row = centroids + <usize>c * rowBytes;
  let sum = f32x4.splat(0);
  for (let j: usize = 0; j < rowBytes; j += 16) sum = madd(v128.load(x + j), v128.load(row + j), sum);
  return load<f32>(offsets + ((<usize>c) << 2)) + sumOf(sum);
}

function visitGroup(g: i32): void {
  const length = load<i32>(listLengths + ((<usize>g) << 2));
  const entries = lists + ((<usize>(g * LIST_SIZE)) << 2);
  const last = length - 1;
  for (let at = 0; at < length; at += 4) {
    // The last four may repeat a vector.
    visit(
      g,
      load<i32>(entries + ((<usize>at) << 2)),
      load<i32>(entries + ((<usize>min(at + 1, last)) << 2)),
      load<i32>(entries + ((<usize>min(at + 2, last)) << 2)),
      load<i32>(entries + ((<usize>min(at + 3, last)) << 2)),
    );
  }
}

/**
 * Compares four vectors with the eight centroids of a group. One dimension at a time: of two, V8 keeps so many values
 * that it spills sums to memory, and the whole takes 1.6 times as long.
 */
function visit(g: i32, i0: i32, i1: i32, i2: i32, i3: i32): void {
  const x0 = vectors + <usize>i0 * rowBytes;
  const x1 = vectors + <usize>i1 * rowBytes;
  const x2 = vectors + <usize>i2 * rowBytes;
  const x3 = vectors + <usize>i3 * rowBytes;
  // s of vector 0 with the group's centroids 0–3 and 4–7, and so on.
  let a0 = v128.load(offsets + ((<usize>g) << 5));
  let b0 = v128.load(offsets + ((<usize>g) << 5), 16);
  let a1 = a0;
  let b1 = b0;
  let a2 = a0;
  let b2 = b0;
  let a3 = a0;
  let b3 = b0;
  let panel = panels + <usize>g * (rowBytes << 3);
  for (let j: usize = 0; j < rowBytes; j += 4) {
    const left = v128.load(panel);
    const right = v128.load(panel, 16);
    let x = v128.load32_splat(x0 + j);
    a0 = madd(x, left, a0);
    b0 = madd(x, right, b0);
    x = v128.load32_splat(x1 + j);
    a1 = madd(x, left, a1);
    b1 = madd(x, right, b1);
    x = v128.load32_splat(x2 + j);
    a2 = madd(x, left, a2);
    b2 = madd(x, right, b2);
    x = v128.load32_splat(x3 + j);
    a3 = madd(x, left, a3);
    b3 = madd(x, right, b3);
    panel += 32;
  }

  const own0 = load<i32>(clusterOf + ((<usize>i0) << 2));
  const own1 = load<i32>(clusterOf + ((<usize>i1) << 2));
  const own2 = load<i32>(clusterOf + ((<usize>i2) << 2));
  const own3 = load<i32>(clusterOf + ((<usize>i3) << 2));
  if (own0 >> 3 === g) {
    a0 = v128.or(a0, nanAt(own0));
    b0 = v128.or(b0, nanAt(own0 - 4));
  }
  if (own1 >> 3 === g) {
    a1 = v128.or(a1, nanAt(own1));
    b1 = v128.or(b1, nanAt(own1 - 4));
  }
  if (own2 >> 3 === g) {
    a2 = v128.or(a2, nanAt(own2));
    b2 = v128.or(b2, nanAt(own2 - 4));
  }
  if (own3 >> 3 === g) {
    a3 = v128.or(a3, nanAt(own3));
    b3 = v128.or(b3, nanAt(own3 - 4));
  }
  const best = greatestOfFour(greatest(a0, b0), greatest(a1, b1), greatest(a2, b2), greatest(a3, b3));

  const xx = gather(norms, i0, i1, i2, i3);
  const error = f32x4.add(f32x4.mul(xx, f32x4.splat(RELATIVE_SLACK)), v128.load32_splat(slack));
  const squared = f32x4.sub(f32x4.sub(xx, f32x4.add(best, best)), error);
  const distance = f32x4.sqrt(f32x4.max(f32x4.splat(0), squared));
  const column = bounds + ((<usize>g) << 2);
  v128.store_lane<f32>(column + <usize>i0 * boundBytes, distance, 0);
  v128.store_lane<f32>(column + <usize>i1 * boundBytes, distance, 1);
  v128.store_lane<f32>(column + <usize>i2 * boundBytes, distance, 2);
  v128.store_lane<f32>(column + <usize>i3 * boundBytes, distance, 3);

  const nearer = i32x4.bitmask(f32x4.gt(best, gather(similarities, i0, i1, i2, i3)));
  if (nearer === 0) return;
  if (nearer & 1) move(g, i0, f32x4.extract_lane(best, 0), a0, b0);
  if (nearer & 2 && i1 !== i0) move(g, i1, f32x4.extract_lane(best, 1), a1, b1);
  if (nearer & 4 && i2 !== i1) move(g, i2, f32x4.extract_lane(best, 2), a2, b2);
  if (nearer & 8 && i3 !== i2) move(g, i3, f32x4.extract_lane(best, 3), a3, b3);
}

/** All bits set, which is a NaN, in the lane of that number modulo eight; none when it is above three. */
function nanAt(lane: i32): v128 {
  return i32x4.eq(i32x4.splat(lane & 7), i32x4(0, 1, 2, 3));
}

/** The greater in each lane, without the NaNs: pmax(x, NaN) is x. */
function greatest(x: v128, y: v128): v128 {
  return f32x4.pmax(f32x4.pmax(f32x4.splat(LOWEST), x), y);
}

/** [max w, max x, max y, max z] */
function greatestOfFour(w: v128, x: v128, y: v128, z: v128): v128 {
  const wx = f32x4.pmax(f32x4.shuffle(w, x, 0, 4, 1, 5), f32x4.shuffle(w, x, 2, 6, 3, 7));
  const yz = f32x4.pmax(f32x4.shuffle(y, z, 0, 4, 1, 5), f32x4.shuffle(y, z, 2, 6, 3, 7));
  return f32x4.pmax(f32x4.shuffle(wx, yz, 0, 1, 4, 5), f32x4.shuffle(wx, yz, 2, 3, 6, 7));
}

function greatestLane(x: v128): f32 {
  const pairs = f32x4.pmax(x, f32x4.shuffle(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(pairs, f32x4.shuffle(pairs, pairs, 1, 0, 3, 2)), 0);
}

function gather(from: usize, i0: i32, i1: i32, i2: i32, i3: i32): v128 {
  return f32x4(
    load<f32>(from + ((<usize>i0) << 2)),
    load<f32>(from + ((<usize>i1) << 2)),
    load<f32>(from + ((<usize>i2) << 2)),
    load<f32>(from + ((<usize>i3) << 2)),
  );
}

/**
 * Makes the group's nearest centroid the vector's own; the one before counts in the bound of its group again.
 *
 * @param best the greatest of `left` and `right`, the similarities with the group's centroids 0–3 and 4–7.
 */
function move(g: i32, i: i32, best: f32, left: v128, right: v128): void {
  const same = f32x4.splat(best);
  const c = ctz(i32x4.bitmask(f32x4.eq(left, same)) | (i32x4.bitmask(f32x4.eq(right, same)) << 4));
  const second = greatestLane(greatest(v128.or(left, nanAt(c)), v128.or(right, nanAt(c - 4))));
  const row = bounds + <usize>i * boundBytes;
  const similarityAt = similarities + ((<usize>i) << 2);
  const ownAt = clusterOf + ((<usize>i) << 2);
  store<f32>(row + ((<usize>g) << 2), boundOf(i, second));
  const own = load<i32>(ownAt);
  if (own !== NO_CENTROID) {
    const boundAt = row + ((<usize>(own >> 3)) << 2);
    store<f32>(boundAt, min(load<f32>(boundAt), boundOf(i, load<f32>(similarityAt))));
  }
  store<i32>(ownAt, (g << 3) + c);
  store<f32>(similarityAt, best);
}

/** Lower bound on the distance between the vector and a centroid of similarity `s`. */
function boundOf(i: i32, s: f32): f32 {
  const xx = load<f32>(norms + ((<usize>i) << 2));
  return Mathf.sqrt(max<f32>(0, xx - 2 * s - RELATIVE_SLACK * xx - load<f32>(slack)));
}

/** Takes the vector from its earlier cluster's sum to its new one's. */
function settle(i: i32, before: i32): void {
  const own = load<i32>(clusterOf + ((<usize>i) << 2));
  if (own === before) return;
  addToSum(own, i, 1);
  if (before !== NO_CENTROID) addToSum(before, i, -1);
}

function addToSum(c: i32, i: i32, sign: i32): void {
  const x = vectors + <usize>i * rowBytes;
  const sum = sums + <usize>c * (rowBytes << 1);
  const factor = f64x2.splat(sign);
  for (let j: usize = 0; j < rowBytes; j += 8) {
    const at = sum + (j << 1);
    v128.store(at, f64x2.add(v128.load(at), f64x2.mul(factor, f64x2.promote_low_f32x4(v128.load64_zero(x + j)))));
  }
  const countAt = counts + ((<usize>c) << 2);
  store<i32>(countAt, load<i32>(countAt) + sign);
}

/**
 * k-means++: writes to `target` each sampled vector's squared distance to the nearest start once vector `i` is one.
 * `rows` (count) uint32 is the sample, `nearest` and `target` are (count) float32. Equal vectors have distance 0.
 */
export function distancesWith(i: i32, rows: usize, count: i32, nearest: usize, target: usize): void {
  const y = vectors + <usize>i * rowBytes;
  for (let n: usize = 0; n < (<usize>count) << 2; n += 4) {
    const x = vectors + <usize>load<u32>(rows + n) * rowBytes;
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < rowBytes; j += 16) {
      const difference = f32x4.sub(v128.load(x + j), v128.load(y + j));
      sum = madd(difference, difference, sum);
    }
    store<f32>(target + n, min(load<f32>(nearest + n), sumOf(sum)));
  }
}

function sumOf(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}
