import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import {
  assembleLists,
  type CodedLists,
  groupCountOf,
  groupWriterOf,
  type WrittenGroup,
} from '../../engine/artifacts/coded-lists-parquet.ts';

/** Starting a thread takes a tenth of a second: fewer values are written by then. */
const LARGE = 1_000_000;

export interface GroupsMessage {
  lists: CodedLists;
  /** (1) in shared memory: the first group that neither thread has taken. */
  next: Int32Array;
}

/**
 * Writes lists on two threads, a row group at a time. Where there is one core, or the code is a Lambda's single bundled
 * file, the calling thread writes alone; the bytes are the same.
 */
export class ListWriter {
  readonly #hasThread: boolean;
  #worker: Worker | undefined;
  #failure: unknown;

  constructor(threads = availableParallelism()) {
    this.#hasThread = threads > 1 && import.meta.url.endsWith('/list-writer.ts');
  }

  /** Starts the second thread where so many values are worth it: it loads until there is something to write. */
  expect(valueCount: number): void {
    if (!this.#hasThread || valueCount < LARGE) return;
    this.#worker = new Worker(new URL('list-writer-worker.ts', import.meta.url), { execArgv: [] });
    // A failure before there is something to write is told when there is.
    this.#worker.on('error', (error) => {
      this.#failure = error;
    });
  }

  /** @param lists best in shared memory: the second thread has a copy of what is not. */
  async write(lists: CodedLists): Promise<Uint8Array> {
    if (this.#failure !== undefined) throw this.#failure;
    const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    let theirs: Promise<[WrittenGroup[]]> | undefined;
    if (this.#worker !== undefined) {
      theirs = once(this.#worker, 'message') as Promise<[WrittenGroup[]]>;
      // Until it is awaited, which may be after it has failed.
      theirs.catch(() => {});
      this.#worker.postMessage({ lists, next } satisfies GroupsMessage);
    }
    const ours: WrittenGroup[] = [];
    // What else this thread has begun goes on between two groups.
    for (const group of takenGroups(lists, next)) {
      ours.push(group);
      await setImmediate();
    }
    const others = theirs === undefined ? [] : (await theirs)[0];
    return assembleLists(lists, [...ours, ...others]);
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }
}

/** Those that no other thread takes first. */
export function* takenGroups(lists: CodedLists, next: Int32Array): Generator<WrittenGroup> {
  const writeGroup = groupWriterOf(lists);
  for (;;) {
    const group = Atomics.add(next, 0, 1);
    if (group >= groupCountOf(lists)) return;
    yield writeGroup(group);
  }
}
