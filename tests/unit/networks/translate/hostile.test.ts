/** Topologies that lie: each is refused with its code, none runs in circles. */
import { expect, test } from 'vitest'
import { readTfjs } from '../../../../main/networks/tfjs/read-tfjs'
import { translateTfjs } from '../../../../main/networks/translate/translate-tfjs'

const kernel = { name: 'c/kernel', shape: [3, 3, 1, 1], dtype: 'float32' }
const bias = { name: 'c/bias', shape: [1], dtype: 'float32' }
const source = (name: string) => [[[name, 0, 0, {}]]]
const input = {
  class_name: 'InputLayer',
  name: 'x',
  config: { name: 'x', batch_input_shape: [null, 8, 8, 1] },
  inbound_nodes: [] as unknown,
}
const convolution = (config: object = {}, inbound: unknown = source('x')) => ({
  class_name: 'Conv2D',
  name: 'c',
  config: { name: 'c', filters: 1, kernel_size: [3, 3], strides: [1, 1], padding: 'same', activation: 'linear', use_bias: true, ...config },
  inbound_nodes: inbound,
})
const model = (layers: readonly unknown[], output = 'c') => ({
  class_name: 'Functional',
  config: { name: 'm', layers, input_layers: [['x', 0, 0]], output_layers: [[output, 0, 0]] },
})

interface Files {
  readonly topology?: unknown
  readonly weights?: readonly object[]
  readonly paths?: readonly string[]
  readonly bytes?: number
}

function translate({ topology = model([input, convolution()]), weights = [kernel, bias], paths = ['w.bin'], bytes = 40 }: Files) {
  const content = { format: 'layers-model', modelTopology: { model_config: topology }, weightsManifest: [{ paths, weights }] }
  const files = [{ name: 'w.bin', bytes: new Uint8Array(bytes) }]
  return translateTfjs(readTfjs({ topology: new TextEncoder().encode(JSON.stringify(content)), weights: files }), {
    normaliseAfter: null,
    openSides: false,
  })
}

test('the plain one is translated', () => expect(translate({}).untranslatable).toBeNull())

const nested = (depth: number): unknown =>
  depth === 0 ? convolution() : { ...model([input, nested(depth - 1)]), name: 'c', inbound_nodes: source('x') }

test.each<{ why: string; code: string; files: Files }>([
  { why: 'weights beyond their file', code: 'model.weights', files: { bytes: 36 } },
  { why: 'bytes that belong to nothing', code: 'model.weights', files: { bytes: 44 } },
  { why: 'a weight of a thousand million sides', code: 'model.schema', files: { weights: [{ ...kernel, shape: [1e9, 1e9] }] } },
  {
    why: 'a weight whose size overflows',
    code: 'model.weights',
    files: { weights: [{ ...kernel, shape: [16_000_000, 16_000_000, 16_000_000] }] },
  },
  { why: 'a weight that stands twice', code: 'model.schema', files: { weights: [kernel, kernel], bytes: 72 } },
  { why: 'a weight file that the package does not name', code: 'model.path', files: { paths: ['../w.bin'] } },
  { why: 'a weight file twice', code: 'model.schema', files: { paths: ['w.bin', 'w.bin'] } },
  { why: 'a kind of number that is none', code: 'model.schema', files: { weights: [{ ...kernel, dtype: 'string' }] } },
  { why: 'a missing weight', code: 'model.weights', files: { weights: [kernel], bytes: 36 } },
  { why: 'a weight of another rank', code: 'model.weights', files: { weights: [{ ...kernel, shape: [9] }, bias] } },
  { why: 'a circle', code: 'model.schema', files: { topology: model([input, convolution({}, source('c'))]) } },
  { why: 'a layer that is not there', code: 'model.schema', files: { topology: model([input, convolution({}, source('ghost'))]) } },
  { why: 'an output that is not there', code: 'model.schema', files: { topology: model([input, convolution()], 'ghost') } },
  { why: 'an output named after the prototype', code: 'model.schema', files: { topology: model([input, convolution()], '__proto__') } },
  { why: 'no input', code: 'model.schema', files: { topology: model([convolution()]) } },
  { why: 'two inputs', code: 'model.schema', files: { topology: model([input, { ...input, name: 'y' }, convolution()]) } },
  {
    why: 'an input without a shape',
    code: 'model.schema',
    files: { topology: model([{ ...input, config: { name: 'x' } }, convolution()]) },
  },
  { why: 'a stride of none', code: 'model.schema', files: { topology: model([input, convolution({ strides: [0, 1] })]) } },
  { why: 'a stride of a thousand million', code: 'model.schema', files: { topology: model([input, convolution({ strides: 1e9 })]) } },
  { why: 'models nested without end', code: 'model.schema', files: { topology: nested(12) } },
  { why: 'layers that are no list', code: 'model.schema', files: { topology: { class_name: 'Functional', config: { layers: 'many' } } } },
  { why: 'a topology that is a text', code: 'model.schema', files: { topology: 'conv' } },
])('$why is refused', ({ code, files }) => {
  expect(() => translate(files)).toThrow(expect.objectContaining({ code }) as Error)
})

test.each([
  { what: 'a layer of its own', layer: { ...convolution(), class_name: 'Lambda' } },
  { what: 'a kind named after the prototype', layer: { ...convolution(), class_name: 'constructor' } },
  { what: 'an activation of its own', layer: convolution({ activation: 'mine' }) },
  { what: 'channels that come first', layer: convolution({ data_format: 'channels_first' }) },
  { what: 'a kernel larger than the picture', layer: convolution({ dilation_rate: [9, 9], padding: 'valid' }) },
])('$what is named and not translated', ({ layer }) => {
  expect(translate({ topology: model([input, layer]) })).toMatchObject({ onnx: null, untranslatable: [expect.stringContaining(' c')] })
})
