// npm test: set-up, then every check and test; the last line sums them all.
// Arguments name suites (types, lint, format, imports, unit, integration, e2e); none: all of them.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setUp } from './setup.mjs'
import { ensureSystemLibraries } from './setup/system-libraries.mjs'
import { electronRuntime } from './setup/electron-runtime.mjs'
import { say } from './setup/console.mjs'
import { root } from './setup/paths.mjs'
import { startDisplay } from './setup/display.mjs'

const reports = mkdtempSync(join(tmpdir(), 'overread-test-'))

/** Runs apart. What it says is said at its end, so that two beside each other do not mix. */
async function node(script, args) {
  const child = spawn(process.execPath, [join(root, script), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = []
  child.stdout.on('data', (chunk) => said.push(chunk))
  child.stderr.on('data', (chunk) => said.push(chunk))
  const code = await new Promise((done) => child.on('close', done))
  process.stderr.write(Buffer.concat(said))
  return code === 0
}

/** A check without cases of its own counts as one test. */
const single = (passed) => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 })

/** Runs apart, so that a display started here can be served meanwhile. */
async function vitest(config, env = {}) {
  const outputFile = join(reports, `${config}.json`)
  const args = [
    'run',
    '--config',
    `tests/vitest.${config}.config.ts`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${outputFile}`,
  ]
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    stdio: ['ignore', 1, 2],
    env: { ...process.env, ...env },
  })
  const code = await new Promise((done) => child.on('exit', done))
  try {
    const {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: skipped,
      numTodoTests: todo,
      testResults,
    } = JSON.parse(readFileSync(outputFile, 'utf8'))
    // A file that could not be loaded has no test that failed.
    const broken = testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
    ).length
    const counts = { passed, failed: failed + broken, skipped: skipped + todo }
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

async function endToEnd() {
  ensureSystemLibraries({ programs: ['Xvfb', 'xauth'] })
  const runtime = await electronRuntime()
  const display = process.platform === 'linux' ? await startDisplay() : null
  try {
    return await vitest('e2e', { ELECTRON_OVERRIDE_DIST_PATH: runtime, ...(display ? { DISPLAY: display.name } : {}) })
  } finally {
    display?.stop()
  }
}

/** With the runtime, whose SwiftShader stands for a GPU. */
async function integration() {
  return vitest('integration', { ELECTRON_OVERRIDE_DIST_PATH: await electronRuntime() })
}

const checks = {
  types: async () => single(await node('scripts/check.mjs', [])),
  lint: async () => single(await node('node_modules/eslint/bin/eslint.js', ['.', '--max-warnings=0'])),
  format: async () => single(await node('node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.'])),
  imports: async () => single(await node('scripts/import-rules.mjs', [])),
}

const suites = {
  ...checks,
  unit: () => vitest('unit'),
  integration,
  e2e: endToEnd,
}

await setUp()
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in suites))
if (unknown.length > 0) {
  say(`there is no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}`)
  process.exit(2)
}
const total = { passed: 0, failed: 0, skipped: 0 }

async function runInTurn(names) {
  for (const name of names) {
    say(`suite ${name}`)
    const counts = await suites[name]()
    if (counts.failed > 0) say(`suite ${name}: ${counts.failed} failed`)
    for (const key of Object.keys(total)) total[key] += counts[key]
  }
}

const names = wanted.length > 0 ? wanted : Object.keys(suites)
const isTypes = (name) => name === 'types'
const isCheck = (name) => name in checks
// The types take as long as the other checks together, and one processor each.
await Promise.all([runInTurn(names.filter(isTypes)), runInTurn(names.filter((name) => isCheck(name) && !isTypes(name)))])
await runInTurn(names.filter((name) => !isCheck(name)))
rmSync(reports, { recursive: true, force: true })
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed > 0 ? 1 : 0)
