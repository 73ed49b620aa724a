import { defineConfig } from 'vitest/config';

/** Against a real AWS implementation on this machine, MiniStack; needs Python 3.10 or newer and, once, a package index. */
export default defineConfig({
  test: {
    include: ['test/cloud/**/*.test.ts'],
    globalSetup: ['test/cloud/global-setup.ts'],
    reporters: ['default', './test/support/skipped-tests-reporter.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
