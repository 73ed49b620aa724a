import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { TableTools } from '../../../engine/clicks/read-table.ts';
import { startAllAside, startKernelThreads } from '../kernel-threads.ts';

/** Beyond, one thread fills their inputs more slowly than they read. */
const MOST_THREADS = 4;

export const TABLE_TOOLS: TableTools = {
  threads: Math.min(MOST_THREADS, availableParallelism()),
  startThreads: startKernelThreads,
  startThreadsAside: startAllAside,
  async createFile(path) {
    const file = await open(path, 'w');
    // The disk has one piece while the next is made.
    let writing: Promise<void> = Promise.resolve();
    return {
      write: (bytes) => {
        const before = writing;
        writing = before.then(() => file.writeFile(bytes));
        // What fails is told by the next write, or at the end.
        writing.catch(() => {});
        return before;
      },
      close: () => writing.finally(() => file.close()),
    };
  },
};
