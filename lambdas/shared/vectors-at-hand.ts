import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { TrainingSettings } from '../../engine/artifacts/training-request.ts';
import type { KernelThreads, StartThreads } from '../../engine/numeric/kernel.ts';
import type { ProductVectors } from '../../engine/word2vec/product-vectors.ts';
import { startKernelAside } from './kernel-threads.ts';

interface Learning {
  settings: TrainingSettings;
  vectors: Promise<ProductVectors>;
}

/** Run id → what is being learned for it; undefined: nothing is kept. */
let atHand: Map<string, Learning> | undefined;
/** Each ends something that is being learned, whether or not somebody has taken it. */
const stops = new Set<() => void>();

/**
 * From now on `evaluate` begins what `embed` is to do, where both run in this process: as soon as a core is free, and on one
 * thread. In Lambda each stage is a process of its own, and nothing is kept.
 *
 * @returns ends it, and what is still being learned: after a run that failed it would keep the process for minutes.
 */
export function keepVectorsAtHand(): () => void {
  atHand = new Map();
  return () => {
    atHand = undefined;
    for (const stop of stops) stop();
  };
}

/**
 * Once a run. Does nothing where nothing is kept, or there is no core to spare, or several threads are asked for.
 *
 * @param learn gets what it is to start its threads with.
 */
export function learnBeforehand(
  runId: string,
  settings: TrainingSettings,
  learn: (settings: TrainingSettings, startThreads: StartThreads) => Promise<ProductVectors>,
): void {
  if (atHand === undefined || atHand.has(runId) || settings.workers > 1 || availableParallelism() === 1) return;
  let starting: Promise<KernelThreads> | undefined;
  const vectors = learn(settings, (job) => (starting = startKernelAside(job)));
  // Those that do not start fail what is learned.
  const stop = () => void starting?.then((threads) => threads.close()).catch(() => {});
  stops.add(stop);
  // It may fail before somebody takes it. The threads' memory is not kept as long as the vectors.
  vectors.catch(() => {}).finally(() => stops.delete(stop));
  atHand.set(runId, { settings, vectors });
}

/**
 * Once.
 *
 * @returns undefined where they have to be learned: also where that failed, so that whoever takes them meets the fault.
 * @throws where keeping them was ended meanwhile: the run has failed, and they are not to be learned again.
 */
export async function takeVectors(runId: string, settings: TrainingSettings): Promise<ProductVectors | undefined> {
  const kept = atHand;
  const learning = kept?.get(runId);
  kept?.delete(runId);
  if (learning === undefined || !isDeepStrictEqual(learning.settings, settings)) return undefined;
  return learning.vectors.catch((error) => {
    if (kept !== atHand) throw error;
    return undefined;
  });
}
