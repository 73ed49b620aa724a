import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import {
  type BlendOutcome,
  blendTasks,
  type Measured,
  type Measuring,
  measuredOf,
  type OtherOutcome,
  otherTasks,
  type PartOfChoices,
  type Refitted,
  refit,
  runTasks,
  takeChoices,
  transferablesOf,
} from '../../engine/evaluation/measuring-tasks.ts';
import { type IndexMessage, toMessage } from '../../engine/serving-index/shared-index.ts';

export interface MeasuringMessage extends Omit<Measuring, 'index'> {
  index: IndexMessage;
  /** (1) each, in shared memory: the first task that neither thread has taken. */
  nextBlend: Int32Array;
  nextOther: Int32Array;
}

/** The choices of the other thread's tasks. */
export type ToMeasuring = PartOfChoices[];

/** In this order: as soon as both threads have asked the blend, the second one fits it anew, and then it helps with the rest. */
export interface FromMeasuring {
  blends?: BlendOutcome[];
  refitted?: Refitted;
  others?: OtherOutcome[];
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
      const answers = listen(worker);
      const { index, later, blendWeights, seed, reference } = measuring;
      const [nextBlend, nextOther] = [newCounter(), newCounter()];
      const message = { index: toMessage(index), later, blendWeights, seed, reference, nextBlend, nextOther };
      worker.postMessage(message satisfies MeasuringMessage);
      const ourBlends = runTasks(blendTasks(measuring), nextBlend);
      const parts: ToMeasuring = takeChoices(ourBlends);
      worker.postMessage(parts, transferablesOf(parts));
      const tasks = otherTasks(measuring);
      const ourOthers = runTasks(tasks, nextOther);
      const areAllOurs = ourOthers.length === tasks.length;
      const blends = [...ourBlends, ...(await answers.blends)];
      const others = areAllOurs ? ourOthers : [...ourOthers, ...(await answers.others)];
      return { ...measuredOf(measuring, blends, others), refitted: answers.refitted };
    },
    async close() {
      await worker.terminate();
    },
  };
}

function newCounter(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

type Answers = { [Name in keyof FromMeasuring]-?: Promise<NonNullable<FromMeasuring[Name]>> };

/** What the worker will say. */
function listen(worker: Worker): Answers {
  const blends = Promise.withResolvers<BlendOutcome[]>();
  const refitted = Promise.withResolvers<Refitted>();
  const others = Promise.withResolvers<OtherOutcome[]>();
  worker.on('message', (answer: FromMeasuring) => {
    if (answer.blends !== undefined) blends.resolve(answer.blends);
    if (answer.refitted !== undefined) refitted.resolve(answer.refitted);
    if (answer.others !== undefined) others.resolve(answer.others);
  });
  const answers = [blends, refitted, others];
  worker.on('error', (error) => {
    for (const { reject } of answers) reject(error);
  });
  // Until they are awaited, which may be after they have failed, or never.
  for (const { promise } of answers) promise.catch(() => {});
  return { blends: blends.promise, refitted: refitted.promise, others: others.promise };
}

const ALONE: MeasuringThread = {
  measure: async (measuring) => {
    const blends = runTasks(blendTasks(measuring));
    const refitted = refit(measuring, takeChoices(blends));
    const others = runTasks(otherTasks(measuring));
    return { ...measuredOf(measuring, blends, others), refitted: Promise.resolve(refitted) };
  },
  close: async () => {},
};
