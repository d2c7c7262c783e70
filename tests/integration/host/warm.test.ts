/** A series that is opened has its network opened too, before a job asks for it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ComputeChannel } from '../../../main/host/compute/compute-client'
import { Engine } from '../../../main/host/engine'
import { handlersOf, type Handlers } from '../../../main/host/handlers'
import { hostPaths } from '../../../main/host/paths'
import { computeStarter } from '../../../main/host/compute/start-compute'
import { runtimeVersion } from '../../../main/inference/onnx-session'
import { processorKey } from '../../../main/inference/processors'
import { repository } from '../../shared-data'
import { writeSlice } from '../inference/dicom-series'
import { writeIdentityPackage } from '../inference/tiny-packages'

const side = 32
const series = '1.2.826.0.3'
const folder = mkdtempSync(join(tmpdir(), 'overread-warm-'))
/** What the host and the compute process said to each other. */
const said: { readonly type: string; readonly threads?: unknown }[] = []
const types = () => said.map(({ type }) => type)
let sha256: string
let engine: Engine
let handlers: Handlers
let studyKey: number

function overheard(channel: ComputeChannel): ComputeChannel {
  channel.onMessage((message) => void said.push(message as { type: string }))
  return {
    ...channel,
    post(message, bytes) {
      said.push(message as { type: string })
      channel.post(message, bytes)
    },
  }
}

beforeAll(async () => {
  sha256 = writeIdentityPackage(join(folder, 'models/tiny'), side).sha256
  const paths = { ...hostPaths(pathToFileURL(join(repository, 'out/node/cli.js')).href), models: [join(folder, 'models')] }
  const start = computeStarter(paths.compute)
  engine = await Engine.open({ archiveFolder: join(folder, 'archive'), paths, startCompute: async () => overheard(await start()) })
  handlers = handlersOf(engine)
  const files = join(folder, 'files')
  mkdirSync(files)
  const pixels = Int16Array.from({ length: side * side }, (_, at) => at)
  for (let index = 0; index < 3; index++) writeSlice(files, index, { rows: side, columns: side, pixels }, index * 7)
  studyKey = (await engine.importPaths([files])).studyKeys[0]
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

test('the network that suits a series is prepared when the series is opened, on the threads that suited it before', async () => {
  const threads = { threads: 1, runtime: runtimeVersion }
  await engine.archive.putThreads(sha256, processorKey(), threads)
  expect(said).toEqual([])
  const { suggestions } = await handlers['models.suggest']({ studyKey, seriesInstanceUid: series, stack: '' })
  expect(suggestions).toHaveLength(1)
  await expect.poll(types, { timeout: 20_000 }).toEqual(['prepare', 'ready'])
  expect(said.map((message) => message.threads)).toEqual([threads, threads])
})

test('nothing is prepared beside a job', async () => {
  said.length = 0
  const finished = new Promise<void>((resolve) => {
    const forget = engine.subscribe((event) => {
      if (event.event !== 'job.changed' || event.job.state !== 'done') return
      forget()
      resolve()
    })
  })
  await handlers['analysis.start']({
    requestId: 'r',
    studyKey,
    series: { seriesInstanceUid: series, stack: '' },
    frames: null,
    modelId: 'tiny',
    override: false,
    provider: null,
  })
  await handlers['models.suggest']({ studyKey, seriesInstanceUid: series, stack: '' })
  await finished
  expect(types().filter((type) => type === 'prepare')).toHaveLength(1)
  expect(types().filter((type) => type === 'run')).toHaveLength(3)
})
