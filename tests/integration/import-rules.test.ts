/** The import rules bite: a file in the wrong place is named with its line. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync, copyFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { repository } from '../shared-data'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'overread-rules-'))
  for (const folder of ['contracts', 'main/base', 'main/archive', 'main/geometry', 'main/host', 'renderer', 'scripts/setup']) {
    mkdirSync(join(root, folder), { recursive: true })
  }
  for (const file of [
    '.dependency-cruiser.cjs',
    'tsconfig.base.json',
    'package.json',
    'scripts/import-rules.mjs',
    'scripts/setup/paths.mjs',
  ]) {
    copyFileSync(join(repository, file), join(root, file))
  }
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'))
  put('contracts/a.ts', 'export const a = 1\n')
  put('main/base/b.ts', `import { a } from '../../contracts/a'\nexport const b = a\n`)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const put = (file: string, text: string) => writeFileSync(join(root, file), text)
const check = () => spawnSync(process.execPath, [join(root, 'scripts/import-rules.mjs')], { cwd: root, encoding: 'utf8' })

test('a tree that keeps the rules passes', () => {
  const { status, stderr } = check()
  expect(stderr).toBe('')
  expect(status).toBe(0)
})

test.each([
  { file: 'main/base/wrong.ts', imported: '../host/h', rule: 'room:main/base' },
  { file: 'renderer/wrong.ts', imported: '../main/archive/x', rule: 'room:renderer' },
  { file: 'contracts/wrong.ts', imported: 'node:fs', rule: 'contracts:zod-alone' },
  { file: 'main/geometry/wrong.ts', imported: 'node:fs', rule: 'pure:no-node' },
  { file: 'main/host/wrong.ts', imported: 'libsql', rule: 'database:archive-alone' },
  { file: 'main/host/wrong.ts', imported: 'electron', rule: 'electron-alone' },
  { file: 'main/host/wrong.ts', imported: 'onnxruntime-node', rule: 'runtime:compute-alone' },
])('$file may not import $imported', ({ file, imported, rule }) => {
  put('main/host/h.ts', 'export const h = 1\n')
  put('main/archive/x.ts', 'export const x = 1\n')
  put(file, `// first line\n\nimport '${imported}'\n`)
  const { status, stderr } = check()
  expect(status).toBe(1)
  expect(stderr).toContain(`${file}:3`)
  expect(stderr).toContain(rule)
})

test('a circle is named', () => {
  put('main/base/one.ts', `import { two } from './two'\nexport const one = () => two\n`)
  put('main/base/two.ts', `import { one } from './one'\nexport const two = () => one\n`)
  expect(check().stderr).toContain('no-circles')
})
