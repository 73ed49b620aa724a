import { compileKernel, instantiate } from '../numeric/kernel.ts';
import { reserveIn } from '../numeric/kernel-memory.ts';
import { inKernelSpace } from '../numeric/kernel-space.ts';
import { KERNEL } from './dot-products-wasm.ts';

/** Vectors are read four numbers and four rows at a time, past the last row. */
const LANES = 4;
const PURPOSE = 'Comparing vectors';

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
  const query = reserveIn(memory, (paddedColumns + rowCount + LANES) * Float32Array.BYTES_PER_ELEMENT, PURPOSE);
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

/** The products of a few vectors with rows that are picked. */
export interface PickedProducts {
  /** (most) the rows, for `multiply`. */
  readonly rows: Uint32Array;
  /** (queries, columns) */
  readonly queries: readonly Float32Array[];
  /** (queries, most) of the last `multiply` */
  readonly products: readonly Float32Array[];
  /** (most) the lengths of the rows, of the last `measure` */
  readonly lengths: Float32Array;
  /** Takes the products of the first `count` of `rows` with the first `queryCount` queries. */
  multiply(count: number, queryCount: number): void;
  /** Takes the lengths of the first `count` of `rows`. */
  measure(count: number): void;
}

/** As `dotProductsWith`. @param most rows at a time, a multiple of four. @param mostQueries at a time */
export function pickedProductsWith(
  matrix: Float32Array,
  columnCount: number,
  most: number,
  mostQueries: number,
): PickedProducts {
  const { memory, pointer } = withRoomBehind(matrix, columnCount);
  const { BYTES_PER_ELEMENT } = Float32Array;
  const queryBytes = Math.ceil(columnCount / LANES) * LANES * BYTES_PER_ELEMENT;
  const productBytes = most * BYTES_PER_ELEMENT;
  const pickedQueries = reserveIn(
    memory,
    (queryBytes + productBytes) * mostQueries + 2 * most * BYTES_PER_ELEMENT,
    PURPOSE,
  );
  const pickedProducts = pickedQueries + queryBytes * mostQueries;
  const picked = pickedProducts + productBytes * mostQueries;
  const pickedLengths = picked + most * BYTES_PER_ELEMENT;
  const rowBytes = columnCount * BYTES_PER_ELEMENT;
  const globals = { rows: pointer, rowBytes, pickedQueries, pickedProducts, picked, pickedLengths, mostPicked: most };
  const { multiplyPicked, measurePicked } = instantiate(kernelModule(), memory, globals) as unknown as PickedKernel;
  const pad = (count: number) => {
    const paddedCount = Math.ceil(count / LANES) * LANES;
    rows.fill(0, count, paddedCount);
    return paddedCount;
  };
  const rows = new Uint32Array(memory.buffer, picked, most);
  const arraysOf = (start: number, bytes: number, length: number) =>
    Array.from({ length: mostQueries }, (_, q) => new Float32Array(memory.buffer, start + q * bytes, length));
  return {
    rows,
    queries: arraysOf(pickedQueries, queryBytes, columnCount),
    products: arraysOf(pickedProducts, productBytes, most),
    lengths: new Float32Array(memory.buffer, pickedLengths, most),
    multiply: (count, queryCount) => multiplyPicked(pad(count), queryCount),
    measure: (count) => measurePicked(pad(count)),
  };
}

/** Of the exports of `engine/kernels/dot-products.ts`. */
interface PickedKernel {
  multiplyPicked(count: number, queryCount: number): void;
  measurePicked(count: number): void;
}

let compiled: WebAssembly.Module | undefined;

function kernelModule(): WebAssembly.Module {
  compiled ??= compileKernel(KERNEL);
  return compiled;
}

/** The matrix where the kernel can read it, and zeros behind it. */
function withRoomBehind(matrix: Float32Array, columnCount: number): { memory: WebAssembly.Memory; pointer: number } {
  const room = (LANES * columnCount + LANES) * Float32Array.BYTES_PER_ELEMENT;
  return inKernelSpace(matrix, room);
}
