/**
 * The same ONNX in our session settings, in OpenCV's dnn module and in onnxruntime-web (WebAssembly, SIMD): the time of one run of
 * ours divided by theirs, with the same threads. They take turns, and each must repeat the golden case first.
 */
import type { PictureModel } from '../../contracts/model-package'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as web from 'onnxruntime-web'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { goldenFault, goldenInput } from '../../main/inference/golden-case'
import { openOnnxSession, type EngineSession } from '../../main/inference/onnx-session'
import { graphOutputs } from '../../main/networks/graph-outputs'
import { networkThreads } from '../../main/inference/processors'
import type { LoadedPackage } from '../../main/networks/package'
import { loadPicturePackage, picturePackages } from '../picture-package'
import { repository } from '../shared-data'
import { describeMachine, median, rounds, timed } from './support/measure'

/** Runs of one side before it is the other's turn. */
const runsInTurn = 3
const python = '/usr/bin/python3'

beforeAll(() => console.log(describeMachine()))

/** One engine with the network open. */
interface Side {
  /** ms of one run. */
  run(): Promise<number>
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function ours(loaded: LoadedPackage<PictureModel>, threads: number): Promise<Side> {
  return sideOf(loaded, await openOnnxSession(loaded, 'cpu', threads))
}

async function sideOf(loaded: LoadedPackage<PictureModel>, session: EngineSession): Promise<Side> {
  expect(await goldenFault(session, loaded)).toBeNull()
  const input = await goldenInput(loaded)
  closing.push(() => session.release())
  return { run: () => timed(() => session.run(input.values, input.shape)) }
}

async function webAssembly(loaded: LoadedPackage<PictureModel>, threads: number): Promise<Side> {
  web.env.wasm.numThreads = threads
  const session = await web.InferenceSession.create(loaded.weights, { executionProviders: ['wasm'] })
  const { name, shape } = loaded.package.input
  return sideOf(loaded, {
    async run(tensor) {
      const result = await session.run({ [name]: new web.Tensor('float32', tensor, shape) })
      return graphOutputs(loaded.package).map((output) => ({
        values: result[output].data as Float32Array,
        shape: result[output].dims,
      }))
    },
    release: () => session.release(),
  })
}

async function openCv({ folder, package: model }: LoadedPackage<PictureModel>, threads: number): Promise<Side> {
  const golden = graphOutputs(model).flatMap((name) => [name, join(folder, 'golden', model.golden.outputs[name])])
  const script = join(repository, 'tests/bench/support/opencv.py')
  const files = [join(folder, model.file), join(folder, 'golden', model.golden.input)]
  const child = spawn(python, [script, String(threads), ...files, ...golden], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const answer = async () => JSON.parse((await lines.next()).value ?? '{}') as Record<string, number>
  closing.push(async () => void child.kill())
  const first = await answer()
  expect(first).toMatchObject({ threads })
  expect(first.worst).toBeLessThan(model.golden.tolerance)
  return {
    async run() {
      child.stdin.write('\n')
      return (await answer()).ms
    },
  }
}

const models = join(repository, 'models')
const packages = picturePackages()
const threadsTried = [...new Set([1, networkThreads()])]
const sides = threadsTried.flatMap((threads) => [
  { name: 'OpenCV dnn', open: openCv, threads },
  { name: 'onnxruntime-web', open: webAssembly, threads },
])

describe.each(packages)('%s', (name) => {
  test.each(sides)('against $name with $threads at once', async ({ name: theirName, open, threads }) => {
    const loaded = await loadPicturePackage(join(models, name))
    const pair = [await ours(loaded, threads), await open(loaded, threads)]
    const ratios: number[] = []
    const least = [Infinity, Infinity]
    for (let round = -1; round < rounds; round++) {
      const times = [Infinity, Infinity]
      for (const [side, { run }] of pair.entries())
        for (let turn = 0; turn < runsInTurn; turn++) times[side] = Math.min(times[side], await run())
      if (round < 0) continue
      ratios.push(times[0] / times[1])
      for (const side of [0, 1]) least[side] = Math.min(least[side], times[side])
    }
    console.log(
      `${name}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, against ${theirName}: ${median(ratios).toFixed(2)} ` +
        `(${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}); least ${least[0].toFixed(1)} and ${least[1].toFixed(1)} ms`,
    )
    expect(median(ratios)).toBeLessThan(1)
  })
})
