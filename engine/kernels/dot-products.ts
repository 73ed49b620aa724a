/**
 * The dot products of one vector with many, in AssemblyScript. `engine/ranking/dot-products.ts` lays out
 * the memory and sets the globals by name. Pointers and row sizes are in bytes.
 */
import { madd, sumsOfFour } from './simd';

// biome-ignore-start lint/style/useConst: the host sets these globals by name.
/** (rowCount, rowBytes / 4) float32; behind them at least four rows and four numbers that are finite. */
export let rows: usize = 0;
export let rowCount: i32 = 0;
export let rowBytes: usize = 0;
/** (rowBytes / 4) float32, padded with zeros to a multiple of four */
export let query: usize = 0;
/** (rowCount) float32, padded to a multiple of four */
export let products: usize = 0;
/** (mostPicked) uint32: rows that `multiplyPicked` is asked for. */
export let picked: usize = 0;
/** A multiple of four. */
export let mostPicked: usize = 0;
/** (queries, rowBytes / 4) float32, each padded with zeros to a multiple of four */
export let pickedQueries: usize = 0;
/** (queries, mostPicked) float32 */
export let pickedProducts: usize = 0;
/** (mostPicked) float32 */
export let pickedLengths: usize = 0;
// biome-ignore-end lint/style/useConst: the host sets these globals by name.

/** products = rows × query, four rows at a time. */
export function multiply(): void {
  const stride = rowBytes;
  let row = rows;
  for (let i = 0; i < rowCount; i += 4) {
    let w = f32x4.splat(0);
    let x = f32x4.splat(0);
    let y = f32x4.splat(0);
    let z = f32x4.splat(0);
    for (let offset: usize = 0; offset < stride; offset += 16) {
      const factor = v128.load(query + offset);
      const at = row + offset;
      w = madd(v128.load(at), factor, w);
      x = madd(v128.load(at + stride), factor, x);
      y = madd(v128.load(at + 2 * stride), factor, y);
      z = madd(v128.load(at + 3 * stride), factor, z);
    }
    v128.store(products + ((<usize>i) << 2), sumsOfFour(w, x, y, z));
    row += 4 * stride;
  }
}

/**
 * pickedProducts = picked rows × each of `queryCount` queries, four rows at a time: they lie anywhere in memory, and none
 * waits for another.
 *
 * @param count of the picked, a multiple of four.
 */
export function multiplyPicked(count: i32, queryCount: i32): void {
  const queryBytes = (rowBytes + 15) & ~15;
  for (let i = 0; i < count; i += 4) {
    const at = picked + ((<usize>i) << 2);
    const first = rows + <usize>load<u32>(at) * rowBytes;
    const second = rows + <usize>load<u32>(at, 4) * rowBytes;
    const third = rows + <usize>load<u32>(at, 8) * rowBytes;
    const fourth = rows + <usize>load<u32>(at, 12) * rowBytes;
    let factors = pickedQueries;
    let to = pickedProducts + ((<usize>i) << 2);
    for (let q = 0; q < queryCount; q++) {
      let w = f32x4.splat(0);
      let x = f32x4.splat(0);
      let y = f32x4.splat(0);
      let z = f32x4.splat(0);
      for (let offset: usize = 0; offset < rowBytes; offset += 16) {
        const factor = v128.load(factors + offset);
        w = madd(v128.load(first + offset), factor, w);
        x = madd(v128.load(second + offset), factor, x);
        y = madd(v128.load(third + offset), factor, y);
        z = madd(v128.load(fourth + offset), factor, z);
      }
      v128.store(to, sumsOfFour(w, x, y, z));
      factors += queryBytes;
      to += mostPicked << 2;
    }
  }
}

/** pickedLengths = the lengths of the picked rows, four at a time. @param count of the picked, a multiple of four. */
export function measurePicked(count: i32): void {
  // Numbers of the next row stand behind a row that does not fill its last four.
  const surplus = (0 - (<i32>rowBytes >> 2)) & 3;
  const mask = i32x4.gt_s(i32x4.splat(4 - surplus), i32x4(0, 1, 2, 3));
  const lastFour = rowBytes - 16 + (surplus << 2);
  for (let i = 0; i < count; i += 4) {
    const at = picked + ((<usize>i) << 2);
    const sums = sumsOfFour(
      squaresOf(load<u32>(at), lastFour, mask),
      squaresOf(load<u32>(at, 4), lastFour, mask),
      squaresOf(load<u32>(at, 8), lastFour, mask),
      squaresOf(load<u32>(at, 12), lastFour, mask),
    );
    v128.store(pickedLengths + ((<usize>i) << 2), f32x4.sqrt(sums));
  }
}

function squaresOf(number: u32, lastFour: usize, mask: v128): v128 {
  const row = rows + <usize>number * rowBytes;
  let squares = f32x4.splat(0);
  for (let offset: usize = 0; offset < lastFour; offset += 16) {
    const four = v128.load(row + offset);
    squares = madd(four, four, squares);
  }
  const four = v128.and(v128.load(row + lastFour), mask);
  return madd(four, four, squares);
}
