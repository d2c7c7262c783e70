/**
 * The whole path of the tissue network over a T1 series of 256 × 256 × 256 voxels against ONNX Runtime alone on the box
 * that it is given: reading, conform, box, run, largest part, labels back on every slice, in the product's own processes.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as onnxRuntime from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isPictureModel } from '../../contracts/model-package'
import { analysisSlice, type VolumeServices } from '../../main/host/analysis/analysis-input'
import { analyzeVolume } from '../../main/host/analysis/volume/analyze-volume'
import { orderedStacks } from '../../main/host/archive/series-detail'
import type { VolumeBox } from '../../main/host/compute/compute-client'
import { networkThreads } from '../../main/inference/processors'
import { scaledTensor } from '../../main/inference/volume/prepare-volume'
import { loadModelPackage } from '../../main/networks/package'
import { startEngine } from '../integration/inference/engine'
import { hasSharedData, repository, sharedData } from '../shared-data'
import { bundled } from '../../main/networks/signature'
import { describeMachine, leastOf } from './support/measure'

const mostRatio = 1.3
const turns = Number(process.env.BENCH_ROUNDS ?? 2)

let engine: ReturnType<typeof startEngine>
beforeAll(() => {
  engine = startEngine()
  console.log(`${describeMachine()}, ${networkThreads()} threads a run`)
})
afterAll(() => engine.stop())

async function series() {
  const folder = join(sharedData, 'studies/t1_head_conformed_derived')
  const paths = readdirSync(folder).map((name) => join(folder, name))
  const read = await Promise.all(paths.map(async (path) => ({ ...(await engine.workers.run('file.facts', { path }))!, path, size: 0 })))
  const [{ slices, affine, isVolume }] = orderedStacks({ instances: read })
  const pathOf = new Map(read.map(({ facts, path }) => [facts.sopInstanceUid, path]))
  return {
    affine,
    isVolume,
    slices: slices.map((slice) => analysisSlice(slice, { path: pathOf.get(slice.sopInstanceUid)!, chunks: null })),
  }
}

test.skipIf(!hasSharedData)('tissue of a T1 head', { timeout: 3_600_000 }, async () => {
  const folder = join(repository, 'models/brainchop-tissue')
  const loaded = await loadModelPackage(folder)
  const { package: model } = loaded
  if (isPictureModel(model)) throw new TypeError('it reads volumes')
  const stack = { ...(await series()), stack: '', requested: null, override: true, provider: 'cpu' as const }
  let box: VolumeBox | undefined
  const services: VolumeServices = {
    workers: engine.workers,
    compute: {
      prepare: (...all) => engine.compute.prepare(...all),
      runVolume: (prepared, wanted, signal) => {
        box = { ...wanted, values: wanted.values.slice() }
        return engine.compute.runVolume(prepared, wanted, signal)
      },
    },
  }
  const whole = async () => {
    const { structures } = await analyzeVolume(
      { ...stack, model: { package: model, folder, signature: bundled }, cropModel: null },
      services,
    )
    expect(structures).toHaveLength(2)
  }
  await whole()
  const tensor = scaledTensor(box!.values, box!.scale)
  const session = await onnxRuntime.InferenceSession.create(loaded.weights, {
    executionProviders: ['cpu'],
    intraOpNumThreads: networkThreads(),
  })
  const bare = async () => void (await session.run({ input: new onnxRuntime.Tensor('float32', tensor, [1, 1, ...box!.sides]) }))
  const least = await leastOf({ whole, bare }, turns)
  const ratio = least.whole / least.bare
  console.log(
    `box ${box!.sides.join(' × ')}: whole ${least.whole.toFixed(0)} ms, bare ${least.bare.toFixed(0)} ms, ratio ${ratio.toFixed(2)}`,
  )
  expect(ratio).toBeLessThanOrEqual(mostRatio)
})
