import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WrittenObject } from '../../engine/artifacts/stage-record.ts';
import { type EncodedViews, encodeIdsOfViews, encodeViews, type Views } from '../../engine/clicks/views.ts';
import type { RunStore } from './runs/run-store.ts';

/** Starting a thread takes a tenth of a second: a smaller input is read and written by then. */
const LARGE_BYTES = 2 ** 26;

export interface StoreViewsMessage {
  storeUri: string;
  runId: string;
  key: string;
  views: EncodedViews;
}

/** What the thread answers. */
export interface StoredViews {
  written: Readonly<Record<string, WrittenObject>>;
  warnings: string[];
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
  expect(inputBytes: number, store: RunStore): void {
    if (!this.#hasThread || inputBytes < LARGE_BYTES || !store.uri.startsWith('file:')) return;
    this.#worker = new Worker(new URL('views-writer-worker.ts', import.meta.url), { execArgv: [] });
    // Told when there is something to store; until then nothing is lost.
    this.#worker.on('error', () => {
      this.#worker = undefined;
    });
  }

  /** @returns what the operator should know. */
  async store(store: RunStore, key: string, views: Views): Promise<string[]> {
    if (this.#worker !== undefined) {
      const done = once(this.#worker, 'message') as Promise<[StoredViews]>;
      const { uri: storeUri, runId } = store;
      const message: StoreViewsMessage = { storeUri, runId, key, views: encodeIdsOfViews(views) };
      this.#worker.postMessage(message);
      const stored = await done.then(
        ([answer]) => answer,
        // This thread meets the same fault, and tells it as the error that it is.
        () => undefined,
      );
      if (stored !== undefined) {
        store.note(stored.written);
        return stored.warnings;
      }
    }
    await store.put(key, encodeViews(views));
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate();
  }
}
