import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { instantiate, type KernelJob, type KernelThreads } from '../numeric/kernel.ts';

/**
 * A worker's whole code. It is text rather than a file so that it is found wherever the stages run: from source, or
 * inside a Lambda's single bundled file.
 */
const WORKER_SOURCE = `
  const { parentPort, workerData: { module, memory, globals } } = require('node:worker_threads');
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  for (const [name, value] of Object.entries(globals)) exports[name].value = value;
  parentPort.on('message', ({ name, args }) => {
    exports[name](...args);
    parentPort.postMessage('done');
  });
`;

/** A job of one thread runs in the calling thread; more start a worker each. */
export async function startKernelThreads({ module, memory, globals }: KernelJob): Promise<KernelThreads> {
  if (globals.length === 1) {
    const exports = instantiate(module, memory, globals[0]);
    return {
      call: async (name, ...args) => (exports[name] as (...args: number[]) => void)(...args),
      close: async () => {},
    };
  }
  const workers = globals.map(
    (own) => new Worker(WORKER_SOURCE, { eval: true, workerData: { module, memory, globals: own } }),
  );
  return {
    async call(name, ...args) {
      // `once` also rejects on the worker's 'error'.
      const done = Promise.all(workers.map((worker) => once(worker, 'message')));
      for (const worker of workers) worker.postMessage({ name, args });
      await done;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
