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
/** (any number) uint32: rows that `multiplyPicked` is asked for. */
export let picked: usize = 0;
/** (rowBytes / 4) float64 */
export let exactQuery: usize = 0;
/** (picked) float64 */
export let pickedProducts: usize = 0;
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

/** The products of the query with `count` picked rows, in float64: four sums that do not wait for each other, and the rest. */
export function multiplyPicked(count: i32): void {
  const whole = rowBytes & ~15;
  for (let i = 0; i < count; i++) {
    const row = rows + <usize>load<u32>(picked + ((<usize>i) << 2)) * rowBytes;
    let factor = exactQuery;
    let first = f64x2.splat(0);
    let second = f64x2.splat(0);
    for (let offset: usize = 0; offset < whole; offset += 16) {
      const four = v128.load(row + offset);
      first = f64x2.add(first, f64x2.mul(v128.load(factor), f64x2.promote_low_f32x4(four)));
      const high = i32x4.shuffle(four, four, 2, 3, 2, 3);
      second = f64x2.add(second, f64x2.mul(v128.load(factor, 16), f64x2.promote_low_f32x4(high)));
      factor += 32;
    }
    let sum =
      f64x2.extract_lane(first, 0) +
      f64x2.extract_lane(first, 1) +
      (f64x2.extract_lane(second, 0) + f64x2.extract_lane(second, 1));
    for (let offset = whole; offset < rowBytes; offset += 4) {
      sum += load<f64>(factor) * <f64>load<f32>(row + offset);
      factor += 8;
    }
    store<f64>(pickedProducts + ((<usize>i) << 3), sum);
  }
}
