/**
 * The WebGPU provider on the SwiftShader that comes with Electron: each package gives what the CPU gives. SwiftShader imitates
 * a GPU in software, hundreds of times slower than the CPU, so the networks, all convolutions, get pictures of 64 × 64.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { PictureModel } from '../../../contracts/model-package'
import { sha256 } from '../../../main/base/hashing'
import { goldenInput } from '../../../main/inference/golden-case'
import { openOnnxSession } from '../../../main/inference/onnx-session'
import { graphOutputs } from '../../../main/networks/graph-outputs'
import { loadPicturePackage, picturePackages } from '../../picture-package'
import { repository } from '../../shared-data'
import { clientWithProcesses } from './engine'
import { withInputShape, withOutputs } from './onnx-sides'
import { npy } from './tiny-packages'

const side = 64
const runtime = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? ''
const driver = join(runtime, 'vk_swiftshader_icd.json')
const canRun = process.platform === 'linux' && existsSync(driver) && existsSync(join(runtime, 'libvulkan.so.1'))

const folder = mkdtempSync(join(tmpdir(), 'overread-webgpu-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

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

describe.skipIf(!canRun)('WebGPU in software', () => {
  test.each(packages)(
    '%s gives what the CPU gives',
    async (name) => {
      const { folder: small, package: described, input } = await smallPackage(name)
      const { client } = clientWithProcesses([], { VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: runtime })
      try {
        const model = { folder: small, sha256: described.sha256 }
        // Which compares with the golden case, within the tolerance that the package states.
        const onGpu = await client.prepare(model, 'webgpu')
        expect(onGpu).toMatchObject({ provider: 'webgpu', failed: [] })
        const onCpu = await client.prepare(model, 'cpu')
        const [gpu, cpu] = [await client.run(onGpu, input), await client.run(onCpu, input)]
        for (const [index, { values }] of gpu.outputs.entries()) {
          const expected = cpu.outputs[index].values
          expect(values).toHaveLength(expected.length)
          expect(values.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at])), 0)).toBeLessThan(
            described.golden.tolerance,
          )
          expect(new Set(values).size).toBeGreaterThan(expected.length === 1 ? 0 : 1)
        }
      } finally {
        await client.close()
      }
    },
    300_000,
  )
})
