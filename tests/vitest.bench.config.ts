import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    dir: 'tests/bench',
    include: ['**/*.ts'],
    exclude: ['**/support/**'],
    maxWorkers: 1,
    testTimeout: 1_200_000,
    hookTimeout: 300_000,
    // Some load the runtime by themselves.
    env: { ORT_DISABLE_TELEMETRY: '1' },
  },
})
