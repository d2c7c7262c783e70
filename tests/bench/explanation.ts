/**
 * Score-CAM of a classifier of 224 × 224 with 64 channels, its tests of trust included, against 64 bare runs of the same graph: below 3 s on two
 * cores is the aim. The network is made here: six convolutions, 1.1 thousand million products a picture.
 */
import { expect, test } from 'vitest'
import type { PictureModel } from '../../contracts/model-package'
import { explain } from '../../main/inference/explanation/explain'
import { ExplainedNetwork } from '../../main/inference/explanation/explained-network'
import { labelOf } from '../../main/inference/explanation/label'
import { openGraph } from '../../main/inference/onnx-session'
import { networkThreads } from '../../main/inference/processors'
import { integers, modelOf, type Node, type Weights } from '../integration/inference/onnx-writer'
import { identityPackage } from '../integration/inference/tiny-packages'
import { ctPicture, describeMachine, leastOf } from './support/measure'

const side = 224
const widths = [1, 32, 64, 128, 128, 128, 64]

const random = (count: number, size: number, seed: number) => {
  let state = seed
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state / 2 ** 32 - 0.5) * size
  })
}

function network(): Uint8Array {
  const nodes: Node[] = []
  const weights: Weights[] = []
  for (let layer = 1; layer < widths.length; layer++) {
    const [before, width] = [widths[layer - 1], widths[layer]]
    weights.push({
      name: `weights${layer}`,
      shape: [width, before, 3, 3],
      values: random(width * before * 9, 2 / Math.sqrt(before), layer),
    })
    const strides = layer % 2 === 1 ? [2, 2] : [1, 1]
    const input = layer === 1 ? 'image' : `layer${layer - 1}`
    nodes.push({
      op: 'Conv',
      inputs: [input, `weights${layer}`],
      outputs: [`before${layer}`],
      attributes: [integers('pads', [1, 1, 1, 1]), integers('strides', strides)],
    })
    nodes.push({ op: 'Relu', inputs: [`before${layer}`], outputs: [`layer${layer}`] })
  }
  weights.push({ name: 'head', shape: [64, 1], values: random(64, 1, 99) })
  nodes.push({ op: 'GlobalMaxPool', inputs: [`layer${widths.length - 1}`], outputs: ['pooled'] })
  nodes.push({ op: 'Flatten', inputs: ['pooled'], outputs: ['flat'] })
  nodes.push({ op: 'MatMul', inputs: ['flat', 'head'], outputs: ['logit'] })
  return modelOf({ nodes, weights, inputs: { image: [1, 1, side, side] }, outputs: { logit: [1, 1] } })
}

test('Score-CAM of 64 channels', async () => {
  const weights = network()
  const model: PictureModel = identityPackage(side, {
    task: 'classification',
    outputs: [{ name: 'logit', kind: 'probabilities', activation: 'sigmoid', labels: [{ name: 'spot', title: 'Spot' }] }],
  })
  const bytes = ctPicture(side).bytes
  const tensor = Float32Array.from(new Uint16Array(bytes.buffer, bytes.byteOffset, side * side), (value) => value / 4096)
  const engine = { provider: 'cpu' as const, threads: networkThreads() }
  const bare = await openGraph(weights, 'cpu', networkThreads())
  let passes = 0
  const count = async (made: number) => void (passes += made)
  const times = await leastOf({
    explained: async () => {
      passes = 0
      const opened = await ExplainedNetwork.open({ package: model, weights }, labelOf(model, 'spot'), engine, tensor, count)
      const { facts } = await explain(opened, tensor, 'score-cam')
      expect(facts.channels).toBe(64)
      await opened.release()
    },
    bare: async () => {
      for (let run = 0; run < 64; run++) await bare.run(tensor, [1, 1, side, side], ['logit'])
    },
  })
  await bare.release()
  console.log(
    `${describeMachine()}, ${networkThreads()} threads: Score-CAM of 64 channels ${times.explained.toFixed(0)} ms in ${passes} passes, ` +
      `64 bare runs ${times.bare.toFixed(0)} ms, ratio ${(times.explained / times.bare).toFixed(2)}`,
  )
  expect(passes).toBeGreaterThan(64)
})
