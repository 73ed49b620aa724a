import { float32 } from '../numeric/array-space.ts';
import { compileKernel, instantiate } from '../numeric/kernel.ts';
import { KERNEL_SPACE, memoryOf, reserveIn } from '../numeric/kernel-space.ts';
import { KERNEL } from './dot-products-wasm.ts';

/** Vectors are read four numbers and four rows at a time, past the last row. */
const LANES = 4;

/**
 * A matrix that is multiplied with one vector after another, in WebAssembly SIMD.
 *
 * @param matrix (rowCount, columnCount) row-major; copied, unless it lies in `KERNEL_SPACE`. It must not change.
 * @returns rows × query as (rowCount) float32, valid until the next call.
 */
export function dotProductsWith(matrix: Float32Array, columnCount: number): (query: Float64Array) => Float32Array {
  const rowCount = matrix.length / columnCount;
  const paddedColumns = Math.ceil(columnCount / LANES) * LANES;
  const { memory, pointer } = withRoomBehind(matrix, columnCount);
  const query = reserveIn(memory, (paddedColumns + rowCount + LANES) * Float32Array.BYTES_PER_ELEMENT);
  const products = query + paddedColumns * Float32Array.BYTES_PER_ELEMENT;
  const globals = { rows: pointer, rowCount, rowBytes: columnCount * Float32Array.BYTES_PER_ELEMENT, query, products };
  const multiply = instantiate(kernelModule(), memory, globals)['multiply'] as () => void;
  const queryInput = new Float32Array(memory.buffer, query, columnCount);
  const output = new Float32Array(memory.buffer, products, rowCount);
  return (vector) => {
    queryInput.set(vector);
    multiply();
    return output;
  };
}

/** The products of one vector with rows that are picked. */
export interface PickedProducts {
  /** (most) the rows, for `multiply`. */
  readonly rows: Uint32Array;
  /** @returns (count) the products of the first `count` of `rows`, valid until the next call. */
  multiply(query: Float64Array, count: number): Float64Array;
}

/** As `dotProductsWith`, for at most so many rows at a time and in float64. */
export function pickedProductsWith(matrix: Float32Array, columnCount: number, most: number): PickedProducts {
  const { memory, pointer } = withRoomBehind(matrix, columnCount);
  const { BYTES_PER_ELEMENT } = Float64Array;
  const exactQuery = reserveIn(memory, (columnCount + most) * BYTES_PER_ELEMENT + most * Uint32Array.BYTES_PER_ELEMENT);
  const pickedProducts = exactQuery + columnCount * BYTES_PER_ELEMENT;
  const picked = pickedProducts + most * BYTES_PER_ELEMENT;
  const rowBytes = columnCount * Float32Array.BYTES_PER_ELEMENT;
  const globals = { rows: pointer, rowBytes, exactQuery, pickedProducts, picked };
  const multiply = instantiate(kernelModule(), memory, globals)['multiplyPicked'] as (count: number) => void;
  const queryInput = new Float64Array(memory.buffer, exactQuery, columnCount);
  const output = new Float64Array(memory.buffer, pickedProducts, most);
  return {
    rows: new Uint32Array(memory.buffer, picked, most),
    multiply(query, count) {
      queryInput.set(query);
      multiply(count);
      return output;
    },
  };
}

let compiled: WebAssembly.Module | undefined;

function kernelModule(): WebAssembly.Module {
  compiled ??= compileKernel(KERNEL);
  return compiled;
}

const copies = new WeakMap<Float32Array, Float32Array>();

/** The matrix where the kernel can read it, and zeros behind it. */
function withRoomBehind(matrix: Float32Array, columnCount: number): { memory: WebAssembly.Memory; pointer: number } {
  const room = (LANES * columnCount + LANES) * Float32Array.BYTES_PER_ELEMENT;
  const memory = memoryOf(matrix);
  const isEnough = matrix.buffer.byteLength - matrix.byteOffset - matrix.byteLength >= room;
  if (memory !== undefined && isEnough) return { memory, pointer: matrix.byteOffset };
  let copy = copies.get(matrix);
  if (copy === undefined) {
    copy = float32(KERNEL_SPACE, matrix.length + room / Float32Array.BYTES_PER_ELEMENT);
    copy.set(matrix);
    copies.set(matrix, copy);
  }
  return { memory: memoryOf(copy)!, pointer: copy.byteOffset };
}
