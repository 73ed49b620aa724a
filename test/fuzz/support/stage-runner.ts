import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { usageOf } from '../../../scripts/bench/measured-process.ts';
import type { WorkerAnswer, WorkerRequest } from './stage-worker.ts';

/** Small files: one that takes longer, or more, would stop a Lambda when it is large. */
const MOST_SECONDS = 30;
const MOST_MB = 1_024;
const RESTART_ABOVE_MB = 400;
const POLL_MS = 50;
const STDERR_SHOWN = 2_000;

/** Runs the stages in a process of their own, which is ended when it hangs or grows, and started again. */
export class StageRunner {
  #worker: ChildProcess | undefined;
  #lines: AsyncIterator<string> | undefined;
  #stderr = '';

  /** @returns a reason in place of the answer when the process did not survive. */
  async run(request: WorkerRequest): Promise<WorkerAnswer | string> {
    if (this.#worker === undefined) this.#start();
    const worker = this.#worker!;
    const startedAtMs = performance.now();
    let ended: string | undefined;
    const watch = setInterval(() => {
      const { peakMb = 0 } = usageOf(worker.pid!);
      if (peakMb > MOST_MB) ended = `it took ${peakMb.toFixed(0)} MB; ${MOST_MB} are allowed`;
      else if (performance.now() - startedAtMs > MOST_SECONDS * 1_000) ended = `it took more than ${MOST_SECONDS} s`;
      if (ended !== undefined) worker.kill('SIGKILL');
    }, POLL_MS);
    try {
      worker.stdin!.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await this.#lines!.next();
      if (!done) {
        const answer: WorkerAnswer = JSON.parse(value);
        // What a large case leaves behind would count as the next one's.
        if ((answer.peakMb ?? 0) > RESTART_ABOVE_MB) this.stop();
        return answer;
      }
      this.#worker = undefined;
      return ended ?? `the process died: ${this.#stderr.slice(-STDERR_SHOWN)}`;
    } finally {
      clearInterval(watch);
    }
  }

  stop(): void {
    this.#worker?.stdin?.end();
    this.#worker = undefined;
  }

  #start(): void {
    this.#stderr = '';
    this.#worker = spawn(process.execPath, [join(import.meta.dirname, 'stage-worker.ts')], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#worker.stdin!.on('error', () => {});
    this.#worker.stderr!.on('data', (chunk: Buffer) => {
      this.#stderr += chunk;
    });
    this.#lines = createInterface({ input: this.#worker.stdout! })[Symbol.asyncIterator]();
  }
}
