import { compileKernel, instantiate } from '../numeric/kernel.ts';
import { KernelLayout } from '../numeric/kernel-memory.ts';
import { KERNEL } from './dot-products-wasm.ts';

/** Vectors are read four numbers and four rows at a time. */
const LANES = 4;

/**
 * A matrix that is multiplied with one vector after another, in WebAssembly SIMD.
 *
 * @param matrix (rowCount, columnCount) row-major; copied.
 * @returns rows × query as (rowCount) float32, valid until the next call.
 */
export function dotProductsWith(matrix: Float32Array, columnCount: number): (query: Float64Array) => Float32Array {
  const rowCount = matrix.length / columnCount;
  const paddedRows = Math.ceil(rowCount / LANES) * LANES;
  const paddedColumns = Math.ceil(columnCount / LANES) * LANES;
  const layout = new KernelLayout();
  const floats = (count: number) => layout.reserve(count * Float32Array.BYTES_PER_ELEMENT);
  const globals = {
    rows: floats(paddedRows * paddedColumns),
    rowCount: paddedRows,
    rowBytes: paddedColumns * Float32Array.BYTES_PER_ELEMENT,
    query: floats(paddedColumns),
    products: floats(paddedRows),
  };
  const memory = layout.allocate('Comparing product vectors');
  const multiply = instantiate(compileKernel(KERNEL), memory, globals)['multiply'] as () => void;
  const rows = new Float32Array(memory.buffer, globals.rows, paddedRows * paddedColumns);
  for (let row = 0; row < rowCount; row++) {
    rows.set(matrix.subarray(row * columnCount, (row + 1) * columnCount), row * paddedColumns);
  }
  const queryInput = new Float32Array(memory.buffer, globals.query, columnCount);
  const products = new Float32Array(memory.buffer, globals.products, rowCount);
  return (query) => {
    queryInput.set(query);
    multiply();
    return products;
  };
}
