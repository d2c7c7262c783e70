// Who may import whom, by .dependency-cruiser.cjs; each breach with file and line.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup/paths.mjs'

const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
const { stdout, stderr, error } = spawnSync(
  process.execPath,
  [cruiser, 'contracts', 'main', 'renderer', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
  { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
)
if (error || stdout === '') {
  console.error(stderr || error)
  process.exit(1)
}
const { modules, summary } = JSON.parse(stdout)

/** The line of `from` that imports `to`. */
function lineOf(from, to) {
  const specifier = modules.find(({ source }) => source === from)?.dependencies.find(({ resolved }) => resolved === to)?.module
  if (!specifier) return 1
  const lines = readFileSync(join(root, from), 'utf8').split('\n')
  const names = [specifier, `node:${specifier}`]
  return lines.findIndex((line) => names.some((name) => line.includes(`'${name}'`) || line.includes(`"${name}"`))) + 1 || 1
}

const errors = summary.violations.filter(({ rule }) => rule.severity === 'error')
for (const { from, to, rule } of errors)
  console.error(`${from}:${lineOf(from, to)}  ${rule.name}: ${rule.name === 'resolvable' ? 'cannot find' : 'may not import'} ${to}`)
if (modules.length === 0) console.error('no module was read')
process.exit(errors.length > 0 || modules.length === 0 ? 1 : 0)
