import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    dir: 'tests/e2e',
    include: ['**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    // What is tested lies in processes of its own; one drawing of the phantoms serves all files.
    isolate: false,
    bail: 1,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
