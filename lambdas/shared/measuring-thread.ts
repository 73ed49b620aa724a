import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import {
  type Measured,
  type Measuring,
  measuredOf,
  type Refitted,
  refit,
  runTasks,
  takeChoices,
  tasksOf,
  transferablesOf,
} from '../../engine/evaluation/measuring-tasks.ts';
import { type IndexMessage, toMessage } from '../../engine/serving-index/shared-index.ts';

export interface MeasuringMessage extends Omit<Measuring, 'index'> {
  index: IndexMessage;
  /** (1) in shared memory: the first task that neither thread has taken. */
  next: Int32Array;
}

/** A second thread to measure with. */
export interface MeasuringThread {
  /** @returns as soon as all is measured; what is published is fitted anew meanwhile. */
  measure(measuring: Measuring): Promise<Measured & { refitted: Promise<Refitted> }>;
  close(): Promise<void>;
}

/**
 * Starts it before there is anything to measure: it loads while the model is trained. Where there is one core, or the code
 * is a Lambda's single bundled file, the calling thread measures alone; the figures are the same.
 */
export function startMeasuring(threads = availableParallelism()): MeasuringThread {
  const source = new URL('measuring-worker.ts', import.meta.url);
  const hasSource = import.meta.url.endsWith('/measuring-thread.ts') && process.features.typescript !== false;
  if (threads === 1 || !hasSource) return ALONE;
  const worker = new Worker(source, { execArgv: [] });
  // A failure before there is work is told when there is.
  let failure: unknown;
  worker.on('error', (error) => {
    failure = error;
  });
  return {
    async measure(measuring) {
      if (failure !== undefined) throw failure;
      const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const theirs = once(worker, 'message') as Promise<[ReturnType<typeof runTasks>]>;
      // Until it is awaited, which may be after it has failed.
      theirs.catch(() => {});
      const { index, later, blendWeights, seed, reference } = measuring;
      const message: MeasuringMessage = { index: toMessage(index), later, blendWeights, seed, reference, next };
      worker.postMessage(message);
      const ours = runTasks(tasksOf(measuring), next);
      const [others] = await theirs;
      const refitted = once(worker, 'message').then(([answer]) => answer as Refitted);
      refitted.catch(() => {});
      const parts = takeChoices(ours);
      worker.postMessage(parts, transferablesOf(parts));
      return { ...measuredOf(measuring, [...ours, ...others]), refitted };
    },
    async close() {
      await worker.terminate();
    },
  };
}

const ALONE: MeasuringThread = {
  measure: async (measuring) => {
    const outcomes = runTasks(tasksOf(measuring));
    const refitted = refit(measuring, takeChoices(outcomes));
    return { ...measuredOf(measuring, outcomes), refitted: Promise.resolve(refitted) };
  },
  close: async () => {},
};
