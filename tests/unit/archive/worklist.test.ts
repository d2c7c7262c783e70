import { beforeAll, afterAll, describe, expect, test } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requests } from '../../../contracts/protocol'
import { worklistColumns } from '../../../contracts/worklist'
import { openArchive, type Archive } from '../../../main/archive/archive'
import type { WorklistQuery } from '../../../main/archive/worklist'
import { everything, store } from './fixtures'

let folder: string
let archive: Archive

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-worklist-'))
  archive = openArchive(join(folder, 'archive'))
  store(archive, {
    study: '1',
    patient: { patientName: 'Müller^Jürgen', patientId: 'A100' },
    studyFacts: { date: '20260103', description: 'Schädel', accessionNumber: 'ACC-1' },
  })
  store(
    archive,
    {
      study: '2',
      patient: { patientName: 'adams^zoe', patientId: 'B200' },
      studyFacts: { date: '20260102', description: 'Chest PA' },
      modality: 'DX',
    },
    { study: '2', series: '2', patient: { patientName: 'adams^zoe', patientId: 'B200' }, modality: 'SR', frames: 0 },
  )
  store(archive, {
    study: '3',
    patient: { patientName: 'Yamada^Tarou=山田^太郎', patientId: 'c_300' },
    studyFacts: { date: '2026.01.01', description: '50% off' },
  })
  store(archive, { study: '4', patient: { patientName: '', patientId: '' }, studyFacts: { date: '', description: '' }, modality: 'CT' })
})
afterAll(() => {
  archive.close()
  rmSync(folder, { recursive: true, force: true })
})

const keys = (query: Partial<WorklistQuery>) =>
  archive.listStudies({ ...everything, sort: 'studyDate', ...query }).rows.map((row) => row.studyKey)

describe('search', () => {
  test.each([
    ['muller', [1]],
    ['MÜLL', [1]],
    ['jürgen müller', [1]],
    ['Müller, Jürgen', [1]],
    ['zoe adams', [2]],
    ['山田', [3]],
    ['太', [3]],
    ['yamada, tarou (山田, 太郎)', [3]],
    ['b200', [2]],
    ['200', [2]],
    ['acc-1', [1]],
    ['2026-01-02', [2]],
    ['20260101', [3]],
    ['2026-01', [3, 2, 1]],
    ['chest', [2]],
    ['schadel', [1]],
    ['adams schadel', []],
    ['', [4, 3, 2, 1]],
    ['50%', [3]],
    ['%', [3]],
    ['c_3', [3]],
    ['_', [3]],
    ['" OR 1=1 --', []],
  ])('%j finds %j', (search, found) => expect(keys({ search })).toEqual(found))
})

describe('filters', () => {
  test('by modality', () => {
    expect(keys({ modality: 'DX' })).toEqual([2])
    expect(keys({ modality: 'SR' })).toEqual([2])
    expect(keys({ modality: 'MR' })).toEqual([3, 1])
    expect(keys({ modality: 'R' })).toEqual([])
    expect(keys({ modality: '%' })).toEqual([])
  })
  test('by date, both ends inclusive; a study without a date is in no range', () => {
    expect(keys({ dateFrom: '20260102', dateTo: '20260102' })).toEqual([2])
    expect(keys({ dateFrom: '20260102' })).toEqual([2, 1])
    expect(keys({ dateTo: '20260102' })).toEqual([3, 2])
  })
  test('together with a search', () => expect(keys({ search: '2026', modality: 'MR', dateFrom: '20260102' })).toEqual([1]))
})

describe('order and pages', () => {
  test.each([
    ['patientName', [4, 2, 1, 3]],
    ['patientId', [4, 1, 2, 3]],
    ['studyDate', [4, 3, 2, 1]],
    ['description', [4, 3, 2, 1]],
    ['modalities', [4, 2, 1, 3]],
    ['instances', [1, 3, 4, 2]],
    ['aiState', [1, 2, 3, 4]],
  ] as const)('by %s', (sort, order) => {
    expect(keys({ sort })).toEqual(order)
    expect(keys({ sort, descending: true })).toEqual([...order].reverse())
  })

  test.each(worklistColumns)('pages by %s together are the whole list, each study once', (sort) => {
    const paged = [0, 1, 2, 3].flatMap((offset) => keys({ sort, offset, limit: 1 }))
    expect(paged).toEqual(keys({ sort }))
  })

  test('the total counts every match, not the page', () => {
    expect(archive.listStudies({ ...everything, limit: 1 })).toMatchObject({ total: 4, modalities: ['CT', 'DX', 'MR', 'SR'] })
    expect(archive.listStudies({ ...everything, search: '2026', limit: 1, offset: 5 })).toMatchObject({ total: 3, rows: [] })
  })
})

test('the answer has the form of the contract', () => {
  const page = archive.listStudies(everything)
  expect(requests['studies.list'].output.parse(page)).toEqual(page)
})
