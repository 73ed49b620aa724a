import { defineConfig } from 'vitest/config';

/** A good model is live; then every input that the gate has to tell apart. About ten minutes, two with CI=true. */
export default defineConfig({
  test: {
    include: ['test/gate/matrix.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
