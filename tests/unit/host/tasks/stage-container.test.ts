/** The worker's side of a container's import: how much it stages before what it staged is taken. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { MessageChannel } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stageContainerTask, type StagedEntry } from '../../../../main/host/tasks/stage-container'
import { buildObject, pictureElements } from '../../../samples/build-object'
import { buildZip } from '../../../samples/build-zip'

let folder = ''
const entries = 40
const batchSize = 8

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-container-'))
  const object = (index: number) =>
    buildObject(
      pictureElements(
        { rows: 1, columns: 2, bitsAllocated: 8 },
        [0x7fe00010, 'OB', Uint8Array.of(1, 2)],
        [[0x00080018, 'UI', `1.2.${index}`]],
      ),
    )
  writeFileSync(
    join(folder, 'many.zip'),
    buildZip(Array.from({ length: entries }, (_, index) => ({ name: `${index}`, bytes: object(index) }))),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the task and answers each batch with what `answer` says, which may wait. */
async function stage(name: string, answer: (batch: readonly StagedEntry[]) => Promise<boolean>) {
  const archiveFolder = join(folder, name)
  mkdirSync(join(archiveFolder, 'tmp'), { recursive: true })
  const { port1, port2 } = new MessageChannel()
  const batches: number[] = []
  port1.on('message', (batch: readonly StagedEntry[]) => {
    batches.push(batch.length)
    void answer(batch).then((more) => port1.postMessage(more))
  })
  try {
    const { value } = await stageContainerTask({ path: join(folder, 'many.zip'), archiveFolder, port: port2, batchSize })
    return { value, batches, staged: readdirSync(join(archiveFolder, 'tmp')).length }
  } finally {
    port1.close()
  }
}

test('every entry is given once, in order', async () => {
  const names: string[] = []
  const { value, batches, staged } = await stage('all', async (batch) => {
    for (const { name } of batch) names.push(name)
    return true
  })
  expect(names).toEqual(Array.from({ length: entries }, (_, index) => `${index}`))
  expect(batches).toEqual([8, 8, 8, 8, 8])
  expect(value).toEqual({ skipped: 0, refused: [] })
  expect(staged).toBe(entries)
})

test('while a batch is not taken, no more than the next one is staged', async () => {
  const staged = () => readdirSync(join(folder, 'slow', 'tmp')).length
  const ahead: number[] = []
  let taken = 0
  await stage('slow', async (batch) => {
    // Until nothing more comes, and then long enough for much more to come.
    for (let turn = 0, last = -1; turn < 200 || staged() !== last; turn++) {
      last = staged()
      await setImmediate()
    }
    ahead.push(staged() - taken)
    taken += batch.length
    return true
  })
  expect(taken).toBe(entries)
  expect(Math.max(...ahead)).toBeLessThanOrEqual(2 * batchSize)
})

test('what wants no more ends the work', async () => {
  const { batches, staged } = await stage('stopped', async () => false)
  expect(batches.length).toBeLessThanOrEqual(2)
  expect(staged).toBeLessThanOrEqual(3 * batchSize)
})
