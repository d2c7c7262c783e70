/** Files go to workers in batches: a batch that fails costs no more than the file that made it fail, and a fault of the archive ends the import. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { OverreadError } from '../../../../contracts/errors'
import { openArchive, type Archive } from '../../../../main/archive/archive'
import { ImportJob } from '../../../../main/host/archive/import-job'
import { tasks } from '../../../../main/host/tasks'
import { buildObject, pictureElements } from '../../../samples/build-object'

let folder = ''
let source = ''
let archive: Archive
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-import-'))
  source = join(folder, 'source')
  mkdirSync(source)
  archive = openArchive(join(folder, 'archive'))
})
afterEach(() => {
  archive.close()
  rmSync(folder, { recursive: true, force: true })
})

const name = (index: number) => `IM${String(index).padStart(4, '0')}`

function writeObjects(count: number): void {
  for (let index = 0; index < count; index++) {
    const elements = pictureElements(
      { rows: 1, columns: 2, bitsAllocated: 8 },
      [0x7fe00010, 'OB', Uint8Array.of(index & 255, index >> 8)],
      [[0x00080018, 'UI', `2.25.77${index}`]],
    )
    writeFileSync(join(source, name(index)), buildObject(elements))
  }
}

type Input = { readonly paths?: readonly string[] }

/** The job on this archive, its tasks run here; `before` may refuse one. */
async function importAll(before: (input: Input) => void = () => {}, storeInstances: Archive['storeInstances'] = archive.storeInstances) {
  const batches: number[] = []
  const pool = {
    size: 2,
    run: async (task: keyof typeof tasks, input: Input) => {
      if (input.paths) batches.push(input.paths.length)
      before(input)
      return (await (tasks[task] as (input: unknown) => Promise<{ value: unknown }>)(input)).value
    },
  }
  const job = new ImportJob({
    archive: { storeInstances: async (batch: Parameters<Archive['storeInstances']>[0]) => storeInstances(batch) } as never,
    pool: pool as never,
    archiveFolder: archive.folder,
    onProgress: () => {},
  })
  return { progress: await job.run([source]), batches }
}

const listed = () => archive.list().reduce((sum, study) => sum + study.series.reduce((all, { instances }) => all + instances, 0), 0)

test('every file of many is stored once, in batches', async () => {
  writeObjects(700)
  const { progress, batches } = await importAll()
  expect(progress).toMatchObject({ state: 'done', found: 700, stored: 700, known: 0, skipped: 0, failedCount: 0 })
  expect(Math.max(...batches)).toBeLessThanOrEqual(16)
  expect(listed()).toBe(700)
  expect((await importAll()).progress).toMatchObject({ state: 'done', stored: 0, known: 700 })
})

test('what is no DICOM is skipped, what is damaged is listed by name, in the middle of a batch', async () => {
  writeObjects(40)
  writeFileSync(join(source, name(7)), 'a text that is no object')
  writeFileSync(join(source, name(20)), buildObject([[0x00080018, 'UI', '2.25.1']]))
  const { progress } = await importAll()
  expect(progress).toMatchObject({ state: 'done', found: 40, stored: 38, skipped: 1, failedCount: 1 })
  expect(progress.failed).toMatchObject([{ file: join(source, name(20)), code: 'file.identity' }])
})

test('EXPECTED FAILURE: a file that ends its thread is the only one of its batch that fails', async () => {
  writeObjects(50)
  const bad = join(source, name(30))
  const { progress } = await importAll(({ paths }) => {
    if (paths?.includes(bad)) throw new OverreadError('worker.died')
  })
  expect(progress).toMatchObject({ state: 'done', found: 50, stored: 49, failedCount: 1 })
  expect(progress.failed).toMatchObject([{ file: bad, code: 'worker.died' }])
})

test('EXPECTED FAILURE: a full disk while staging ends the import and is said', async () => {
  writeObjects(50)
  const { progress } = await importAll(({ paths }) => {
    if (paths?.includes(join(source, name(30)))) throw new OverreadError('archive.disk-full')
  })
  expect(progress).toMatchObject({ state: 'failed', error: { code: 'archive.disk-full' } })
  expect(progress.stored).toBe(listed())
})

test('EXPECTED FAILURE: a full disk while storing ends the import and is said', async () => {
  writeObjects(50)
  const { progress } = await importAll(undefined, () => {
    throw new OverreadError('archive.disk-full')
  })
  expect(progress).toMatchObject({ state: 'failed', stored: 0, error: { code: 'archive.disk-full' } })
})
