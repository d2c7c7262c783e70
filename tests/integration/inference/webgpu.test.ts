/**
 * The WebGPU provider on the SwiftShader that comes with Electron: each package gives what the CPU gives, volumes and what
 * explains a score too. SwiftShader imitates a GPU in software, hundreds of times slower than the CPU, so the networks of
 * pictures, all convolutions, get 64 × 64 of them, those of volumes a small one.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { explanationMethods } from '../../../contracts/explanation'
import type { PictureModel } from '../../../contracts/model-package'
import { sha256 } from '../../../main/base/hashing'
import { askExplanation } from '../../../main/host/compute/explain-client'
import { goldenInput } from '../../../main/inference/golden-case'
import { openOnnxSession } from '../../../main/inference/onnx-session'
import { graphOutputs } from '../../../main/networks/graph-outputs'
import { loadModelPackage } from '../../../main/networks/package'
import { loadPicturePackage, picturePackages, volumePackages } from '../../picture-package'
import { repository } from '../../shared-data'
import { clientWithProcesses } from './engine'
import { withInputShape, withOutputs } from './onnx-sides'
import { npy, writeClassifierPackage } from './tiny-packages'

const side = 64
const runtime = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? ''
const driver = join(runtime, 'vk_swiftshader_icd.json')
const canRun = process.platform === 'linux' && existsSync(driver) && existsSync(join(runtime, 'libvulkan.so.1'))

const folder = mkdtempSync(join(tmpdir(), 'overread-webgpu-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const patience = 300_000
const models = join(repository, 'models')
const packages = picturePackages()

/** The package with a small input, whose golden case is what the CPU says of the middle of the real one's. */
async function smallPackage(name: string): Promise<{ folder: string; package: PictureModel; input: Float32Array }> {
  const original = await loadPicturePackage(join(models, name))
  const { input, preprocess, golden } = original.package
  const shape: PictureModel['input']['shape'] = [1, input.shape[1], side, side]
  // The distance takes its features from parts of the picture, so it holds for one size alone.
  const outputNames = original.package.outputs.map((output) => output.name)
  const weights = withInputShape(withOutputs(original.weights, outputNames), shape)
  const described: PictureModel = {
    ...original.package,
    sha256: sha256(weights),
    input: { ...input, shape },
    preprocess: {
      ...preprocess,
      steps: preprocess.steps.map((step) => (step.op === 'resize' || step.op === 'pad' ? { ...step, rows: side, columns: side } : step)),
    },
    testTimeVariants: [],
    distribution: undefined,
  }
  const small = join(folder, name)
  mkdirSync(join(small, 'golden'), { recursive: true })
  const values = middleOf((await goldenInput(original)).values, input.shape)
  const cpu = await openOnnxSession({ package: described, folder: small, weights, tfjs: null }, 'cpu')
  const outputs = await cpu.run(values)
  await cpu.release()
  writeFileSync(join(small, described.file), weights)
  writeFileSync(join(small, 'model.json'), JSON.stringify(described))
  writeFileSync(join(small, 'golden', golden.input), npy(shape, values))
  for (const [index, output] of graphOutputs(described).entries())
    writeFileSync(join(small, 'golden', golden.outputs[output]), npy(outputs[index].shape, outputs[index].values))
  return { folder: small, package: described, input: values }
}

function middleOf(values: Float32Array, [, channels, rows, columns]: readonly number[]): Float32Array {
  const [top, left] = [(rows - side) >> 1, (columns - side) >> 1]
  return Float32Array.from({ length: channels * side * side }, (_, at) => {
    const [channel, row, column] = [Math.floor(at / side ** 2), Math.floor(at / side) % side, at % side]
    return values[(channel * rows + top + row) * columns + left + column]
  })
}

/** A small volume of bright and dark shells. */
const shells = (() => {
  const sides = [20, 18, 16] as const
  const values = Float32Array.from({ length: sides[0] * sides[1] * sides[2] }, (_, at) => {
    const place = [Math.floor(at / (sides[1] * sides[2])), Math.floor(at / sides[2]) % sides[1], at % sides[2]]
    return 0.5 + 0.5 * Math.cos(Math.hypot(...place.map((each, axis) => each - sides[axis] / 2)) / 2)
  })
  return { sides, scale: { low: 0, high: 1, clip: false }, values }
})()

/** A compute process that finds the driver; ended with the test. */
function computeOnGpu() {
  const { client } = clientWithProcesses([], { VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: runtime })
  onTestFinished(() => client.close())
  return client
}

/** The greatest distance between two lists of numbers. */
const apart = (a: Float32Array, b: Float32Array) => a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0)

describe.skipIf(!canRun)('WebGPU in software', () => {
  test.each(packages)(
    '%s gives what the CPU gives',
    async (name) => {
      const { folder: small, package: described, input } = await smallPackage(name)
      const client = computeOnGpu()
      const model = { folder: small, sha256: described.sha256 }
      // Which compares with the golden case, within the tolerance that the package states.
      const onGpu = await client.prepare(model, 'webgpu')
      expect(onGpu).toMatchObject({ provider: 'webgpu', failed: [] })
      const onCpu = await client.prepare(model, 'cpu')
      const [gpu, cpu] = [await client.run(onGpu, input), await client.run(onCpu, input)]
      for (const [index, { values }] of gpu.outputs.entries()) {
        const expected = cpu.outputs[index].values
        expect(values).toHaveLength(expected.length)
        expect(apart(values, expected)).toBeLessThan(described.golden.tolerance)
        expect(new Set(values).size).toBeGreaterThan(expected.length === 1 ? 0 : 1)
      }
    },
    patience,
  )

  test(
    'the networks of volumes find the classes that the CPU finds',
    async () => {
      const several: string[] = []
      for (const name of volumePackages()) {
        const packageFolder = join(models, name)
        const { sha256 } = (await loadModelPackage(packageFolder)).package
        const client = computeOnGpu()
        const onGpu = await client.prepare({ folder: packageFolder, sha256 }, 'webgpu')
        expect(onGpu).toMatchObject({ provider: 'webgpu', failed: [] })
        const found = (await client.runVolume(onGpu, shells)).labels
        const expected = (await client.runVolume({ ...onGpu, provider: 'cpu' }, shells)).labels
        // Where two scores are as good as equal either may be the greater.
        expect(found.filter((number, voxel) => number !== expected[voxel]).length, name).toBeLessThanOrEqual(2)
        if (new Set(expected).size > 1) several.push(name)
        await client.close()
      }
      // Some see but background in what is no head.
      expect(several.length).toBeGreaterThan(3)
    },
    patience,
  )

  test.each(explanationMethods)(
    'a score is explained as on the CPU: %s',
    async (method) => {
      const model = writeClassifierPackage(join(folder, method), 32)
      // A bright corner, without which the score is low.
      const tensor = Float32Array.from({ length: 32 * 32 }, (_, at) => (at % 32 > 20 && at < 12 * 32 ? 1 : 0.4))
      const client = computeOnGpu()
      const onGpu = await client.prepare(model, 'webgpu')
      expect(onGpu).toMatchObject({ provider: 'webgpu', failed: [] })
      const asked = { tensor, label: 'spot', method }
      const gpu = await askExplanation(client, { ...asked, prepared: onGpu })
      const cpu = await askExplanation(client, { ...asked, prepared: await client.prepare(model, 'cpu') })
      expect(apart(gpu.map.values, cpu.map.values)).toBeLessThan(1e-4)
      expect(gpu.facts.trust.deletion.passed).toBe(cpu.facts.trust.deletion.passed)
      expect(gpu.facts).toMatchObject({ method, channels: cpu.facts.channels, masks: cpu.facts.masks })
      expect(Math.max(...cpu.map.values)).toBeGreaterThan(0.01)
    },
    patience,
  )
})
