/** The built command on packages that are whole, and on one whose weights were changed. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SelfCheckRow } from '../../../contracts/self-check'
import { openArchive } from '../../../main/archive/archive'
import { repository } from '../../shared-data'

let folder = ''
const id = 'chest-lungs'

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-self-check-'))
  cpSync(join(repository, 'out/node'), join(folder, 'out/node'), { recursive: true })
  cpSync(join(repository, 'models', id), join(folder, 'models', id), { recursive: true })
  cpSync(join(repository, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
  openArchive(join(folder, 'archive')).close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function check() {
  const args = [join(folder, 'out/node/cli.js'), 'self-check', '--archive', join(folder, 'archive'), '--json']
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, ...(JSON.parse(stdout) as { passed: boolean; rows: SelfCheckRow[] }) }
}

test('whole: every kind has rows, none fails, and the CPU repeats the golden case', () => {
  const { status, passed, rows } = check()
  expect(rows.filter(({ state }) => state === 'failed')).toEqual([])
  expect([status, passed]).toEqual([0, true])
  expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(['decoder', 'lut', 'archive', 'model']))
  expect(rows).toContainEqual(expect.objectContaining({ kind: 'model', name: id, provider: 'cpu', state: 'passed' }))
})

test('one byte of the weights changed: its row fails, and the exit code is 1', () => {
  const { file } = JSON.parse(readFileSync(join(folder, 'models', id, 'model.json'), 'utf8')) as { file: string }
  const weights = readFileSync(join(folder, 'models', id, file))
  weights[weights.length >> 1] ^= 1
  writeFileSync(join(folder, 'models', id, file), weights)
  const { status, passed, rows } = check()
  expect([status, passed]).toEqual([1, false])
  expect(rows.filter(({ state }) => state === 'failed')).toMatchObject([{ kind: 'model', name: id, code: 'model.hash' }])
})
