/**
 * A TensorFlow.js network of pictures as Overread runs it, translated and in ONNX Runtime's session of ours, against the same
 * network in TensorFlow.js on WebAssembly: the time of one run of ours divided by theirs. A U-Net of four steps over 256 × 256
 * pixels. They take turns, after both gave the same map.
 */
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { input, layers as keras, model as kerasModel, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGraph } from '../../main/inference/onnx-session'
import { networkThreads } from '../../main/inference/processors'
import { openTfjsModel } from '../../main/inference/tfjs/tfjs-model'
import { readTfjs, weightFilesOf } from '../../main/networks/tfjs/read-tfjs'
import { translateTfjs } from '../../main/networks/translate/translate-tfjs'
import { saveTfjs } from '../integration/inference/tfjs-files'
import { describeMachine, median, rounds, timed } from './support/measure'

const mostRatio = 0.15
/** Runs of one side before it is the other's turn. */
const runsInTurn = 3
const side = 256
const widths = [16, 32, 64, 128, 256]
/** Of the maps, between 0 and 1. */
const mostDifference = 1e-4

const folder = mkdtempSync(join(tmpdir(), 'overread-bench-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeAll(() => console.log(describeMachine()))

function uNet(): LayersModel {
  const through = (layer: unknown, ...from: SymbolicTensor[]) =>
    (layer as ReturnType<typeof keras.add>).apply(from.length === 1 ? from[0] : from) as SymbolicTensor
  const block = (from: SymbolicTensor, filters: number): SymbolicTensor => {
    let value = from
    for (let turn = 0; turn < 2; turn++) {
      value = through(keras.conv2d({ filters, kernelSize: 3, padding: 'same' }), value)
      value = through(keras.activation({ activation: 'relu' }), through(keras.batchNormalization({}), value))
    }
    return value
  }
  const image = input({ shape: [side, side, 1] })
  const skips: SymbolicTensor[] = []
  let value = image
  for (const width of widths.slice(0, -1)) {
    skips.push(block(value, width))
    value = through(keras.maxPooling2d({ poolSize: 2 }), skips.at(-1)!)
  }
  value = block(value, widths.at(-1)!)
  for (const width of widths.slice(0, -1).reverse()) {
    const larger = through(keras.conv2dTranspose({ filters: width, kernelSize: 2, strides: 2, padding: 'same' }), value)
    value = block(through(keras.concatenate({ axis: -1 }), larger, skips.pop()!), width)
  }
  return kerasModel({ inputs: image, outputs: through(keras.conv2d({ filters: 1, kernelSize: 1, activation: 'sigmoid' }), value) })
}

test('a U-Net of 256 × 256 pixels', async () => {
  await tf.setBackend('cpu')
  const path = await saveTfjs(uNet(), folder)
  const topology = readFileSync(path)
  const model = readTfjs({
    topology,
    weights: weightFilesOf(topology).map((name) => ({ name, bytes: readFileSync(join(dirname(path), name)) })),
  })
  const { onnx } = translateTfjs(model, { normaliseAfter: null, openSides: false })
  const tensor = Float32Array.from({ length: side * side }, (_, index) => ((index * 7919) % 1009) / 1009)
  const shape = [1, 1, side, side]

  const theirs = await openTfjsModel(model, 'tfjs-wasm')
  const [expected] = await theirs.run({ values: tensor, shape })
  const found = new Map<number, number>()
  for (const threads of new Set([networkThreads(), 1])) {
    const ours = await openGraph(onnx!, 'cpu', threads)
    const [said] = await ours.run(tensor, shape, ours.outputs)
    expect(said.values.reduce((most, value, index) => Math.max(most, Math.abs(value - expected.values[index])), 0)).toBeLessThan(
      mostDifference,
    )
    const ratios: number[] = []
    const least = [Infinity, Infinity]
    const sides = [() => ours.run(tensor, shape, ours.outputs), () => theirs.run({ values: tensor, shape })]
    for (let round = -1; round < rounds; round++) {
      const times = [Infinity, Infinity]
      for (const [which, run] of sides.entries())
        for (let turn = 0; turn < runsInTurn; turn++) times[which] = Math.min(times[which], await timed(run))
      if (round < 0) continue
      ratios.push(times[0] / times[1])
      for (const which of [0, 1]) least[which] = Math.min(least[which], times[which])
    }
    await ours.release()
    console.log(
      `U-Net of ${side} × ${side}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, against tfjs-wasm: ${median(ratios).toFixed(3)} ` +
        `(${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}; aim ${mostRatio}); least ${least[0].toFixed(0)} and ${least[1].toFixed(0)} ms`,
    )
    found.set(threads, median(ratios))
  }
  theirs.dispose()
  // On as many threads as a result gets; one alone says what the engine does for it.
  expect(found.get(networkThreads())).toBeLessThanOrEqual(mostRatio)
})
