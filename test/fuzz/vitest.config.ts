import { defineConfig } from 'vitest/config';

/** Generated inputs: thousands in the long form, a minute's worth when CI is set. The API part needs Python 3.10 or newer. */
export default defineConfig({
  test: {
    include: ['test/fuzz/**/*.test.ts'],
    // One after the other: memory and time are measured.
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
  },
});
