import type { KernelJob } from '../numeric/kernel.ts';
import { compileKernel } from '../numeric/kernel.ts';
import { KernelLayout } from '../numeric/kernel-memory.ts';
import { negativeWeights } from './alias-table.ts';
import { orderRows, threadsFor } from './row-order.ts';
import type { Word2VecCorpus, Word2VecSettings } from './settings.ts';
import { keepThresholds } from './vocabulary.ts';
import { KERNEL } from './word2vec-wasm.ts';

const FLOAT_BYTES = 4;
/** Floats of a cache line: no row shares one with another. */
const ROW_MULTIPLE = 16;
const REGISTER_FLOATS = 4;
/** The kernel handles six targets at a time. */
const TARGET_MULTIPLE = 6;
/** `storeLogisticConstants` of `engine/kernels/simd.ts`: nine registers. */
const LOGISTIC_CONSTANT_BYTES = 9 * REGISTER_FLOATS * FLOAT_BYTES;
/** 512 negatives: their rows stay in a cache of a megabyte, and a hundred centres lie between the two uses of one. */
const BATCH_BYTES = 512 * Uint32Array.BYTES_PER_ELEMENT;

/** A training's arrays in the memory that the kernel of `engine/kernels/word2vec.ts` works on. */
export interface TrainingMemory {
  job: KernelJob;
  /** (vocabularySize, dimensions) a copy of what was learned so far. */
  vectors(): Float32Array;
  /** (vocabularySize, dimensions) */
  contextVectors(): Float32Array;
  /** (1) the first session that no thread has taken in this epoch. */
  nextSession: Uint32Array;
}

export function layOutTraining(
  { sessions, viewCounts }: Word2VecCorpus,
  vocabularySize: number,
  settings: Word2VecSettings,
): TrainingMemory {
  const { offsets, views } = sessions;
  const rowLength = roundUp(settings.vector_size, ROW_MULTIPLE);
  const rowBytes = rowLength * FLOAT_BYTES;
  const targetCount = roundUp(1 + settings.negative, TARGET_MULTIPLE);
  const counts = viewCounts.subarray(0, vocabularySize);
  const weights = negativeWeights(counts, settings.ns_exponent);
  const threads = threadsFor(vocabularySize, settings.workers);
  const { rowOf, replicaCount, partOffsets, negativeTables } = orderRows(weights, threads, rowBytes);
  const rowCount = vocabularySize + threads * replicaCount;
  const slotCount = negativeTables.reduce((sum, { aliases }) => sum + aliases.length, 0);
  const layout = new KernelLayout();
  const shared = {
    vectors: layout.reserve(rowCount * rowBytes),
    contextVectors: layout.reserve(rowCount * rowBytes),
    offsets: layout.reserve(offsets.byteLength),
    views: layout.reserve(views.byteLength),
    nextSession: layout.reserve(Uint32Array.BYTES_PER_ELEMENT),
    keepThresholds: layout.reserve(vocabularySize * Uint32Array.BYTES_PER_ELEMENT),
    negativeSlots: layout.reserve(slotCount * 2 * Uint32Array.BYTES_PER_ELEMENT),
    partOffsets: layout.reserve(partOffsets.byteLength),
    logisticConstants: layout.reserve(LOGISTIC_CONSTANT_BYTES),
  };
  const longestSession = longestOf(offsets);
  const own = Array.from({ length: threads }, (_, thread) => ({
    stream: thread,
    targetRows: layout.reserve(targetCount * Uint32Array.BYTES_PER_ELEMENT),
    targetRates: layout.reserve((targetCount + 2) * FLOAT_BYTES),
    batch: layout.reserve(BATCH_BYTES),
    mergedRows: layout.reserve(2 * replicaCount * rowBytes),
    keptRows: layout.reserve(longestSession * Uint32Array.BYTES_PER_ELEMENT),
    zeroRow: layout.reserve(rowBytes),
    input: layout.reserve(rowBytes),
    inputChange: layout.reserve(rowBytes),
  }));
  const memory = layout.allocate(`Word2Vec of ${vocabularySize} products in ${settings.vector_size} dimensions`);
  const integers = (pointer: number, length: number) => new Uint32Array(memory.buffer, pointer, length);
  const learned = (pointer: number) => () => {
    const matrix = new Float32Array(memory.buffer, pointer, vocabularySize * rowLength);
    return productVectors(matrix, rowLength, settings.vector_size, rowOf);
  };

  integers(shared.offsets, offsets.length).set(offsets);
  const rows = integers(shared.views, views.length);
  for (let i = 0; i < views.length; i++) rows[i] = views[i] < vocabularySize ? rowOf[views[i]] : views[i];
  const thresholds = integers(shared.keepThresholds, vocabularySize);
  keepThresholds(counts, settings.sample).forEach((threshold, product) => {
    thresholds[rowOf[product]] = threshold;
  });
  integers(shared.partOffsets, partOffsets.length).set(partOffsets);
  const slots = integers(shared.negativeSlots, slotCount * 2);
  let at = 0;
  for (const { thresholds, aliases } of negativeTables) {
    for (let slot = 0; slot < aliases.length; slot++) {
      slots[at++] = thresholds[slot];
      slots[at++] = aliases[slot];
    }
  }

  const globals = {
    ...shared,
    rowBytes,
    dimensions: settings.vector_size,
    usedBytes: roundUp(settings.vector_size, REGISTER_FLOATS) * FLOAT_BYTES,
    vocabularySize,
    partCount: negativeTables.length,
    replicaCount,
    sessionCount: offsets.length - 1,
    viewCount: views.length,
    skipGram: settings.sg,
    cbowMean: settings.cbow_mean,
    shrinkWindows: Number(settings.shrink_windows),
    forwardOnly: Number(settings.direction === 'forward'),
    window: settings.window,
    negative: settings.negative,
    batchBytes: BATCH_BYTES,
    targetCount,
    seed: settings.seed,
    epochs: settings.epochs,
    alpha: settings.alpha,
    minAlpha: settings.min_alpha,
  };
  return {
    job: { module: compileKernel(KERNEL), memory, globals: own.map((thread) => ({ ...globals, ...thread })) },
    vectors: learned(shared.vectors),
    contextVectors: learned(shared.contextVectors),
    nextSession: integers(shared.nextSession, 1),
  };
}

/** (products, dimensions) out of (rows, rowLength): a copy of its own. */
function productVectors(rows: Float32Array, rowLength: number, dimensions: number, rowOf: Uint32Array): Float32Array {
  const vectors = new Float32Array(rowOf.length * dimensions);
  rowOf.forEach((row, product) => {
    vectors.set(rows.subarray(row * rowLength, row * rowLength + dimensions), product * dimensions);
  });
  return vectors;
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

function longestOf(offsets: Uint32Array): number {
  let longest = 0;
  for (let session = 0; session + 1 < offsets.length; session++) {
    longest = Math.max(longest, offsets[session + 1] - offsets[session]);
  }
  return longest;
}
