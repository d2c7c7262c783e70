import { expect, test } from 'vitest'
import { distrustOf } from '../../../contracts/explanation'
import type { PictureModel } from '../../../contracts/model-package'
import { explain } from '../../../main/inference/explanation/explain'
import { ExplainedNetwork } from '../../../main/inference/explanation/explained-network'
import { labelOf } from '../../../main/inference/explanation/label'
import { nothingOf } from '../../../main/inference/explanation/nothing'
import { deletionTest, hottestOf } from '../../../main/inference/explanation/trust'
import { integer, integers, modelOf, type Graph, type Node } from './onnx-writer'
import { identityPackage } from './tiny-packages'

const side = 32
const label = { name: 'spot', title: 'Spot' }
const input = { image: [1, 1, side, side] }
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

function classifier(changes: Partial<PictureModel> = {}): PictureModel {
  return identityPackage(side, {
    task: 'classification',
    outputs: [{ name: 'logit', kind: 'probabilities', activation: 'sigmoid', labels: [label] }],
    ...changes,
  })
}

async function explained(
  graph: Graph,
  tensor: Float32Array,
  method: 'cam' | 'score-cam' | 'occlusion' | null,
  package_ = classifier(),
  name = 'spot',
) {
  let passes = 0
  const network = await ExplainedNetwork.open(
    { package: package_, weights: modelOf(graph) },
    labelOf(package_, name),
    { provider: 'cpu', threads: 1 },
    tensor,
    async (made) => void (passes += made),
  )
  try {
    return { ...(await explain(network, tensor, method)), passes }
  } finally {
    await network.release()
  }
}

/** 0.2 everywhere, and a blob of 0.9 in rows 20 to 22, columns 6 to 8: less than a patch covers. */
const inBlob = (row: number, column: number) => row >= 20 && row < 23 && column >= 6 && column < 9
const blob = Float32Array.from({ length: side * side }, (_, i) => (inBlob(Math.floor(i / side), i % side) ? 0.9 : 0.2))
const smooth = Float32Array.from({ length: side * side }, (_, i) => 0.5 + 0.4 * Math.sin(i / side / 5) * Math.cos((i % side) / 6))

/** Two maps relu(2x - 0.5) and relu(1 - x), averaged, then 3 and -2 times them, and 0.25. */
const two = { name: 'two', shape: [2, 1, 1, 1], values: [2, -1] }
const twoBias = { name: 'twoBias', shape: [2], values: [-0.5, 1] }
const maps: Node[] = [
  { op: 'Conv', inputs: ['image', 'two', 'twoBias'], outputs: ['before'] },
  { op: 'Relu', inputs: ['before'], outputs: ['maps'] },
]
const linear: Graph = {
  nodes: [
    ...maps,
    { op: 'GlobalAveragePool', inputs: ['maps'], outputs: ['pooled'] },
    { op: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
    { op: 'Gemm', inputs: ['flat', 'head', 'headBias'], outputs: ['logit'], attributes: [integer('transB', 1)] },
  ],
  weights: [two, twoBias, { name: 'head', shape: [1, 2], values: [3, -2] }, { name: 'headBias', shape: [1], values: [0.25] }],
  inputs: input,
  outputs: { logit: [1, 1] },
}
const closedForm = (x: number) => 3 * Math.max(0, 2 * x - 0.5) - 2 * Math.max(0, 1 - x) + 0.25

/** The greatest value decides: no sum over places. */
const greatest: Graph = {
  nodes: [
    { op: 'Conv', inputs: ['image', 'kernel', 'kernelBias'], outputs: ['before'] },
    { op: 'Relu', inputs: ['before'], outputs: ['maps'] },
    { op: 'GlobalMaxPool', inputs: ['maps'], outputs: ['pooled'] },
    { op: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
    { op: 'MatMul', inputs: ['flat', 'head'], outputs: ['product'] },
    { op: 'Add', inputs: ['product', 'headBias'], outputs: ['logit'] },
  ],
  weights: [
    { name: 'kernel', shape: [2, 1, 1, 1], values: [1, -1] },
    { name: 'kernelBias', shape: [2], values: [0, 0.5] },
    { name: 'head', shape: [2, 1], values: [20, 0] },
    { name: 'headBias', shape: [1], values: [-12] },
  ],
  inputs: input,
  outputs: { logit: [1, 1] },
}

test('the exact map of a linear head is its closed form at each place', async () => {
  const { map, facts } = await explained(linear, smooth, null)
  expect(facts.method).toBe('cam')
  expect(map.rows * map.columns).toBe(side * side)
  for (const [i, value] of map.values.entries()) expect(value).toBeCloseTo(sigmoid(closedForm(smooth[i])), 5)
  const mean = smooth.reduce((sum, x) => sum + closedForm(x), 0) / smooth.length
  expect(facts.score).toBeCloseTo(sigmoid(mean), 5)
})

test('the mean of two networks before their sigmoid is exact too; after it, it is not', async () => {
  const heads: Node[] = [
    ...maps,
    { op: 'Conv', inputs: ['image', 'two', 'twoBias'], outputs: ['other'] },
    { op: 'ReduceMean', inputs: ['maps'], outputs: ['first'], attributes: [integers('axes', [2, 3]), integer('keepdims', 0)] },
    { op: 'ReduceMean', inputs: ['other'], outputs: ['second'], attributes: [integers('axes', [3, 2]), integer('keepdims', 0)] },
    { op: 'MatMul', inputs: ['first', 'head'], outputs: ['firstLogit'] },
    { op: 'MatMul', inputs: ['second', 'head'], outputs: ['secondLogit'] },
  ]
  const weights = [two, twoBias, { name: 'head', shape: [2, 1], values: [3, -2] }, { name: 'half', shape: [1], values: [0.5] }]
  const before = await explained(
    {
      nodes: [
        ...heads,
        { op: 'Sum', inputs: ['firstLogit', 'secondLogit'], outputs: ['sum'] },
        { op: 'Mul', inputs: ['sum', 'half'], outputs: ['logit'] },
      ],
      weights,
      inputs: input,
      outputs: { logit: [1, 1] },
    },
    smooth,
    null,
  )
  expect(before.facts.method).toBe('cam')
  const first = (x: number) => 3 * Math.max(0, 2 * x - 0.5) - 2 * Math.max(0, 1 - x)
  const second = (x: number) => 3 * (2 * x - 0.5) - 2 * (1 - x)
  for (const [i, value] of before.map.values.entries()) expect(value).toBeCloseTo(sigmoid((first(smooth[i]) + second(smooth[i])) / 2), 5)
  const outputs = [{ name: 'logit', kind: 'probabilities', activation: 'none', labels: [label] }] as PictureModel['outputs']
  const after = await explained(
    {
      nodes: [
        ...heads,
        { op: 'Sigmoid', inputs: ['firstLogit'], outputs: ['firstScore'] },
        { op: 'Sigmoid', inputs: ['secondLogit'], outputs: ['secondScore'] },
        { op: 'Sum', inputs: ['firstScore', 'secondScore'], outputs: ['sum'] },
        { op: 'Mul', inputs: ['sum', 'half'], outputs: ['logit'] },
      ],
      weights,
      inputs: input,
      outputs: { logit: [1, 1] },
    },
    smooth,
    null,
    classifier({ outputs }),
  )
  expect(after.facts).toMatchObject({ method: 'score-cam', channels: 4 })
})

test('a softmax at the end of the graph is taken at each place', async () => {
  const labels = [label, { name: 'none', title: 'None' }]
  const outputs = [{ name: 'logit', kind: 'probabilities', activation: 'none', labels }] as PictureModel['outputs']
  const graph: Graph = {
    nodes: [
      ...maps,
      { op: 'GlobalAveragePool', inputs: ['maps'], outputs: ['pooled'] },
      { op: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
      { op: 'Gemm', inputs: ['flat', 'head'], outputs: ['both'] },
      { op: 'Softmax', inputs: ['both'], outputs: ['logit'], attributes: [integer('axis', 1)] },
    ],
    weights: [two, twoBias, { name: 'head', shape: [2, 2], values: [3, 1, -2, 0.5] }],
    inputs: input,
    outputs: { logit: [1, 2] },
  }
  const { map, facts } = await explained(graph, smooth, null, classifier({ outputs }), 'none')
  expect(facts.method).toBe('cam')
  for (const [i, value] of map.values.entries()) {
    const [a, b] = [Math.max(0, 2 * smooth[i] - 0.5), Math.max(0, 1 - smooth[i])]
    expect(value).toBeCloseTo(sigmoid(a + 0.5 * b - (3 * a - 2 * b)), 5)
  }
})

test('a head that is no sum over places has no exact map', async () =>
  await expect(explained(greatest, blob, 'cam')).rejects.toMatchObject({ code: 'explanation.method' }))

test.each(['score-cam', 'occlusion'] as const)('%s finds the planted blob, and its map is trusted', async (method) => {
  const { map, facts } = await explained(greatest, blob, method)
  expect(facts.method).toBe(method)
  const peak = map.values.indexOf(facts.greatest)
  expect(inBlob(Math.floor(peak / side), peak % side)).toBe(true)
  // What lies far from the blob changes nothing.
  expect(map.values[2 * side + 28]).toBeLessThan(facts.greatest / 10)
  expect(facts.trust.deletion).toMatchObject({ passed: true, places: 8 })
  // Hiding the blob leaves 20 * 0.2 - 12 of 20 * 0.9 - 12.
  expect(facts.trust.deletion.fall).toBeCloseTo(sigmoid(6) - sigmoid(-8), 4)
  expect(facts.trust.repeatability.passed).toBe(true)
  expect(distrustOf(facts.trust)).toBeNull()
})

test('the scale is absolute: a weaker blob has a weaker map', async () => {
  const weaker = blob.map((value) => (value > 0.5 ? 0.6 : value))
  const [strong, weak] = [await explained(greatest, blob, 'score-cam'), await explained(greatest, weaker, 'score-cam')]
  expect(strong.facts.greatest).toBeCloseTo(sigmoid(6) - sigmoid(-8), 3)
  expect(weak.facts.greatest).toBeCloseTo(sigmoid(0) - sigmoid(-8), 3)
})

test('the deletion test tells a true map from a shuffled one', async () => {
  const model = classifier()
  const network = await ExplainedNetwork.open(
    { package: model, weights: modelOf(greatest) },
    labelOf(model, 'spot'),
    { provider: 'cpu', threads: 1 },
    blob,
    async () => {},
  )
  const nothing = nothingOf(blob, side, side)
  const score = await network.score(blob)
  const { map } = await explain(network, blob, 'occlusion')
  const shuffled = map.values.slice()
  for (let i = shuffled.length - 1, state = 7; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const j = Math.floor((state / 2 ** 32) * (i + 1))
    ;[shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]]
  }
  expect((await deletionTest(network, blob, nothing, score, hottestOf(map.values))).passed).toBe(true)
  expect((await deletionTest(network, blob, nothing, score, hottestOf(shuffled))).passed).toBe(false)
  await network.release()
})

test('a network that takes every fourth pixel alone does not repeat its map on a fine picture, but does on a smooth one', async () => {
  const aliasing: Graph = {
    ...linear,
    nodes: [{ ...maps[0], attributes: [integers('strides', [4, 4])] }, ...linear.nodes.slice(1)],
  }
  const fine = Float32Array.from({ length: side * side }, (_, i) => ((i * 7919 + ((i * i) % 31) * 13) % 97) / 97)
  const onFine = await explained(aliasing, fine, null)
  expect(onFine.facts.trust.repeatability.passed).toBe(false)
  const onSmooth = await explained(aliasing, smooth, null)
  expect(onSmooth.facts.trust.repeatability.passed).toBe(true)
})

test('a map of one value stands for nothing', () => expect(hottestOf(new Float32Array(100).fill(0.4))).toBeNull())
