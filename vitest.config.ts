import { defineConfig } from 'vitest/config';

/** Passes on a fresh machine with Node alone: what needs Python or a browser has its own configuration and command. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/cloud/**', 'test/browser/**', 'test/fuzz/**', 'test/faults/**', 'test/gate/matrix.test.ts'],
    reporters: ['default', './test/support/skipped-tests-reporter.ts'],
    testTimeout: 60_000,
    // Synthesizing with CDK or compiling AssemblyScript takes seconds, and more than the default ten on a busy machine.
    hookTimeout: 60_000,
  },
});
