/**
 * The dot products of one vector with many, in AssemblyScript. `engine/ranking/dot-products.ts` lays out
 * the memory and sets the globals by name. Pointers and row sizes are in bytes.
 */
import { madd, sumsOfFour } from './simd';

// biome-ignore-start lint/style/useConst: the host sets these globals by name.
/** (rowCount, rowBytes / 4) float32, padded with zeros to multiples of four in both directions. */
export let rows: usize = 0;
export let rowCount: i32 = 0;
export let rowBytes: usize = 0;
/** (rowBytes / 4) float32 */
export let query: usize = 0;
/** (rowCount) float32 */
export let products: usize = 0;
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
