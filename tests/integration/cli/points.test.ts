import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PictureModel } from '../../../contracts/model-package'
import { openArchive } from '../../../main/archive/archive'
import { thresholdWords } from '../../../contracts/operating-points'
import { repository } from '../../shared-data'
import { overread, overreadJson } from './overread'

const id = 'chest-pneumonia'
const described = JSON.parse(readFileSync(join(repository, 'models', id, 'model.json'), 'utf8')) as PictureModel
const [first, second] = described.operatingPoints
let folder = ''
let archive: string[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-cli-points-'))
  archive = ['--archive', join(folder, 'archive')]
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Listed {
  model: { id: string; version: string; sha256: string }
  inForce: { label: string; threshold: number; source: string; name: string | null }[]
  history: { threshold: number | null; name: string | null; comment: string; reader: string }[]
}
const points = (...args: string[]) => overreadJson<Listed>('points', id, ...args, ...archive)

test("an archive that is not there has the package's points", async () => {
  const { code, document } = await points()
  expect(code).toBe(0)
  expect(document.model).toMatchObject({ id, version: described.version, sha256: described.sha256 })
  expect(document.inForce).toEqual([{ label: first.label, threshold: first.threshold, source: 'package', name: first.name }])
  expect(document.history).toEqual([])
})

test('a threshold, a name and back again, each kept with its reason', async () => {
  const typed = await points('--threshold', '0.3', '--comment', 'night shift')
  expect(typed.document.inForce).toEqual([{ label: first.label, threshold: 0.3, source: 'site', name: null }])
  const named = await points('--name', second.name, '--label', second.label)
  expect(named.document.inForce).toEqual([{ label: second.label, threshold: second.threshold, source: 'site', name: second.name }])
  const back = await points('--package')
  expect(back.document.inForce[0]).toMatchObject({ threshold: first.threshold, source: 'package' })
  const { document } = await points()
  expect(document.history.map(({ threshold, name, comment }) => [threshold, name, comment])).toEqual([
    [0.3, null, 'night shift'],
    [second.threshold, second.name, ''],
    [null, first.name, ''],
  ])
  expect(document.history.every(({ reader }) => reader !== '')).toBe(true)
})

test('says in words what holds and what was changed', async () => {
  await points('--threshold', '0.3')
  const { code, stdout } = await overread('points', id, ...archive)
  expect(code).toBe(0)
  expect(stdout).toContain(`${first.label}: 0.30, site setting, not measured at this threshold`)
  expect(stdout).toMatch(new RegExp(`of ${described.version}: ${thresholdWords(first.threshold)} to 0\\.30, by .+: night shift`))
})

test('EXPECTED FAILURE: beside an owner nothing is set, and what is set is still told', async () => {
  const owner = openArchive(archive[1])
  try {
    const { code, document } = await overreadJson<{ error: { code: string } }>('points', id, '--threshold', '0.6', ...archive)
    expect([code, document.error.code]).toEqual([1, 'archive.in-use'])
    expect((await points()).document.inForce[0].threshold).toBe(0.3)
  } finally {
    owner.close()
  }
})

test.each([
  { args: ['none'], code: 'model.missing' },
  { args: [id, '--name', 'none'], code: 'model.operating-point' },
  { args: [id, '--package', '--label', 'ghost'], code: 'model.operating-point' },
])('EXPECTED FAILURE: $args', async ({ args, code }) => {
  const answer = await overreadJson<{ error: { code: string } }>('points', ...args, ...archive)
  expect([answer.code, answer.document.error.code]).toEqual([1, code])
})

test.each([
  { args: ['--threshold', '1.2'], says: 'from 0 to 1' },
  { args: ['--threshold', '0,3'], says: 'from 0 to 1' },
  { args: ['--threshold', '0.3', '--package'], says: 'one of' },
  { args: ['--comment', 'why'], says: 'go with' },
])('usage: $args exits with 2', async ({ args, says }) => {
  const { code, stderr } = await overread('points', id, ...args, ...archive)
  expect(code).toBe(2)
  expect(stderr).toContain(says)
})
