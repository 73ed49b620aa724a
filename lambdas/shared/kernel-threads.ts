import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { instantiate, type KernelJob, type KernelThreads } from '../../engine/numeric/kernel.ts';

/** Instead of the number of an export: the job is over. */
const END = -1;

/**
 * A worker's whole code. It is text rather than a file so that it is found wherever the stages run: from source, or
 * inside a Lambda's single bundled file.
 *
 * During a job it waits on shared memory for the next call: a message takes 0.15 ms longer to be heard, an eighth of an
 * iteration of K-Means on 20,000 products.
 */
const WORKER_SOURCE = `
  require('node:worker_threads').parentPort.on('message', ({ module, memory, globals, line }) => {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    for (const [name, value] of Object.entries(globals)) exports[name].value = value;
    const names = Object.keys(exports);
    const { turn, busy, call } = line;
    for (let seen = 0; ; seen++) {
      // More than once: a caller that loses its core before it notifies is heard after its call was found and done.
      while (Atomics.load(turn, 0) === seen) Atomics.wait(turn, 0, seen);
      const [name, ...args] = call;
      if (name === ${END}) return;
      exports[names[name]](...args);
      if (Atomics.sub(busy, 0, 1) === 1) Atomics.notify(busy, 0);
    }
  });
`;

/** What the calling thread and the workers of a job hear of each other. */
interface Line {
  /** (1) calls so far. */
  turn: Int32Array;
  /** (1) workers that have not done the last call. */
  busy: Int32Array;
  /** (1 + arguments) number of the export to call, then what it gets; `END` ends the job. */
  call: Float64Array;
}
const MOST_ARGUMENTS = 4;

/** Only then is it seen that a worker has died. */
const PATIENCE_MS = 100;

/** A worker that waits for its next job holds the memory of its last: it is kept for the next only when that is small. */
const MOST_BYTES_TO_KEEP = 64 * 2 ** 20;

/** Starting a worker takes as long as 25 ms, and `k: "auto"` or a backtest fit many times. */
const idleWorkers: Worker[] = [];

/** The calling thread is the job's first; a worker each runs the others. */
export async function startKernelThreads(job: KernelJob): Promise<KernelThreads> {
  const [own, ...others] = job.globals;
  return startThreads(job, own, others);
}

/**
 * A worker runs the only thread of a job, and the caller goes on meanwhile. Of several threads the caller is one, as with
 * `startKernelThreads`, which this is where there is but one core.
 */
export async function startKernelAside(job: KernelJob): Promise<KernelThreads> {
  const hasCore = job.globals.length < availableParallelism();
  return job.globals.length === 1 && hasCore ? startThreads(job, undefined, job.globals) : startKernelThreads(job);
}

/** A worker runs each of the threads, and the caller takes no part. */
export async function startAllAside(job: KernelJob): Promise<KernelThreads> {
  return startThreads(job, undefined, job.globals);
}

/** @param own of the calling thread; undefined: it takes no part. */
async function startThreads(
  { module, memory }: KernelJob,
  own: KernelJob['globals'][number] | undefined,
  others: KernelJob['globals'],
): Promise<KernelThreads> {
  const exports = own && (instantiate(module, memory, own) as Record<string, (...args: number[]) => void>);
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  const line: Line = {
    turn: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    busy: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    call: new Float64Array(new SharedArrayBuffer((1 + MOST_ARGUMENTS) * Float64Array.BYTES_PER_ELEMENT)),
  };
  let isClosed = false;
  let failure: unknown;
  const noteFailure = (error: unknown) => {
    failure = error;
  };
  const workers = others.map((theirs) => {
    const worker = idleWorkers.pop() ?? new Worker(WORKER_SOURCE, { eval: true, execArgv: [] });
    worker.ref();
    worker.once('error', noteFailure);
    worker.postMessage({ module, memory, globals: theirs, line });
    return worker;
  });
  const tell = (name: number, args: readonly number[]) => {
    line.call.set([name, ...args]);
    Atomics.store(line.busy, 0, workers.length);
    Atomics.add(line.turn, 0, 1);
    Atomics.notify(line.turn, 0);
  };
  return {
    async call(name, ...args) {
      tell(names.indexOf(name), args);
      try {
        exports?.[name](...args);
      } catch (error) {
        noteFailure(error);
      }
      for (;;) {
        const busy = Atomics.load(line.busy, 0);
        if (failure !== undefined) throw failure;
        // Workers that are closed no longer say that they are done.
        if (isClosed) throw new Error('The threads of the kernel were closed during a call.');
        if (busy === 0) return;
        if (exports === undefined) await Atomics.waitAsync(line.busy, 0, busy, PATIENCE_MS).value;
        else if (Atomics.wait(line.busy, 0, busy, PATIENCE_MS) === 'timed-out') await setImmediate();
      }
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      const isAtWork = Atomics.load(line.busy, 0) > 0;
      tell(END, []);
      for (const worker of workers) worker.off('error', noteFailure);
      if (failure !== undefined || isAtWork || memory.buffer.byteLength > MOST_BYTES_TO_KEEP) {
        await Promise.all(workers.map((worker) => worker.terminate()));
      } else {
        // Idle workers keep no process alive.
        for (const worker of workers) worker.unref();
        idleWorkers.push(...workers);
      }
    },
  };
}
