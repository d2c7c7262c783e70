/** Translated networks in ONNX Runtime against TensorFlow.js itself, layer by layer and as whole networks. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import {
  layers as keras,
  loadLayersModel,
  model as kerasModel,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { input as kerasInput } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { openGraph } from '../../../main/inference/onnx-session'
import { channelsFirst, channelsLast } from '../../../main/inference/tfjs/channel-order'
import { openTfjsModel } from '../../../main/inference/tfjs/tfjs-model'
import { readTfjs, type TfjsModel } from '../../../main/networks/tfjs/read-tfjs'
import type { TranslateOptions } from '../../../main/networks/translate/translate-layers'
import { translateTfjs } from '../../../main/networks/translate/translate-tfjs'
import { hasSharedData, sharedData } from '../../shared-data'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** The same numbers each time, between -1 and 1. */
function numbers(count: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

/** With weights that are no initialiser's: moving averages above 0, nothing alike. */
function weighted(model: LayersModel): LayersModel {
  model.setWeights(
    model.weights.map((weight, index) => {
      const count = weight.shape.reduce<number>((a, b) => a * (b ?? 1), 1)
      const values = numbers(count, index + 7).map((value) => (/variance/.test(weight.name) ? 0.5 + Math.abs(value) : value * 0.4))
      return tf.tensor(values, weight.shape as number[])
    }),
  )
  return model
}

async function savedBy(model: LayersModel): Promise<TfjsModel> {
  let saved: tf.io.ModelArtifacts | undefined
  await model.save({
    save: async (artifacts) => {
      saved = artifacts
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    },
  })
  const { modelTopology, weightSpecs, weightData } = saved!
  const topology = { format: 'layers-model', modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] }
  const bytes = new Uint8Array(weightData as ArrayBuffer)
  return readTfjs({ topology: new TextEncoder().encode(JSON.stringify(topology)), weights: [{ name: 'weights.bin', bytes }] })
}

async function translated(
  model: TfjsModel,
  values: Float32Array<ArrayBuffer>,
  shape: readonly number[],
  options: Partial<TranslateOptions> = {},
) {
  const translation = translateTfjs(model, { normaliseAfter: null, openSides: false, ...options })
  if (translation.untranslatable) throw new Error(translation.untranslatable.join('; '))
  const session = await openGraph(translation.onnx, 'cpu', 2)
  const outputs = await session.run(values, shape, session.outputs)
  await session.release()
  return outputs
}

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]))
  return most
}

/** `shape`: with the channels first. */
async function compare(model: LayersModel, shape: readonly number[], tolerance = 2e-5): Promise<void> {
  const values = numbers(
    shape.reduce((a, b) => a * b, 1),
    3,
  )
  const saved = await savedBy(weighted(model))
  const last = channelsLast({ values, shape })
  const answers = [model.predict(tf.tensor(last.values, [...last.shape]))].flat()
  const outputs = await translated(saved, values, shape)
  expect(outputs).toHaveLength(answers.length)
  for (const [index, answer] of answers.entries()) {
    const expected = channelsFirst({ values: new Float32Array(await answer.data()), shape: answer.shape })
    expect(outputs[index].shape).toEqual(expected.shape)
    expect(furthest(outputs[index].values, expected.values)).toBeLessThan(tolerance)
  }
}

const picture = [11, 14, 3] as const
const volume = [7, 6, 9, 2] as const
type Layer = ReturnType<typeof keras.conv2d> | ReturnType<typeof keras.dense>
const onPicture = (...list: readonly unknown[]) => {
  const made = sequential()
  made.add(keras.inputLayer({ inputShape: [...picture] }))
  for (const layer of list) made.add(layer as Layer)
  return made
}

describe('a layer translated says what TensorFlow.js says:', () => {
  test.each<{ what: string; make: () => unknown[] }>([
    { what: 'convolution', make: () => [keras.conv2d({ filters: 4, kernelSize: [3, 5], activation: 'relu' })] },
    { what: 'convolution, same, stride 2', make: () => [keras.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' })] },
    { what: 'convolution, same, stride 3 of 4', make: () => [keras.conv2d({ filters: 2, kernelSize: 4, strides: 3, padding: 'same' })] },
    {
      what: 'dilated convolution',
      make: () => [keras.conv2d({ filters: 4, kernelSize: 3, dilationRate: [2, 3], padding: 'same', useBias: false })],
    },
    { what: 'even kernel, same', make: () => [keras.conv2d({ filters: 4, kernelSize: 4, padding: 'same' })] },
    {
      what: 'transposed convolution, same',
      make: () => [keras.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' })],
    },
    {
      what: 'transposed convolution, valid',
      make: () => [keras.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'valid' })],
    },
    {
      what: 'transposed convolution, even',
      make: () => [keras.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2, padding: 'same' })],
    },
    {
      what: 'depthwise convolution',
      make: () => [keras.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same', strides: 2 })],
    },
    {
      what: 'separable convolution',
      make: () => [keras.separableConv2d({ filters: 5, kernelSize: 3, depthMultiplier: 2, padding: 'same', activation: 'elu' })],
    },
    { what: 'greatest of a pool', make: () => [keras.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })] },
    { what: 'mean of a pool, edges left out', make: () => [keras.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })] },
    { what: 'pool without stride', make: () => [keras.maxPooling2d({ poolSize: [2, 3] })] },
    { what: 'global mean', make: () => [keras.globalAveragePooling2d({})] },
    { what: 'global greatest', make: () => [keras.globalMaxPooling2d({})] },
    { what: 'batch normalisation', make: () => [keras.batchNormalization({ epsilon: 0.01 })] },
    { what: 'batch normalisation without scale or centre', make: () => [keras.batchNormalization({ scale: false, center: false })] },
    { what: 'dense at each pixel', make: () => [keras.dense({ units: 6, activation: 'tanh' })] },
    { what: 'flatten and dense', make: () => [keras.flatten(), keras.dense({ units: 7, activation: 'softmax' })] },
    {
      what: 'reshape and permute',
      make: () => [keras.reshape({ targetShape: [7, 22, 3] }), keras.permute({ dims: [3, 1, 2] }), keras.flatten()],
    },
    { what: 'reshape to a row', make: () => [keras.reshape({ targetShape: [462] }), keras.dense({ units: 2 })] },
    {
      what: 'zero padding',
      make: () => [
        keras.zeroPadding2d({
          padding: [
            [1, 2],
            [0, 3],
          ],
        }),
      ],
    },
    {
      what: 'cropping',
      make: () => [
        keras.cropping2D({
          cropping: [
            [1, 2],
            [0, 3],
          ],
        }),
      ],
    },
    { what: 'up-sampling, nearest', make: () => [keras.upSampling2d({ size: [2, 3] })] },
    { what: 'up-sampling, bilinear', make: () => [keras.upSampling2d({ size: [2, 2], interpolation: 'bilinear' })] },
    { what: 'rescaling', make: () => [keras.rescaling({ scale: 0.5, offset: -1 })] },
    { what: 'ReLU to 6', make: () => [keras.rescaling({ scale: 9 }), keras.reLU({ maxValue: 6 })] },
    { what: 'leaky ReLU', make: () => [keras.leakyReLU({ alpha: 0.2 })] },
    { what: 'parametric ReLU', make: () => [keras.prelu({ sharedAxes: [1, 2] })] },
    { what: 'ELU', make: () => [keras.elu({ alpha: 1 })] },
    { what: 'softmax', make: () => [keras.flatten(), keras.softmax({ axis: 1 })] },
    { what: 'dropout, which does nothing', make: () => [keras.dropout({ rate: 0.5 }), keras.gaussianNoise({ stddev: 1 })] },
  ])('$what', ({ make }) => compare(onPicture(...make()), [1, 3, 11, 14]))

  test.each([
    'relu',
    'relu6',
    'elu',
    'selu',
    'sigmoid',
    'hardSigmoid',
    'tanh',
    'softplus',
    'softsign',
    'swish',
    'mish',
    'gelu',
    'gelu_new',
    'softmax',
    'linear',
  ] as const)('the activation %s', (activation) =>
    compare(onPicture(keras.rescaling({ scale: 4 }), keras.activation({ activation: activation as 'relu' })), [1, 3, 11, 14], 1e-4),
  )

  test.each<{ what: string; make: () => unknown[] }>([
    {
      what: 'dilated convolution',
      make: () => [keras.conv3d({ filters: 3, kernelSize: 3, padding: 'same', dilationRate: 2 as never, activation: 'relu' })],
    },
    {
      what: 'convolution with strides',
      make: () => [keras.conv3d({ filters: 3, kernelSize: [3, 2, 3], strides: [1, 2, 2], padding: 'same' })],
    },
    { what: 'greatest of a pool', make: () => [keras.maxPooling3d({ poolSize: [2, 2, 3], strides: [2, 1, 2], padding: 'same' })] },
    { what: 'mean of a pool', make: () => [keras.averagePooling3d({ poolSize: [2, 2, 2], padding: 'valid' })] },
  ])('in a volume, $what', ({ make }) => {
    const made = sequential()
    made.add(keras.inputLayer({ inputShape: [...volume] }))
    for (const layer of make()) made.add(layer as Layer)
    return compare(made, [1, 2, 7, 6, 9])
  })
})

const apply = (layer: unknown, ...inputs: SymbolicTensor[]) =>
  (layer as Layer).apply(inputs.length === 1 ? inputs[0] : inputs) as SymbolicTensor

test('a network with skips, a layer that stands twice, a nested model and two outputs', async () => {
  const image = kerasInput({ shape: [12, 16, 1], name: 'image' })
  const shared = keras.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', name: 'shared' })
  const first = apply(keras.conv2d({ filters: 4, kernelSize: 1, name: 'first' }), image)
  const twice = apply(shared, apply(shared, first))
  const skip = apply(keras.add(), first, twice)
  const inner = sequential({ name: 'inner' })
  inner.add(keras.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', inputShape: [12, 16, 4], name: 'innerConvolution' }))
  inner.add(keras.batchNormalization({ name: 'innerNorm' }))
  const low = apply(inner, skip)
  const up = apply(keras.upSampling2d({ size: [2, 2] }), low)
  const joined = apply(keras.concatenate({ axis: -1 }), up, skip)
  const map = apply(keras.conv2d({ filters: 2, kernelSize: 1, activation: 'softmax', name: 'map' }), joined)
  const merged = apply(keras.maximum(), apply(keras.average(), up, skip), apply(keras.multiply(), up, skip))
  const score = apply(keras.dense({ units: 3, activation: 'sigmoid', name: 'score' }), apply(keras.globalAveragePooling2d({}), merged))
  await compare(kerasModel({ inputs: image, outputs: [map, score] }), [1, 1, 12, 16])
})

test('what cannot be translated is named, all of it at once', async () => {
  const made = onPicture(
    keras.reshape({ targetShape: [14, 33] }),
    keras.lstm({ units: 4, name: 'memory', recurrentInitializer: 'glorotUniform' }),
    keras.layerNormalization({ name: 'norm' }),
  )
  const { onnx, untranslatable } = translateTfjs(await savedBy(made), { normaliseAfter: null, openSides: false })
  expect(onnx).toBeNull()
  expect(untranslatable).toEqual(['LSTM memory', 'LayerNormalization norm'])
})

const brainchop = join(sharedData, 'brainchop')
const nets = [
  ...[
    'model5_gw_ae',
    'model11_gw_ae',
    'model20chan3cls',
    'model18cls',
    'model30chan18cls',
    'model30chan50cls',
    'model21_104class',
    'mindgrab',
  ].map((name) => `models/${name}`),
  ...['mnm_tfjs_me_test', 'model21_3class', 'model11_50class'].map((name) => `models-v3/${name}`),
]

function brainchopNet(name: string): TfjsModel {
  const topology = readFileSync(join(brainchop, name, 'model.json'))
  const { weightsManifest } = JSON.parse(topology.toString()) as { weightsManifest: { paths: string[] }[] }
  const paths = weightsManifest.flatMap((group) => group.paths)
  return readTfjs({ topology, weights: paths.map((path) => ({ name: path, bytes: readFileSync(join(brainchop, name, path)) })) })
}

test.skipIf(!hasSharedData).each(nets)('%s says on a small crop what it says in TensorFlow.js', async (name) => {
  const shape = [1, 1, 10, 12, 11]
  const values = numbers(10 * 12 * 11, 5).map((value) => (value + 1) / 2)
  const net = brainchopNet(name)
  const [{ values: ours, shape: ourShape }] = await translated(net, values, shape, { openSides: true })
  // The topology states 256 a side; the layers take any.
  const small = JSON.parse(
    JSON.stringify(net.topology).replace(/"batch_input_shape":\[null,\d+,\d+,\d+,1\]/, '"batch_input_shape":[null,10,12,11,1]'),
  ) as TfjsModel['topology']
  const opened = await openTfjsModel({ ...net, topology: small }, 'tfjs-cpu')
  const [expected] = await opened.run({ values, shape })
  opened.dispose()
  expect(ourShape).toEqual(expected.shape)
  const scale = expected.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  expect(furthest(ours, expected.values) / scale).toBeLessThan(1e-5)
})

test.skipIf(!hasSharedData)('the normalisation that the topology of mindgrab leaves unsaid equals its formula', async () => {
  const shape = [1, 1, 6, 7, 8]
  const values = numbers(6 * 7 * 8, 9)
  const net = brainchopNet('models/mindgrab')
  const [{ values: ours }] = await translated(net, values, shape, { openSides: true, normaliseAfter: '_gn' })
  const small = JSON.parse(
    JSON.stringify(net.topology).replaceAll(/"batch_input_shape":\[null,\d+,\d+,\d+,1\]/g, '"batch_input_shape":[null,6,7,8,1]'),
  ) as object
  const specs = [...net.weights].map(([name, weight]) => ({ name, shape: [...weight.shape], dtype: 'float32' as const }))
  const weightData = Buffer.concat([...net.weights.values()].map((weight) => new Uint8Array(weight.values.buffer)))
  const loaded = await loadLayersModel(
    tf.io.fromMemory({ modelTopology: small, weightSpecs: specs, weightData: new Uint8Array(weightData).buffer }),
  )
  let x = tf.tensor(values, [1, 6, 7, 8, 1])
  for (const layer of loaded.layers.slice(1)) {
    x = layer.apply(x) as tf.Tensor
    if (!layer.name.endsWith('_gn')) continue
    const { mean, variance } = tf.moments(x, [1, 2, 3], true)
    x = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)))
  }
  const expected = channelsFirst({ values: new Float32Array(await x.data()), shape: x.shape })
  expect(furthest(ours, expected.values)).toBeLessThan(2e-3)
})
