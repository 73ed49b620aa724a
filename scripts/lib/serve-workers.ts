import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ArtifactError, messageOf } from '../../engine/errors.ts';
import { SHARED_SPACE } from '../../engine/numeric/array-space.ts';
import { type IndexMessage, toMessage } from '../../engine/serving-index/shared-index.ts';
import { readLiveIndex } from '../../lambdas/recommend/model-cache.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';

/** What a worker is started with. */
export interface WorkerTask {
  workspace: string;
  port: number;
  corsOrigins: readonly string[];
}

/** From a worker. */
export type FromWorker = { kind: 'ready' } | { kind: 'terminal'; text: string } | { kind: 'load'; runId: string };

/** To a worker. */
export type ToWorker =
  | { kind: 'close' }
  | { kind: 'index'; runId: string; index: IndexMessage }
  | { kind: 'failure'; runId: string; message: string; isArtifactError: boolean };

/** The live run and the one before it, to which a broken one falls back. */
const MOST_INDEXES = 2;

/** Each run's index read once for all threads, into memory that they share. */
export class SharedIndexes {
  readonly #store: ArtifactStore;
  /** The one asked for last comes last. */
  readonly #indexes = new Map<string, Promise<IndexMessage>>();

  constructor(store: ArtifactStore) {
    this.#store = store;
  }

  load(runId: string): Promise<IndexMessage> {
    const index = this.#indexes.get(runId) ?? readLiveIndex(this.#store, runId, SHARED_SPACE).then(toMessage);
    this.#indexes.delete(runId);
    this.#indexes.set(runId, index);
    // What could not be read is tried again. It may have been already, when the failure comes late.
    index.catch(() => {
      if (this.#indexes.get(runId) === index) this.#indexes.delete(runId);
    });
    if (this.#indexes.size > MOST_INDEXES) this.#indexes.delete(this.#indexes.keys().next().value!);
    return index;
  }
}

/**
 * Threads that answer on the same port, each with an event loop of its own. Threads and not processes, as `node:cluster`
 * has them: processes cannot share the index's memory.
 *
 * @param stderr is told what a worker has to say, once when several say the same. @throws what a worker fails with at its
 * start, once the others have ended too.
 */
export async function startWorkers(
  count: number,
  indexes: SharedIndexes,
  stderr: { write(text: string): unknown },
  task: WorkerTask,
): Promise<{ close(): Promise<void> }> {
  let lastSaid = '';
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('serve-worker.ts', import.meta.url), { workerData: task });
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'load') void answerLoad(worker, indexes, message.runId);
      else if (message.kind === 'terminal' && message.text !== lastSaid) {
        lastSaid = message.text;
        stderr.write(message.text);
      }
    });
    return worker;
  });
  try {
    await Promise.all(workers.map(untilReady));
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.terminate()));
    throw error;
  }
  return {
    async close() {
      await Promise.all(
        workers.map(async (worker) => {
          const exited = once(worker, 'exit');
          worker.postMessage({ kind: 'close' } satisfies ToWorker);
          await exited;
        }),
      );
    },
  };
}

/** Rejects with what a worker fails with until then; later that ends the process, as it does on the first thread. */
function untilReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (code: number) => reject(new Error(`A thread of the server ended at its start, with code ${code}.`));
    worker.once('error', reject);
    worker.once('exit', end);
    worker.on('message', ({ kind }: FromWorker) => {
      if (kind !== 'ready') return;
      worker.off('error', reject);
      worker.off('exit', end);
      resolve();
    });
  });
}

async function answerLoad(worker: Worker, indexes: SharedIndexes, runId: string): Promise<void> {
  const answer = await indexes.load(runId).then(
    (index): ToWorker => ({ kind: 'index', runId, index }),
    (error): ToWorker => ({
      kind: 'failure',
      runId,
      message: messageOf(error),
      isArtifactError: error instanceof ArtifactError,
    }),
  );
  worker.postMessage(answer);
}
