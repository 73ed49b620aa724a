import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** To a worker: an invocation. */
export interface StageCall {
  stage: string;
  payload: unknown;
  timeoutSeconds: number;
}

/** From a worker. A message drops an error's name, which the state machine goes by. */
export type StageAnswer = { result: unknown } | { error: { name: string; message: string; stack?: string } };

const CLOSED = 'The threads of the stages were closed.';

/**
 * Runs invocations of stages side by side, as Lambda does: each core has a thread with the deployed handlers. It starts when
 * there is work for it.
 */
export class StageThreads {
  readonly #most: number;
  readonly #source: URL;
  readonly #workers = new Set<Worker>();
  readonly #idle = new Set<Worker>();
  /** Invocations for which no thread is free, in the order they came. */
  readonly #waiting: PromiseWithResolvers<Worker>[] = [];
  #isClosed = false;

  constructor(most: number = availableParallelism(), source = new URL('stage-worker.ts', import.meta.url)) {
    this.#most = most;
    this.#source = source;
  }

  /** @throws what the handler throws, with its name. */
  async invoke(call: StageCall): Promise<unknown> {
    const worker = await this.#takeWorker();
    try {
      return await askWorker(worker, call);
    } finally {
      const next = this.#waiting.shift();
      if (next !== undefined) next.resolve(this.#workers.has(worker) ? worker : this.#start());
      else if (this.#workers.has(worker)) this.#idle.add(worker);
    }
  }

  /** Invocations that wait or are under way fail, and so do those that come later. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(CLOSED));
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #takeWorker(): Worker | Promise<Worker> {
    if (this.#isClosed) throw new Error(CLOSED);
    const [idle] = this.#idle;
    if (idle !== undefined) {
      this.#idle.delete(idle);
      return idle;
    }
    if (this.#workers.size < this.#most) return this.#start();
    const waiting = Promise.withResolvers<Worker>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  #start(): Worker {
    const worker = new Worker(this.#source);
    this.#workers.add(worker);
    const forget = () => {
      this.#workers.delete(worker);
      this.#idle.delete(worker);
    };
    // Prepended, so that whoever waits for the answer of a thread that died finds it gone.
    worker.prependListener('error', forget);
    worker.prependListener('exit', forget);
    return worker;
  }
}

function askWorker(worker: Worker, call: StageCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stopListening = () => {
      worker.off('message', hear);
      worker.off('error', fail);
      worker.off('exit', fail);
    };
    const fail = (error: unknown) => {
      stopListening();
      reject(error instanceof Error ? error : new Error(`The thread of stage ${call.stage} ended with ${error}.`));
    };
    const hear = (answer: StageAnswer) => {
      stopListening();
      if ('result' in answer) resolve(answer.result);
      else reject(Object.assign(new Error(answer.error.message), answer.error));
    };
    worker.on('message', hear);
    worker.on('error', fail);
    worker.on('exit', fail);
    worker.postMessage(call);
  });
}
