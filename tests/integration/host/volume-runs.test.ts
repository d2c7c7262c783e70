/** A job of a network of volumes that slides over many windows: cancelled between two of them, refused for want of memory, and waiting while a reader turns slices. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Job } from '../../../contracts/analysis'
import { errorCatalogue } from '../../../contracts/errors'
import type { VolumeModel } from '../../../contracts/model-package'
import { Engine } from '../../../main/host/engine'
import { handlersOf, type Handlers } from '../../../main/host/handlers'
import { hostPaths } from '../../../main/host/paths'
import { openGraph, openOnnxSession, type OpenSession } from '../../../main/inference/onnx-session'
import { bytesNeeded } from '../../../main/inference/volume/memory-need'
import { windowStarts } from '../../../main/inference/volume/sliding-window'
import { loadModelPackage } from '../../../main/networks/package'
import { repository } from '../../shared-data'
import { startInThread } from '../inference/compute-in-thread'
import { writeSlice } from '../inference/dicom-series'
import { writeVolumePackage } from '../inference/volume-packages'
import { jobEnded } from './job-ended'

const folder = mkdtempSync(join(tmpdir(), 'overread-volume-runs-'))
const grid = [40, 40, 40] as const
const window = [12, 10, 16] as const
const overlap = 0.5
const windowsInAll = grid.reduce((product, side, axis) => product * windowStarts(side, window[axis], overlap).length, 1)

/** Of the one compute service, which runs in this thread: windows are counted as they run. */
let windows = 0
let sessions = 0
let services = 0
let onWindow: () => void = () => {}
let freeBytes = Infinity
/** The clock of the service, ms. */
let clock = 0
let engine: Engine
let handlers: Handlers
let studyKey: number

const counted: OpenSession = async (loaded, provider) => {
  sessions++
  const session = await openOnnxSession(loaded, provider, 1)
  return {
    release: () => session.release(),
    async run(tensor, shape) {
      const outputs = await session.run(tensor, shape)
      windows++
      onWindow()
      return outputs
    },
  }
}

async function startCompute() {
  services++
  return startInThread({
    openSession: counted,
    openGraph,
    availableBytes: () => freeBytes,
    surroundings: { now: () => clock, watchOthers: () => () => 0 },
  })
}

beforeAll(async () => {
  writeVolumePackage(join(folder, 'models/tiny-volume'), {
    input: { name: 'volume', kind: 'volume', axes: ['L', 'F', 'A'], sides: [...window], layout: 'NCDHW', type: 'float32' },
    preprocess: {
      from: 'modality',
      conform: { sides: [...grid], spacingMm: [1, 1, 1], levels: 'eight-bit' },
      scale: { by: 'range' },
      crop: null,
    },
    slidingWindow: { overlap, sigmaShare: 0.25 },
  })
  const paths = { ...hostPaths(pathToFileURL(join(repository, 'out/node/cli.js')).href), models: [join(folder, 'models')] }
  engine = await Engine.open({ archiveFolder: join(folder, 'archive'), paths, startCompute })
  handlers = handlersOf(engine)
  const files = join(folder, 'files')
  mkdirSync(files)
  const pixels = Int16Array.from({ length: 32 * 32 }, (_, at) => (at * 37) % 1000)
  for (let index = 0; index < 16; index++) writeSlice(files, index, { rows: 32, columns: 32, pixels }, index * 2)
  studyKey = (await engine.importPaths([files])).studyKeys[0]
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  freeBytes = Infinity
  onWindow = () => {}
})

/** One job from its start to its end. `whenItRuns` knows its id. */
async function job(whenItRuns: (jobId: string) => void = () => {}): Promise<Job> {
  let jobId = ''
  const ended = jobEnded(engine, (changed) => (jobId = changed.jobId))
  windows = 0
  onWindow = () => whenItRuns(jobId)
  await handlers['analysis.start']({
    requestId: crypto.randomUUID(),
    studyKey,
    series: { seriesInstanceUid: '1.2.826.0.3', stack: '' },
    frames: null,
    modelId: 'tiny-volume',
    override: false,
    provider: 'cpu',
  })
  return ended
}

const stored = async () => ({
  results: (await engine.archive.listResults(studyKey)).results.length,
  files: readdirSync(join(folder, 'archive/results'), { recursive: true }).length,
  temporary: readdirSync(join(folder, 'archive/tmp')),
})
const nothing = { results: 0, files: 0, temporary: [] }

test('a cancel in the midst of a volume is heard at the next window, nothing is stored, and the next run is whole', async () => {
  expect(windowsInAll).toBeGreaterThan(100)
  const cancelAt = 20
  const cancelled = await job((jobId) => {
    if (windows === cancelAt) void engine.queue.cancel(jobId)
  })
  expect(cancelled).toMatchObject({ state: 'cancelled', error: { code: 'compute.cancelled' } })
  const until = windows
  expect(until).toBeGreaterThanOrEqual(cancelAt)
  // One may have begun before the word arrived.
  expect(until).toBeLessThanOrEqual(cancelAt + 2)
  expect(await stored()).toEqual(nothing)

  expect(await job()).toMatchObject({ state: 'done', error: null })
  // The same service in the same session: nothing was killed for the cancel.
  expect({ windows, sessions, services }).toEqual({ windows: windowsInAll, sessions: 1, services: 1 })
  expect(await stored()).toMatchObject({ results: 1, temporary: [] })
})

test('a network that needs a byte more than is free is refused before its first window; with that byte it runs', async () => {
  const before = await stored()
  const { package: model, weights } = await loadModelPackage(join(folder, 'models/tiny-volume'))
  const needed = bytesNeeded(model as VolumeModel, weights, grid)
  freeBytes = needed - 1
  const refused = await job()
  expect(refused).toMatchObject({ state: 'failed', error: { code: 'inference.memory' } })
  expect(refused.error!.message).toContain(errorCatalogue['inference.memory'].sentence.slice(0, -1))
  expect(refused.error!.message).toMatch(/GiB.*free/)
  expect(windows).toBe(0)
  expect(await stored()).toEqual(before)
  freeBytes = needed
  expect(await job()).toMatchObject({ state: 'done', error: null })
  expect(windows).toBe(windowsInAll)
})

describe('while a reader turns slices', () => {
  const scrollAt = 20
  /** Long enough for many a window, were one run. */
  const aWhile = () => new Promise((done) => setTimeout(done, 300))
  const scrolls = (study: number) => handlers['reader.scrolls']({ studyKey: study })

  test('of another study the next window waits until he rests, and the volume is whole', async () => {
    let scrolled: () => void = () => {}
    const scrolling = new Promise<void>((resolve) => (scrolled = resolve))
    const running = job(() => {
      if (windows !== scrollAt) return
      void scrolls(studyKey + 1)
      scrolled()
    })
    await scrolling
    await aWhile()
    const until = windows
    expect(until).toBeLessThanOrEqual(scrollAt + 2)
    clock += 499
    await aWhile()
    expect(windows).toBe(until)
    // Heard once more, he is waited for anew.
    await scrolls(studyKey + 1)
    await aWhile()
    clock += 499
    await aWhile()
    expect(windows).toBe(until)
    clock += 1
    expect(await running).toMatchObject({ state: 'done', error: null })
    expect(windows).toBe(windowsInAll)
  })

  test('of another study a cancel is heard although he goes on', async () => {
    let waits: (jobId: string) => void = () => {}
    const waiting = new Promise<string>((resolve) => (waits = resolve))
    const running = job((jobId) => {
      if (windows !== scrollAt) return
      void scrolls(studyKey + 1)
      waits(jobId)
    })
    const jobId = await waiting
    await aWhile()
    await engine.queue.cancel(jobId)
    expect(await running).toMatchObject({ state: 'cancelled', error: { code: 'compute.cancelled' } })
    expect(services).toBe(1)
    clock += 500
  })

  test('of the very study, what he waits for goes on', async () => {
    const running = job(() => {
      if (windows === scrollAt) void scrolls(studyKey)
    })
    expect(await running).toMatchObject({ state: 'done', error: null })
    expect(windows).toBe(windowsInAll)
  })
})
