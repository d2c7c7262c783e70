import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { dir: 'tests/fuzz', include: ['**/*.test.ts'], pool: 'forks', maxWorkers: 1, testTimeout: 600_000 } })
