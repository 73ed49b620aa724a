import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { TableTools } from '../../../engine/clicks/read-table.ts';
import { startKernelThreads } from '../kernel-threads.ts';

/** Beyond, one thread fills their inputs more slowly than they read. */
const MOST_THREADS = 4;

export const TABLE_TOOLS: TableTools = {
  threads: Math.min(MOST_THREADS, availableParallelism()),
  startThreads: startKernelThreads,
  async createFile(path) {
    const file = await open(path, 'w');
    return {
      // What is written lies in memory that threads share, and may change before the disk has it.
      write: (bytes) => file.writeFile(bytes.slice()),
      close: () => file.close(),
    };
  },
};
