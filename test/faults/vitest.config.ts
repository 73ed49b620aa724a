import { defineConfig } from 'vitest/config';

/** What breaks while Alike works: hundreds of faults in the long form, a few minutes' worth when CI is set. Needs Python 3.10 or newer. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.test.ts'],
    globalSetup: ['test/faults/global-setup.ts'],
    // One after the other: processes are killed at moments that are drawn, and load is put on one server.
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 300_000,
  },
});
