import { defineConfig } from 'vitest/config'

// What starts a process or a worker starts out/, which npm test has built.
export default defineConfig({
  test: {
    dir: 'tests',
    include: ['integration/**/*.test.ts', 'fuzz/**/*.test.ts', 'conformance/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
