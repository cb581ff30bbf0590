import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The native addon works once in a process and never in a worker thread.
    pool: 'forks',
    maxWorkers: 2,
    // Against hanging only: a busy machine makes everything several times slower.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['default', './test/support/count-reporter.ts'],
  },
});
