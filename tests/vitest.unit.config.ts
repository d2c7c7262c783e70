import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte()],
  test: { dir: 'tests/unit', include: ['**/*.test.ts'], pool: 'forks', maxWorkers: 2, testTimeout: 30_000 },
})
