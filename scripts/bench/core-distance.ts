import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Before the measured ones, so that V8 has compiled the loops. */
const FIRST_TURNS = 100_000;
const TURNS = 100_000;

const PARTNER = `
  const { workerData: turn, parentPort } = require('node:worker_threads');
  parentPort.postMessage('ready');
  for (let i = 0; i < ${FIRST_TURNS + TURNS}; i++) {
    while (Atomics.load(turn, 0) !== 1);
    Atomics.store(turn, 0, 0);
  }
`;

/**
 * How far apart are the cores that two threads get? Threads that update the same vectors wait for each other's cache
 * lines: within one part of a server's chip that takes some 60 ns, from one part to another three times as long, and a
 * cloud's host moves a machine from the one case to the other as it likes.
 *
 * @returns nanoseconds for a cache line to get from one thread to the other; undefined where there is one core.
 */
export async function nanosecondsBetweenCores(): Promise<number | undefined> {
  if (availableParallelism() === 1) return undefined;
  const turn = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const partner = new Worker(PARTNER, { eval: true, workerData: turn });
  await once(partner, 'message');
  const pass = (times: number) => {
    for (let i = 0; i < times; i++) {
      while (Atomics.load(turn, 0) !== 0);
      Atomics.store(turn, 0, 1);
    }
  };
  pass(FIRST_TURNS);
  const started = performance.now();
  pass(TURNS);
  const nanoseconds = ((performance.now() - started) * 1e6) / (2 * TURNS);
  await partner.terminate();
  return nanoseconds;
}
