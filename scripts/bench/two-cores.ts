import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** What the host of this machine gave it at one moment. It moves a machine from one case to the other as it likes. */
export interface TwoCores {
  /**
   * For a cache line to get from one thread to the other. Threads that update the same vectors wait for it: within one
   * part of a server's chip some 60 ns, from one part to another three times as long.
   */
  nanosecondsApart: number;
  /** How much more two threads compute than one when they share nothing: 2, or little above 1 on two halves of one core. */
  gain: number;
}

/** @returns undefined where there is one core. */
export async function measureTwoCores(): Promise<TwoCores | undefined> {
  if (availableParallelism() === 1) return undefined;
  const turn = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const partner = new Worker(PARTNER, { eval: true, workerData: turn });
  await once(partner, 'message');
  const [, nanosecondsApart] = [passTurns(turn, FIRST_TURNS), passTurns(turn, TURNS)];

  compute(STEPS);
  const alone = compute(STEPS);
  // The partner computes from now on, longer than this thread does.
  Atomics.store(turn, 1, 1);
  Atomics.notify(turn, 1);
  const beside = compute(STEPS);
  await partner.terminate();
  return { nanosecondsApart, gain: (2 * alone) / beside };
}

/** Before the measured ones, so that V8 has compiled the loops. */
const FIRST_TURNS = 100_000;
const TURNS = 100_000;
const STEPS = 10_000_000;

function passTurns(turn: Int32Array, times: number): number {
  const started = performance.now();
  for (let i = 0; i < times; i++) {
    while (Atomics.load(turn, 0) !== 0);
    Atomics.store(turn, 0, 1);
  }
  return ((performance.now() - started) * 1e6) / (2 * times);
}

/** Twelve sums that do not wait for each other keep a core's arithmetic units busy. @returns milliseconds. */
function compute(steps: number): number {
  const started = performance.now();
  const factor = 1 - started / 1e12;
  let [a, b, c, d, e, f, g, h, i, j, k, l] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
  for (let step = 0; step < steps; step++) {
    a = a * factor + 1;
    b = b * factor + 1;
    c = c * factor + 1;
    d = d * factor + 1;
    e = e * factor + 1;
    f = f * factor + 1;
    g = g * factor + 1;
    h = h * factor + 1;
    i = i * factor + 1;
    j = j * factor + 1;
    k = k * factor + 1;
    l = l * factor + 1;
  }
  if (Number.isNaN(a + b + c + d + e + f + g + h + i + j + k + l)) throw new Error('the sums diverged');
  return performance.now() - started;
}

const PARTNER = `
  const { workerData: turn, parentPort } = require('node:worker_threads');
  const compute = ${compute};
  compute(${STEPS});
  parentPort.postMessage('ready');
  for (let i = 0; i < ${FIRST_TURNS + TURNS}; i++) {
    while (Atomics.load(turn, 0) !== 1);
    Atomics.store(turn, 0, 0);
  }
  Atomics.wait(turn, 1, 0);
  compute(${10 * STEPS});
`;
