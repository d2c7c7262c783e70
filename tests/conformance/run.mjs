// node tests/conformance/run.mjs [--only TEXT] [--verbose] [DIR]: bundles run.ts and runs it.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'

const here = fileURLToPath(new URL('.', import.meta.url))
const out = join(here, '../../out/conformance')
mkdirSync(out, { recursive: true })
const build = await rolldown({
  input: join(here, 'run.ts'),
  platform: 'node',
  external: [/^@cornerstonejs\/codec-/, /^dcmjs/],
  logLevel: 'warn',
})
await build.write({ dir: out, format: 'esm' })
await build.close()
const { run } = await import(pathToFileURL(join(out, 'run.js')).href)
process.exitCode = await run(process.argv.slice(2))
