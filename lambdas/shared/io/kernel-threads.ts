import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { instantiate, type KernelJob, type KernelThreads } from '../numeric/kernel.ts';

/**
 * A worker's whole code. It is text rather than a file so that it is found wherever the stages run: from source, or
 * inside a Lambda's single bundled file.
 */
const WORKER_SOURCE = `
  const { parentPort } = require('node:worker_threads');
  let exports;
  parentPort.on('message', ({ job, name, args }) => {
    if (job !== undefined) {
      ({ exports } = new WebAssembly.Instance(job.module, { env: { memory: job.memory } }));
      for (const [name, value] of Object.entries(job.globals)) exports[name].value = value;
    } else {
      exports[name](...args);
      parentPort.postMessage('done');
    }
  });
`;

/** A worker that waits for its next job holds the memory of its last: it is kept for the next only when that is small. */
const MOST_BYTES_TO_KEEP = 64 * 2 ** 20;

/** Starting a worker takes as long as 25 ms, and `k: "auto"` or a backtest fit many times. */
const idleWorkers: Worker[] = [];

/** The calling thread is the job's first; a worker each runs the others. */
export async function startKernelThreads({ module, memory, globals }: KernelJob): Promise<KernelThreads> {
  const [own, ...others] = globals;
  const exports = instantiate(module, memory, own) as Record<string, (...args: number[]) => void>;
  const workers = others.map((theirs) => {
    const worker = idleWorkers.pop() ?? new Worker(WORKER_SOURCE, { eval: true, execArgv: [] });
    worker.ref();
    worker.postMessage({ job: { module, memory, globals: theirs } });
    return worker;
  });
  let broken = false;
  return {
    async call(name, ...args) {
      // `once` also rejects on the worker's 'error'.
      const done = workers.map((worker) => once(worker, 'message'));
      const doOwn = async () => exports[name](...args);
      for (const worker of workers) worker.postMessage({ name, args });
      try {
        await Promise.all([...done, doOwn()]);
      } catch (error) {
        broken = true;
        throw error;
      }
    },
    async close() {
      if (broken || memory.buffer.byteLength > MOST_BYTES_TO_KEEP) {
        await Promise.all(workers.map((worker) => worker.terminate()));
      } else {
        // Idle workers keep no process alive.
        for (const worker of workers) worker.unref();
        idleWorkers.push(...workers);
      }
    },
  };
}
