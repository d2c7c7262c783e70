/** A provider that breaks off in the midst of a job: the job is run again by the next, and the reader has its whole result. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Job } from '../../../contracts/analysis'
import { Engine } from '../../../main/host/engine'
import { handlersOf } from '../../../main/host/handlers'
import { hostPaths } from '../../../main/host/paths'
import { OverreadError } from '../../../contracts/errors'
import { openGraph, openOnnxSession, type OpenSession } from '../../../main/inference/onnx-session'
import { repository } from '../../shared-data'
import { startInThread } from '../inference/compute-in-thread'
import { writeSlice } from '../inference/dicom-series'
import { writeIdentityPackage } from '../inference/tiny-packages'
import { jobEnded } from './job-ended'

const side = 32
const slices = 6
/** The golden case and three slices. */
const runsBeforeItBreaks = 4
const folder = mkdtempSync(join(tmpdir(), 'overread-provider-breaks-'))
let runs = 0
let engine: Engine
let studyKey: number

const breaking: OpenSession = async (loaded, provider) => {
  const session = await openOnnxSession(loaded, 'cpu', 1)
  if (provider === 'cpu') return session
  return {
    ...session,
    async run(...given) {
      if (++runs > runsBeforeItBreaks) throw new OverreadError('inference.failed', 'device lost')
      return session.run(...given)
    },
  }
}

beforeAll(async () => {
  writeIdentityPackage(join(folder, 'models/tiny'), side)
  const paths = { ...hostPaths(pathToFileURL(join(repository, 'out/node/cli.js')).href), models: [join(folder, 'models')] }
  const startCompute = async () => startInThread({ openSession: breaking, openGraph })
  engine = await Engine.open({ archiveFolder: join(folder, 'archive'), paths, startCompute })
  const files = join(folder, 'files')
  mkdirSync(files)
  const pixels = Int16Array.from({ length: side * side }, (_, at) => at)
  for (let index = 0; index < slices; index++) writeSlice(files, index, { rows: side, columns: side, pixels }, index * 7)
  studyKey = (await engine.importPaths([files])).studyKeys[0]
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

async function job(): Promise<Job> {
  const ended = jobEnded(engine)
  await handlersOf(engine)['analysis.start']({
    requestId: crypto.randomUUID(),
    studyKey,
    series: { seriesInstanceUid: '1.2.826.0.3', stack: '' },
    frames: null,
    modelId: 'tiny',
    override: false,
    provider: 'webgpu',
  })
  return ended
}

test('the CPU takes its place of itself, and the result says why', async () => {
  expect(await job()).toMatchObject({ state: 'done', error: null, imagesDone: slices })
  const { results } = await engine.archive.listResults(studyKey)
  const whole = results.filter(({ incomplete }) => incomplete === null)
  expect(whole).toHaveLength(1)
  expect(whole[0].images.map(({ refused }) => refused)).toEqual(Array.from({ length: slices }, () => null))
  expect(whole[0]).toMatchObject({
    provider: 'cpu',
    providersFailed: [{ provider: 'webgpu', reason: 'it broke off: device lost' }],
  })
  // What it had done before it broke off stays, and says so.
  for (const result of results)
    if (result.incomplete) expect(result).toMatchObject({ provider: 'webgpu', incomplete: { code: 'compute.provider' } })
})
