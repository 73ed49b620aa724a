import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type EncodedViews, encodeIdsOfViews, encodeViews, type Views } from '../../engine/clicks/views.ts';
import type { ArtifactStore } from './store/artifact-store.ts';

/** Starting a thread takes a tenth of a second: a smaller input is read and written by then. */
const LARGE_BYTES = 2 ** 26;

export interface StoreViewsMessage {
  storeUri: string;
  key: string;
  views: EncodedViews;
}

/**
 * Stores `views.bin` on a thread of its own, so that the calling one goes on. Where there is one core, or the code is a
 * Lambda's single bundled file, the calling thread does it; the bytes are the same.
 */
export class ViewsWriter {
  readonly #hasThread: boolean;
  #worker: Worker | undefined;

  constructor(threads = availableParallelism()) {
    this.#hasThread = threads > 1 && import.meta.url.endsWith('/views-writer.ts');
  }

  /** Starts the thread where so large an input is worth it: it loads until there is something to store. */
  expect(inputBytes: number, store: ArtifactStore): void {
    if (!this.#hasThread || inputBytes < LARGE_BYTES || !store.uri.startsWith('file:')) return;
    this.#worker = new Worker(new URL('views-writer-worker.ts', import.meta.url), { execArgv: [] });
    // Told when there is something to store; until then nothing is lost.
    this.#worker.on('error', () => {
      this.#worker = undefined;
    });
  }

  async store(store: ArtifactStore, key: string, views: Views): Promise<void> {
    if (this.#worker !== undefined) {
      const done = once(this.#worker, 'message');
      const message: StoreViewsMessage = { storeUri: store.uri, key, views: encodeIdsOfViews(views) };
      this.#worker.postMessage(message);
      const isStored = await done.then(
        () => true,
        // This thread meets the same fault, and tells it as the error that it is.
        () => false,
      );
      if (isStored) return;
    }
    await store.put(key, encodeViews(views));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate();
  }
}
