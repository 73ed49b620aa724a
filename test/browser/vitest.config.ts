import { defineConfig } from 'vitest/config';

/** The console in the system's Chromium over a trained sample shop. Two minutes, most of them training. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/browser/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    // A busy machine is slow, and slowness is no fault here.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 60_000,
  },
});
