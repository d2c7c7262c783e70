import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeOnnx, tensorFloats, tensorIntegers } from '../../../../main/networks/onnx/decode-onnx'
import { encodeOnnx, withAdditions } from '../../../../main/networks/onnx/encode-onnx'
import { floatTensor, int64Tensor, type OnnxGraph, type OnnxNode } from '../../../../main/networks/onnx/graph'
import { fieldsOf, joined, numberField } from '../../../../main/networks/onnx/wire'
import { repository } from '../../../shared-data'

const node: OnnxNode = {
  op: 'Conv',
  domain: '',
  name: 'first',
  inputs: ['x', 'w', ''],
  outputs: ['y'],
  attributes: {
    axis: { kind: 'int', value: -1 },
    alpha: { kind: 'float', value: 0.25 },
    mode: { kind: 'string', value: 'linear' },
    pads: { kind: 'ints', values: [0, 1, -2, 300] },
    scales: { kind: 'floats', values: [1, 0.5] },
    names: { kind: 'strings', values: ['a', ''] },
    value: { kind: 'tensor', value: floatTensor([2], Float32Array.of(1, 2)) },
  },
}
const graph: OnnxGraph = {
  opsets: [{ domain: '', version: 17 }],
  nodes: [node],
  weights: new Map([
    ['w', floatTensor([1, 2], Float32Array.of(3, -4))],
    ['shape', int64Tensor([2], [-1, 7])],
  ]),
  inputs: [{ name: 'x', type: 1, shape: [1, null, 8] }],
  outputs: [{ name: 'y', type: 1, shape: null }],
}

test('a model is read as it was written', () => {
  const read = decodeOnnx(encodeOnnx(graph))
  expect(read).toEqual(graph)
  expect([...tensorFloats(read.weights.get('w')!)]).toEqual([3, -4])
  expect(tensorIntegers(read.weights.get('shape')!)).toEqual([-1, 7])
})

test('signed numbers of 64 bits survive the wire', () =>
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect([...fieldsOf(joined(numberField(3, value)))]).toMatchObject([{ number: 3, value }])
    }),
  ))

test.each(['brain-flair-abnormality', 'chest-lungs', 'chest-pneumonia', 'chest-input-check'])(
  '%s: nodes come after what they read',
  (id) => {
    const { nodes, weights, inputs, outputs } = decodeOnnx(readFileSync(join(repository, `models/${id}/model.onnx`)))
    const known = new Set([...weights.keys(), ...inputs.map(({ name }) => name), ''])
    for (const { inputs: read, outputs: made } of nodes) {
      expect(read.filter((name) => !known.has(name))).toEqual([])
      made.forEach((name) => known.add(name))
    }
    expect(inputs).toHaveLength(1)
    expect(outputs.every(({ name }) => known.has(name))).toBe(true)
  },
)

test('an addition leaves the rest of the file as it was', () => {
  const before = encodeOnnx(graph)
  const added: OnnxNode = { op: 'Relu', domain: '', name: '', inputs: ['y'], outputs: ['z'], attributes: {} }
  const after = decodeOnnx(withAdditions(before, { nodes: [added], weights: new Map([['v', int64Tensor([1], [5])]]), outputs: ['z', 'x'] }))
  expect(after.nodes).toEqual([node, added])
  expect([...after.weights.keys()]).toEqual(['w', 'shape', 'v'])
  expect(after.outputs.map(({ name }) => name)).toEqual(['y', 'z', 'x'])
  expect(decodeOnnx(withAdditions(before, {}))).toEqual(graph)
})

test('a model cut short is refused with its code', () => {
  const whole = encodeOnnx(graph)
  for (let length = 0; length < whole.length; length++) {
    // A message may end between two of its fields; then the graph is missing.
    try {
      decodeOnnx(whole.subarray(0, length))
    } catch (error) {
      expect(error).toMatchObject({ code: 'model.weights' })
    }
  }
  expect(() => decodeOnnx(whole.subarray(0, 40))).toThrow(/ONNX/)
})
