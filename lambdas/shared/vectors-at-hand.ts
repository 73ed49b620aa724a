import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { TrainingSettings } from '../../engine/artifacts/training-request.ts';
import type { ProductVectors } from '../../engine/word2vec/product-vectors.ts';

interface Learning {
  settings: TrainingSettings;
  vectors: Promise<ProductVectors>;
}

/** Run id → what is being learned for it; undefined: nothing is kept. */
let atHand: Map<string, Learning> | undefined;

/**
 * From now on `evaluate` begins what `embed` is to do, where both run in this process: as soon as a core is free, and on one
 * thread. In Lambda each stage is a process of its own, and nothing is kept.
 *
 * @returns ends it.
 */
export function keepVectorsAtHand(): () => void {
  atHand = new Map();
  return () => {
    atHand = undefined;
  };
}

/** Once a run. Does nothing where nothing is kept, or there is no core to spare, or several threads are asked for. */
export function learnBeforehand(
  runId: string,
  settings: TrainingSettings,
  learn: (settings: TrainingSettings) => Promise<ProductVectors>,
): void {
  if (atHand === undefined || atHand.has(runId) || settings.workers > 1 || availableParallelism() === 1) return;
  const vectors = learn(settings);
  // Until somebody takes them, which may be after it has failed.
  vectors.catch(() => {});
  atHand.set(runId, { settings, vectors });
}

/** Once. @returns undefined where they have to be learned: also where that failed, so that whoever takes them meets the fault. */
export async function takeVectors(runId: string, settings: TrainingSettings): Promise<ProductVectors | undefined> {
  const learning = atHand?.get(runId);
  atHand?.delete(runId);
  if (learning === undefined || !isDeepStrictEqual(learning.settings, settings)) return undefined;
  return learning.vectors.catch(() => undefined);
}
