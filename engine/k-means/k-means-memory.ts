import { compileKernel, type KernelJob } from '../numeric/kernel.ts';
import { KernelLayout } from '../numeric/kernel-memory.ts';
import type { Vectors } from '../numeric/vectors.ts';
import { KERNEL } from './k-means-wasm.ts';

/** As in the kernel. */
export const GROUP_SIZE = 8;
const BLOCK = 128;

const FLOAT_BYTES = 4;
const DOUBLE_BYTES = 8;

/** The arrays that the kernel of `engine/kernels/k-means.ts` works on, in its memory unless it says otherwise. */
export interface KMeansMemory {
  job: KernelJob;
  vectorCount: number;
  dimensions: number;
  /** Dimensions rounded up to whole registers; the columns too many are zero. */
  rowLength: number;
  /** Not in the kernel's memory: (dimensions) what was taken from every vector, for the precision of float32. */
  mean: Float64Array;
  /** (vectorCount) slot of the own centroid, −1 before the first assignment. */
  clusterOf: Int32Array;
  /** (vectorCount, boundLength) lower bounds on the distances to the groups' centroids but the own one. */
  bounds: Float32Array;
  boundLength: number;
  /** Centroids with what rounds them up to whole groups. */
  slotCount: number;
  /** (slotCount / 8, rowLength, 8) */
  panels: Float32Array;
  /** (slotCount, rowLength) */
  centroids: Float32Array;
  /** (slotCount) −‖c‖² / 2 */
  offsets: Float32Array;
  /** (boundLength) */
  drifts: Float32Array;
  /** (1) */
  slack: Float32Array;
  /** (1) the first block of vectors that no thread has taken in this assignment. */
  nextBlock: Int32Array;
  /** (threads) what each added to the sums and sizes of the clusters: exact in whatever order, see `centre`. */
  sums: { sums: Float64Array; counts: Int32Array }[];
  /** (vectorCount) the sample that k-means++ chooses from. */
  sampledRows: Uint32Array;
  /** (3, vectorCount) */
  sampleDistances: Float32Array[];
}

export function layOutKMeans(vectors: Vectors, clusterCount: number, threads: number): KMeansMemory {
  const { count, dimensions } = vectors;
  const rowLength = roundUp(dimensions, 4);
  const slotCount = roundUp(clusterCount, GROUP_SIZE);
  const groupCount = slotCount / GROUP_SIZE;
  const boundLength = roundUp(groupCount, 4);
  const layout = new KernelLayout();
  const floats = (length: number) => layout.reserve(length * FLOAT_BYTES);
  const shared = {
    vectors: floats(count * rowLength),
    norms: floats(count),
    clusterOf: floats(count),
    similarities: floats(count),
    bounds: floats(count * boundLength),
    panels: floats(slotCount * rowLength),
    centroids: floats(slotCount * rowLength),
    offsets: floats(slotCount),
    drifts: floats(boundLength),
    slack: floats(1),
    nextBlock: floats(1),
  };
  const own = Array.from({ length: threads }, () => ({
    sums: layout.reserve(slotCount * rowLength * DOUBLE_BYTES),
    counts: floats(slotCount),
    lists: floats(boundLength * (BLOCK + 1)),
    listLengths: floats(boundLength),
    earlier: floats(BLOCK),
  }));
  const sampledRows = floats(count);
  const sampleDistances = [floats(count), floats(count), floats(count)];

  const memory = layout.allocate(
    `K-Means of ${count} products in ${dimensions} dimensions and ${clusterCount} clusters`,
  );
  const { buffer } = memory;
  const padded = new Float32Array(buffer, shared.vectors, count * rowLength);
  const mean = centre(vectors, padded, new Float32Array(buffer, shared.norms, count));
  const globals = {
    ...shared,
    vectorCount: count,
    rowBytes: rowLength * FLOAT_BYTES,
    boundBytes: boundLength * FLOAT_BYTES,
    groupCount,
  };
  return {
    job: { module: compileKernel(KERNEL), memory, globals: own.map((thread) => ({ ...globals, ...thread })) },
    vectorCount: count,
    dimensions,
    rowLength,
    mean,
    clusterOf: new Int32Array(buffer, shared.clusterOf, count),
    bounds: new Float32Array(buffer, shared.bounds, count * boundLength),
    boundLength,
    slotCount,
    panels: new Float32Array(buffer, shared.panels, slotCount * rowLength),
    centroids: new Float32Array(buffer, shared.centroids, slotCount * rowLength),
    offsets: new Float32Array(buffer, shared.offsets, slotCount),
    drifts: new Float32Array(buffer, shared.drifts, boundLength),
    slack: new Float32Array(buffer, shared.slack, 1),
    nextBlock: new Int32Array(buffer, shared.nextBlock, 1),
    sums: own.map(({ sums, counts }) => ({
      sums: new Float64Array(buffer, sums, slotCount * rowLength),
      counts: new Int32Array(buffer, counts, slotCount),
    })),
    sampledRows: new Uint32Array(buffer, sampledRows, count),
    sampleDistances: sampleDistances.map((pointer) => new Float32Array(buffer, pointer, count)),
  };
}

/**
 * Writes the vectors less their mean into rows of `rowLength`, and their ‖x‖².
 *
 * Values are rounded to multiples of a step so small, 2⁻³⁶ of the largest for 20,000 vectors, that float32 has finer
 * ones only near zero, and so large that float64 adds up all vectors, and takes them away again, without ever
 * rounding. So it does not matter which thread adds which vector when: a fit is the same to the bit on any number of
 * threads.
 *
 * @returns the mean.
 */
function centre({ count, dimensions, values }: Vectors, padded: Float32Array, norms: Float32Array): Float64Array {
  const rowLength = padded.length / count;
  const mean = new Float64Array(dimensions);
  let largest = Number.MIN_VALUE;
  for (let at = 0; at < values.length; ) {
    for (let d = 0; d < dimensions; d++) {
      const value = values[at++];
      mean[d] += value;
      if (value > largest) largest = value;
      else if (-value > largest) largest = -value;
    }
  }
  for (let d = 0; d < dimensions; d++) mean[d] /= count;

  // Adding it leaves no room for bits below the step: no value less the mean is above 2 · largest.
  const shifter = 1.5 * 2 ** (Math.ceil(Math.log2(2 * largest)) + Math.ceil(Math.log2(Math.max(2, count))));
  let at = 0;
  for (let row = 0; row < count; row++) {
    let squared = 0;
    for (let d = 0; d < dimensions; d++) {
      const value = Math.fround(values[at++] - mean[d]) + shifter - shifter;
      padded[row * rowLength + d] = value;
      squared += value * value;
    }
    norms[row] = squared;
  }
  return mean;
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
