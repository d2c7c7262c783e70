/** What the command line says of results and of what readers entered, beside an app that has the archive open. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ModelCounts } from '../../../contracts/reader-entries'
import { openArchive, type Archive } from '../../../main/archive/archive'
import type { ListedStudy } from '../../../main/archive/listing'
import { finding, imageResult, result, store } from '../../unit/archive/fixtures'
import { overread, overreadJson } from './overread'

const root = mkdtempSync(join(tmpdir(), 'overread-entries-'))
const folder = join(root, 'archive')
const model = { ...result().model, title: 'Title\u001b[31m\u202e of a model' }
const images = [imageResult('1'), imageResult('2')]
let owner: Archive

beforeAll(() => {
  owner = openArchive(folder, { reader: 'Reader One' })
  const key = store(owner, { instance: '1' }, { instance: '2' })
  const found = finding()
  const old = result({ images, model, findings: [found] })
  const cut = { images: [images[0]], imagesTotal: 2, incomplete: { code: 'compute.died', message: '' } as const }
  owner.appendResult(key, old)
  owner.appendResult(key, result({ ...cut, model: { ...model, id: 'second' } }))
  owner.appendResult(key, result({ images, overridden: true, model: { ...model, id: 'third' } }))
  owner.appendResult(key, result({ images, model: { ...model, id: 'fourth' } }))
  owner.setActiveModels([{ modelId: model.id, version: '1.1.0', sha256: 'c'.repeat(64) }])
  owner.addDecision(key, { decisionId: 'd', findingId: found.findingId, verdict: 'accepted', comment: '' })
  const { sopInstanceUid, frameIndex } = images[0]
  owner.addReaderEntry(key, { kind: 'missed', entryId: 'm', resultId: old.resultId, sopInstanceUid, frameIndex, outline: [[1, 2]] })
})
afterAll(() => {
  owner?.close()
  rmSync(root, { recursive: true, force: true })
})

test('entries are counted by version of the network', async () => {
  const { code, document } = await overreadJson<{ models: ModelCounts[] }>('archive', 'entries', '--archive', folder)
  expect(code).toBe(0)
  expect(document.models.find(({ model: { id } }) => id === model.id)).toEqual({
    model,
    results: 1,
    findings: 1,
    accepted: 1,
    rejected: 0,
    missed: 1,
    nothingFound: 0,
  })
})

test('list says of each result what keeps it from being the current one', async () => {
  const { document } = await overreadJson<ListedStudy[]>('list', '--archive', folder)
  const [study] = document
  expect(study.missed).toBe(1)
  expect(study.ai).toEqual({ state: 'partial', done: 1, total: 2 })
  expect(
    study.results.map(({ model: { id }, complete, activeVersion, overridden, current }) => [
      id,
      complete,
      activeVersion,
      overridden,
      current,
    ]),
  ).toEqual([
    [model.id, true, '1.1.0', false, false],
    ['second', false, null, false, false],
    ['third', true, null, true, false],
    ['fourth', true, null, false, true],
  ])
})

test('for a person in words, in which nothing reaches the terminal that it would obey', async () => {
  const [counted, listed] = await Promise.all([overread('archive', 'entries', '--archive', folder), overread('list', '--archive', folder)])
  expect(counted.stdout).toContain('1 findings (1 accepted, 0 rejected), 1 missed, 0 agreed that nothing is found')
  for (const words of ['analysed 2 of 2, 1.1.0 is active', 'analysed 1 of 2', 'run although the network refused', '1 missed by a network'])
    expect(listed.stdout).toContain(words)
  for (const { stdout } of [counted, listed]) expect(stdout).not.toMatch(/[\u001b\u202e]/)
})

test('EXPECTED FAILURE: neither check nor entries', async () => {
  expect((await overread('archive', 'repair', '--archive', folder)).code).toBe(2)
})
