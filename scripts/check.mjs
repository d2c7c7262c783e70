// Type check of every runtime's files, and of the window's components.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = (name, ...args) =>
  spawnSync(process.execPath, [`${root}/node_modules/${name}`, ...args], { cwd: root, stdio: 'inherit' }).status === 0

let good = true
for (const runtime of ['pure', 'node', 'electron', 'preload', 'tests']) {
  good = run('typescript/bin/tsc', '-p', `tsconfig.${runtime}.json`, '--incremental') && good
}
good = run('svelte-check/bin/svelte-check', '--tsconfig', './tsconfig.renderer.json', '--fail-on-warnings', '--output', 'human') && good
process.exit(good ? 0 : 1)
