import type { KernelJob } from '../shared/numeric/kernel.ts';
import { compileKernel } from '../shared/numeric/kernel.ts';
import { KernelLayout } from '../shared/numeric/kernel-memory.ts';
import { negativeSamplingTable } from './alias-table.ts';
import type { Word2VecCorpus, Word2VecSettings } from './settings.ts';
import { keepThresholds } from './vocabulary.ts';
import { KERNEL } from './word2vec-wasm.ts';

const FLOAT_BYTES = 4;
/** Floats of a cache line: no row shares one with another. */
const ROW_MULTIPLE = 16;
const REGISTER_FLOATS = 4;
/** The kernel handles six targets at a time. */
const TARGET_MULTIPLE = 6;

/** A training's arrays in the memory that the kernel of `assembly/word2vec.ts` works on. */
export interface TrainingMemory {
  job: KernelJob;
  /** (vocabularySize, rowLength) row-major; columns from `dimensions` on are zero. */
  vectors: Float32Array;
  /** (vocabularySize, rowLength) */
  contextVectors: Float32Array;
  rowLength: number;
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
  const layout = new KernelLayout();
  const shared = {
    vectors: layout.reserve(vocabularySize * rowBytes),
    contextVectors: layout.reserve(vocabularySize * rowBytes),
    offsets: layout.reserve(offsets.byteLength),
    views: layout.reserve(views.byteLength),
    nextSession: layout.reserve(Uint32Array.BYTES_PER_ELEMENT),
    keepThresholds: layout.reserve(vocabularySize * Uint32Array.BYTES_PER_ELEMENT),
    negativeSlots: layout.reserve(vocabularySize * 2 * Uint32Array.BYTES_PER_ELEMENT),
  };
  const longestSession = longestOf(offsets);
  const own = Array.from({ length: settings.workers }, (_, thread) => ({
    stream: thread,
    targetRows: layout.reserve(2 * targetCount * Uint32Array.BYTES_PER_ELEMENT),
    keptRows: layout.reserve(longestSession * Uint32Array.BYTES_PER_ELEMENT),
    zeroRow: layout.reserve(rowBytes),
    input: layout.reserve(rowBytes),
    inputChange: layout.reserve(rowBytes),
  }));
  const memory = layout.allocate(`Word2Vec of ${vocabularySize} products in ${settings.vector_size} dimensions`);
  const floats = (pointer: number) => new Float32Array(memory.buffer, pointer, vocabularySize * rowLength);
  const integers = (pointer: number, length: number) => new Uint32Array(memory.buffer, pointer, length);

  const counts = viewCounts.subarray(0, vocabularySize);
  integers(shared.offsets, offsets.length).set(offsets);
  integers(shared.views, views.length).set(views);
  integers(shared.keepThresholds, vocabularySize).set(keepThresholds(counts, settings.sample));
  const slots = integers(shared.negativeSlots, vocabularySize * 2);
  const { thresholds, aliases } = negativeSamplingTable(counts, settings.ns_exponent);
  for (let slot = 0; slot < vocabularySize; slot++) {
    slots[2 * slot] = thresholds[slot];
    slots[2 * slot + 1] = aliases[slot];
  }

  const globals = {
    ...shared,
    rowBytes,
    dimensions: settings.vector_size,
    usedBytes: roundUp(settings.vector_size, REGISTER_FLOATS) * FLOAT_BYTES,
    vocabularySize,
    sessionCount: offsets.length - 1,
    viewCount: views.length,
    skipGram: settings.sg,
    cbowMean: settings.cbow_mean,
    shrinkWindows: Number(settings.shrink_windows),
    forwardOnly: Number(settings.direction === 'forward'),
    window: settings.window,
    negative: settings.negative,
    targetCount,
    seed: settings.seed,
    epochs: settings.epochs,
    alpha: settings.alpha,
    minAlpha: settings.min_alpha,
  };
  return {
    job: { module: compileKernel(KERNEL), memory, globals: own.map((thread) => ({ ...globals, ...thread })) },
    vectors: floats(shared.vectors),
    contextVectors: floats(shared.contextVectors),
    rowLength,
    nextSession: integers(shared.nextSession, 1),
  };
}

/** (rows, dimensions) out of (rows, rowLength): a copy of its own. */
export function withoutPadding(padded: Float32Array, rowLength: number, dimensions: number): Float32Array {
  const rows = padded.length / rowLength;
  const vectors = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    vectors.set(padded.subarray(row * rowLength, row * rowLength + dimensions), row * dimensions);
  }
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
