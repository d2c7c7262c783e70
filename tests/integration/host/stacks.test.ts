/** A series of two echoes through the built engine: two stacks, each with its own models, jobs, results and thumbnails. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Job } from '../../../contracts/analysis'
import { Engine } from '../../../main/host/engine'
import { handlersOf, type Handlers } from '../../../main/host/handlers'
import { hostPaths } from '../../../main/host/paths'
import { computeStarter } from '../../../main/host/compute/start-compute'
import { repository } from '../../shared-data'
import { writeSlice } from '../inference/dicom-series'
import { writeIdentityPackage } from '../inference/tiny-packages'

const side = 32
const echoes = [20, 80]
const series = '1.2.826.0.3'
const folder = mkdtempSync(join(tmpdir(), 'overread-stacks-'))
let engine: Engine
let handlers: Handlers
let studyKey: number

/** Three slices an echo, of the same three places, in turn; a bright spot in those of the second echo alone. */
function writeSeries(): string {
  const files = join(folder, 'files')
  mkdirSync(files)
  for (let index = 0; index < 6; index++) {
    const echo = index % 2
    const pixels = Int16Array.from({ length: side * side }, (_, at) =>
      echo === 1 && Math.floor(at / side) < 8 && at % side < 8 ? 1000 : 10 + (at % 3),
    )
    const header = { EchoTime: echoes[echo] }
    writeSlice(files, index, { rows: side, columns: side, pixels, header }, Math.floor(index / 2) * 7)
  }
  return files
}

beforeAll(async () => {
  writeIdentityPackage(join(folder, 'models/tiny'), side)
  const paths = { ...hostPaths(pathToFileURL(join(repository, 'out/node/cli.js')).href), models: [join(folder, 'models')] }
  engine = await Engine.open({ archiveFolder: join(folder, 'archive'), paths, startCompute: computeStarter(paths.compute) })
  handlers = handlersOf(engine)
  const { stored, studyKeys } = await engine.importPaths([writeSeries()])
  expect(stored).toBe(6)
  studyKey = studyKeys[0]
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

function ended(wanted: number): Promise<Job[]> {
  const jobs: Job[] = []
  return new Promise((resolve) => {
    const forget = engine.subscribe((event) => {
      if (event.event !== 'job.changed' || event.job.state === 'queued' || event.job.state === 'running') return
      jobs.push(event.job)
      if (jobs.length < wanted) return
      forget()
      resolve(jobs)
    })
  })
}

test('the study lists each echo as a stack of its own, which is a volume', async () => {
  const detail = await handlers['study.open']({ studyKey })
  expect(
    detail.series.map(({ stack, slices, instances, isVolume, remarks }) => ({
      stack,
      slices: slices.length,
      instances,
      isVolume,
      remarks,
    })),
  ).toEqual([
    { stack: 'TE 20 ms', slices: 3, instances: 3, isVolume: true, remarks: [] },
    { stack: 'TE 80 ms', slices: 3, instances: 3, isVolume: true, remarks: [] },
  ])
  expect(detail.row).toMatchObject({ series: 1, instances: 6 })
})

test('each stack has a thumbnail of its own', async () => {
  const [first, second] = await Promise.all(
    ['TE 20 ms', 'TE 80 ms'].map((stack) => handlers['thumbnail.get']({ studyKey, seriesInstanceUid: series, stack })),
  )
  expect(Buffer.from(first.bytes).equals(Buffer.from(second.bytes))).toBe(false)
})

test('a stack is analysed by itself, and its result does not stand for the other', async () => {
  const { suggestions } = await handlers['models.suggest']({ studyKey, seriesInstanceUid: series, stack: 'TE 80 ms' })
  expect(suggestions.map(({ modelId }) => modelId)).toEqual(['tiny'])
  const done = ended(1)
  await handlers['analysis.start']({
    requestId: 'second echo',
    studyKey,
    series: { seriesInstanceUid: series, stack: 'TE 80 ms' },
    frames: null,
    modelId: 'tiny',
    override: false,
    provider: 'cpu',
  })
  expect(await done).toMatchObject([{ state: 'done', stack: 'TE 80 ms', imagesTotal: 3 }])
  const { results } = await handlers['results.list']({ studyKey })
  expect(results).toHaveLength(1)
  expect(results[0]).toMatchObject({ seriesInstanceUid: series, stack: 'TE 80 ms', imagesTotal: 3 })
  // One region through three slices of 7 mm, 8 × 8 pixels of 2 × 0.5 mm.
  expect(results[0].findings).toMatchObject([{ firstSlice: 1, lastSlice: 3, pixels: 192, volumeMl: [1.344, 1.344] }])
})

test('the whole study is analysed stack by stack', async () => {
  const done = ended(2)
  const { jobs } = await handlers['analysis.start']({
    requestId: 'study',
    studyKey,
    series: null,
    frames: null,
    modelId: 'tiny',
    override: false,
    provider: 'cpu',
  })
  expect(jobs.map(({ stack }) => stack)).toEqual(['TE 20 ms', 'TE 80 ms'])
  expect((await done).map(({ state, error }) => ({ state, error }))).toEqual([
    { state: 'done', error: null },
    { state: 'done', error: null },
  ])
  const { results } = await handlers['results.list']({ studyKey })
  expect(results.find(({ stack }) => stack === 'TE 20 ms')!.findings).toEqual([])
  const { row } = await handlers['study.open']({ studyKey })
  expect(row.ai).toEqual({ state: 'findings', count: 1 })
})

test('a part that the series does not hold is refused', async () => {
  await expect(handlers['models.suggest']({ studyKey, seriesInstanceUid: series, stack: 'TE 40 ms' })).rejects.toMatchObject({
    code: 'archive.missing',
  })
})
