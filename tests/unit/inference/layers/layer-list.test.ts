import { describe, expect, test } from 'vitest'
import { mostLayers } from '../../../../contracts/layers'
import { layersOf } from '../../../../main/inference/layers/layer-list'
import { stepsAfter } from '../../../../main/inference/layers/steps-after'
import { decodeOnnx } from '../../../../main/networks/onnx/decode-onnx'
import { identityPackage } from '../../../integration/inference/tiny-packages'
import { integer, integers, modelOf, type Graph, type Node, type Weights } from '../../../integration/inference/onnx-writer'

const weights = (name: string, ...shape: number[]): Weights => ({
  name,
  shape,
  values: new Float32Array(shape.reduce((product, side) => product * side, 1)),
})
const inputs = { image: [1, 1, 8, 8] }
const listOf = (graph: Omit<Graph, 'inputs'>) => layersOf(decodeOnnx(modelOf({ inputs, ...graph })))
/** The one layer of a node. */
const layerOf = (node: Omit<Node, 'outputs'>, more: Partial<Graph> = {}) =>
  listOf({ nodes: [{ ...node, outputs: ['y'] }], outputs: { y: [1] }, ...more })[0]

/** A half-size way and a way past it, joined again; a shortcut; plumbing; a head. */
const branched: Omit<Graph, 'inputs'> = {
  nodes: [
    { op: 'Identity', inputs: ['w1'], outputs: ['w1.copy'] },
    { op: 'Conv', inputs: ['image', 'w1.copy', 'b1'], outputs: ['a'], attributes: [integers('pads', [1, 1, 1, 1])] },
    { op: 'Relu', inputs: ['a'], outputs: ['a.on'] },
    { op: 'MaxPool', inputs: ['a.on'], outputs: ['half'], attributes: [integers('kernel_shape', [2, 2]), integers('strides', [2, 2])] },
    { op: 'Conv', inputs: ['half', 'w2'], outputs: ['b'] },
    { op: 'Identity', inputs: ['half'], outputs: ['half.copy'] },
    { op: 'Add', inputs: ['b', 'half.copy'], outputs: ['sum'] },
    { op: 'Relu', inputs: ['sum'], outputs: ['sum.on'] },
    { op: 'Shape', inputs: ['a.on'], outputs: ['size'] },
    { op: 'Resize', inputs: ['sum.on', '', 'twofold'], outputs: ['whole'] },
    { op: 'Concat', inputs: ['a.on', 'whole'], outputs: ['both'], attributes: [integer('axis', 1)] },
    { op: 'GlobalAveragePool', inputs: ['both'], outputs: ['means'] },
    { op: 'Reshape', inputs: ['means', 'flat'], outputs: ['row'] },
    { op: 'Gemm', inputs: ['row', 'w3', 'b3'], outputs: ['scores'] },
  ],
  weights: [
    weights('w1', 4, 1, 3, 3),
    weights('b1', 4),
    weights('w2', 4, 4, 1, 1),
    { name: 'twofold', shape: [4], values: [1, 1, 2, 2] },
    weights('w3', 8, 2),
    weights('b3', 2),
  ],
  shapes: [{ name: 'flat', shape: [2], values: [1, 8] }],
  outputs: { scores: [1, 2] },
}

describe('a network with branches', () => {
  const layers = listOf(branched)

  test('is told in its order, without its plumbing', () =>
    expect(layers.map(({ title }) => title)).toEqual([
      'Convolution',
      'ReLU',
      'Max pooling',
      'Convolution',
      'Sum',
      'ReLU',
      'Resize',
      'Concatenation',
      'Global average pooling',
      'Fully connected',
    ]))

  test('arrows lead from each layer to those that read it, through what is left out', () =>
    expect(layers.map((layer) => layer.inputs)).toEqual([[-1], [0], [1], [2], [2, 3], [4], [5], [1, 6], [7], [8]]))

  test('what follows a layer alone is one step with it', () =>
    expect(layers.map(({ block }) => block)).toEqual([0, 0, 1, 2, 3, 3, 4, 5, 6, 7]))

  test('weights are counted where they lie behind plumbing too', () =>
    expect(layers.map((layer) => layer.weights)).toEqual([40, 0, 0, 16, 0, 0, 4, 0, 0, 18]))

  test('each says what it does', () => {
    expect(layers[0].words).toBe('4 filters of 3 × 3 look for patterns in the one map before')
    expect(layers[2].words).toBe('Keeps the greatest value of each 2 × 2 pixels')
    expect(layers[3].words).toBe('4 mixtures of the 4 maps before, pixel by pixel')
    expect(layers[4].words).toMatch(/shortcut/)
    expect(layers[6].words).toBe('Enlarges each map 2 × 2 fold, repeating pixels')
    expect(layers[7].words).toBe('Lays the maps of 2 layers behind one another')
    expect(layers[9].words).toBe('Each of 2 values weighs all 8 before')
  })
})

test('an activation whose input is read elsewhere too stands by itself', () => {
  const layers = listOf({
    nodes: [
      { op: 'Conv', inputs: ['image', 'w'], outputs: ['a'] },
      { op: 'Relu', inputs: ['a'], outputs: ['b'] },
      { op: 'Add', inputs: ['a', 'b'], outputs: ['c'] },
    ],
    weights: [weights('w', 1, 1, 1, 1)],
    outputs: { c: [1] },
  })
  expect(layers.map(({ block }) => block)).toEqual([0, 1, 2])
})

test('what does not depend on the picture is no layer', () => {
  const layers = listOf({
    nodes: [
      { op: 'Relu', inputs: ['w'], outputs: ['fixed'] },
      { op: 'Mul', inputs: ['image', 'fixed'], outputs: ['c'] },
    ],
    weights: [weights('w', 1)],
    outputs: { c: [1] },
  })
  expect(layers.map(({ title, words, inputs: from }) => ({ title, words, from }))).toEqual([
    { title: 'Product', words: 'Multiplies the values by fixed factors', from: [-1] },
  ])
})

test('the sides are followed where an exporter turned them, until a convolution turns them back', () => {
  const layers = listOf({
    nodes: [
      { op: 'Transpose', inputs: ['image'], outputs: ['turned'], attributes: [integers('perm', [0, 2, 3, 1])] },
      { op: 'Relu', inputs: ['turned'], outputs: ['last'] },
      { op: 'Transpose', inputs: ['last'], outputs: ['back'], attributes: [integers('perm', [0, 3, 1, 2])] },
      { op: 'Relu', inputs: ['back'], outputs: ['first'] },
    ],
    outputs: { first: [1] },
  })
  expect(layers.map(({ channelsLast }) => channelsLast)).toEqual([true, false])
})

test.each([
  [
    { op: 'Conv', inputs: ['image', 'w'], attributes: [integers('dilations', [2, 2])] },
    weights('w', 8, 4, 3, 3),
    '8 filters of 3 × 3 look for patterns in the 4 maps before, spread over 5 × 5 pixels',
  ],
  [
    { op: 'Conv', inputs: ['image', 'w'], attributes: [integers('strides', [2, 2])] },
    weights('w', 1, 4, 3, 5),
    '1 filter of 3 × 5 looks for patterns in the 4 maps before, in steps of 2 × 2 pixels, which makes the maps smaller',
  ],
  [
    { op: 'Conv', inputs: ['image', 'w'], attributes: [integer('group', 4)] },
    weights('w', 8, 1, 3, 3),
    'Each of the 4 maps before gets 2 filters of its own, 3 × 3',
  ],
  [
    { op: 'Conv', inputs: ['image', 'w'], attributes: [integer('group', 2)] },
    weights('w', 8, 2, 3, 3),
    '8 filters of 3 × 3 look for patterns in the 4 maps before, in 2 groups',
  ],
  [
    { op: 'ConvTranspose', inputs: ['image', 'w'] },
    weights('w', 4, 8, 2, 2),
    '8 filters of 2 × 2 paint larger maps from the 4 maps before',
  ],
  [{ op: 'Gemm', inputs: ['image', 'w'], attributes: [integer('transB', 1)] }, weights('w', 2, 9), 'Each of 2 values weighs all 9 before'],
  [{ op: 'MatMul', inputs: ['image', 'w'] }, weights('w', 9, 1), 'One value weighs all 9 before'],
  [{ op: 'Clip', inputs: ['image', 'low', 'w'] }, { name: 'w', shape: [], values: [6] }, 'Cuts off what is above 6'],
  [{ op: 'Conjure', inputs: ['image'] }, weights('w', 1), 'The operation "Conjure" of the graph'],
] as const)('%o is told in words', (node, weight, words) => expect(layerOf(node, { weights: [weight] }).words).toBe(words))

test('names and numbers of layers are bounded', () => {
  const long = 'n'.repeat(5000)
  const [layer] = listOf({ nodes: [{ op: 'x'.repeat(5000), inputs: ['image'], outputs: [long] }], outputs: { [long]: [1] } })
  expect(Math.max(layer.name.length, layer.title.length, layer.words.length)).toBeLessThanOrEqual(200)
  const nodes = Array.from({ length: mostLayers + 1 }, (_, at) => ({
    op: 'Relu',
    inputs: [at === 0 ? 'image' : `v${at}`],
    outputs: [`v${at + 1}`],
  }))
  expect(() => listOf({ nodes, outputs: {} })).toThrow(expect.objectContaining({ code: 'layers.not-offered' }))
})

test('what Overread does after the graph is said of each output that it is done to', () => {
  const model = identityPackage(8)
  expect(stepsAfter(model)).toEqual([])
  const sigmoid = { ...model, outputs: [{ ...model.outputs[0], activation: 'sigmoid' as const }] }
  expect(stepsAfter(sigmoid)).toEqual(['Of the output map Overread then makes a score between 0 and 1 of each value by the sigmoid.'])
})
