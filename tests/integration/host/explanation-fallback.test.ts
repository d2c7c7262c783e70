/** A provider that runs a network but not what is added to it to explain a score: the CPU explains it, and the explanation says so. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { PictureModel } from '../../../contracts/model-package'
import { ComputeClient } from '../../../main/host/compute/compute-client'
import { explainPicture } from '../../../main/host/explanation/explain-picture'
import { WorkerPool } from '../../../main/host/worker-pool'
import { openOnnxSession } from '../../../main/inference/onnx-session'
import { loadModelPackage } from '../../../main/networks/package'
import { unsigned } from '../../../main/networks/signature'
import { repository } from '../../shared-data'
import { startInThread } from '../inference/compute-in-thread'
import { writeClassifierPackage } from '../inference/tiny-packages'

const side = 32
/** One that this platform does not have: a session on it is the CPU's here, a graph that was edited finds none. */
const provider = process.platform === 'win32' ? 'coreml' : 'dml'

test('a score is explained on the CPU where the provider does not run the edited graph', async () => {
  const root = mkdtempSync(join(tmpdir(), 'overread-explained-'))
  const workers = new WorkerPool(pathToFileURL(join(repository, 'out/node/worker.js')), 1)
  const compute = new ComputeClient(async () => startInThread({ openSession: (loaded) => openOnnxSession(loaded, 'cpu', 1) }))
  onTestFinished(async () => {
    await compute.close()
    await workers.close()
    rmSync(root, { recursive: true, force: true })
  })
  const { folder, sha256 } = writeClassifierPackage(join(root, 'classifier'), side)
  expect((await compute.prepare({ folder, sha256 }, provider)).provider).toBe(provider)
  const { package: model } = await loadModelPackage(folder)
  const tensor = Float32Array.from({ length: side * side }, (_, at) => (at % side) / side)
  const { explanation, values } = await explainPicture(
    {
      network: { package: model as PictureModel, folder, signature: unsigned },
      picture: { tensor, trace: { rows: side, columns: side, entries: [] }, missing: 0 },
      reference: { sopInstanceUid: '1.2.3', frameIndex: 0 },
      label: 'spot',
      method: null,
      provider,
    },
    { compute, workers },
  )
  expect(explanation).toMatchObject({ provider: 'cpu', method: 'cam' })
  expect(values.length).toBe(side * side)
  // The network itself still runs where it ran.
  expect((await compute.prepare({ folder, sha256 }, provider)).provider).toBe(provider)
})
