/** Each kind of Keras layer in ONNX's operators. A kind that is not here is named and left to TensorFlow.js. */
import { OverreadError } from '../../../contracts/errors'
import { activated, clipped, scaled } from './activation'
import { convolve, convolveEach, convolveTransposed, globalPool, pool } from './convolution'
import { float, fromStart, graphAxis, int, range, Untranslatable, type GraphBuilder, type Value } from './graph-builder'
import type { LayerConfig } from './layer-config'
import { padded, reshaped, resized } from './rearrange'

export type TranslateLayer = (graph: GraphBuilder, inputs: readonly Value[], config: LayerConfig) => Value

const identity: TranslateLayer = (_, [value]) => value

const convolution =
  (spatial: number): TranslateLayer =>
  (graph, [value], config) => {
    config.requireChannelsLast()
    const convolved = convolve(graph, value, {
      kernel: config.weight('kernel', spatial + 2),
      bias: config.optionalWeight('bias', 1, config.flag('use_bias', true)),
      groups: config.number('groups', 1),
      strides: config.sides('strides', spatial),
      dilations: config.sides('dilation_rate', spatial),
      padding: config.padding(),
    })
    return activated(graph, convolved, config.text('activation', 'linear'))
  }

const pooling =
  (kind: 'max' | 'average', spatial: number): TranslateLayer =>
  (graph, [value], config) => {
    config.requireChannelsLast()
    const sides = config.sides('pool_size', spatial, 2)
    const strides = config.has('strides') ? config.sides('strides', spatial) : sides
    return pool(graph, value, kind, { sides, strides, padding: config.padding() })
  }

const globalPooling =
  (kind: 'max' | 'average'): TranslateLayer =>
  (graph, [value], config) => {
    config.requireChannelsLast()
    return globalPool(graph, value, kind, config.flag('keepdims', false))
  }

/** Of tensors of one shape, or of shapes that stretch to one. */
const merging =
  (op: 'Add' | 'Mul' | 'Max' | 'Min' | 'Sub' | 'Mean'): TranslateLayer =>
  (graph, inputs) => {
    const [first] = inputs
    if (inputs.length < 2 || inputs.some(({ shape }) => shape.length !== first.shape.length))
      throw new Untranslatable('what is merged has other ranks')
    const names = inputs.map(({ name }) => name)
    const shape = first.shape.map((_, axis) => inputs.reduce<number | null>((side, value) => stretched(side, value.shape[axis]), 1))
    const variadic = op === 'Max' || op === 'Min' || op === 'Mean'
    const name = variadic ? graph.node(op, names) : names.reduce((sum, next) => graph.node(op, [sum, next]))
    return { name, shape }
  }

function stretched(a: number | null, b: number | null): number | null {
  if (a === 1) return b
  return b === 1 || a === b || b === null ? a : a === null ? b : mismatch(a, b)
}

function mismatch(a: number, b: number): never {
  throw new OverreadError('model.schema', `lengths of ${a} and ${b} are merged`)
}

const concatenate: TranslateLayer = (graph, inputs, config) => {
  const axis = config.number('axis', -1)
  const [first] = inputs
  const rank = first.shape.length + 1
  const counted = fromStart(axis, rank) - 1
  if (!Number.isInteger(axis) || counted < 0 || counted >= first.shape.length)
    throw new Untranslatable(`a concatenation along axis ${axis}`)
  const shape = first.shape.map((side, place) =>
    place !== counted
      ? side
      : inputs.reduce<number | null>((sum, value) => (sum === null || value.shape[place] === null ? null : sum + value.shape[place]!), 0),
  )
  const names = inputs.map(({ name }) => name)
  return { name: graph.node('Concat', names, { axis: int(graphAxis(first, axis)) }), shape }
}

const dense: TranslateLayer = (graph, [value], config) => {
  const kernel = config.weight('kernel', 2)
  const bias = config.optionalWeight('bias', 1, config.flag('use_bias', true))
  const [channels, units] = kernel.shape
  if (value.shape.at(-1) !== channels) throw new OverreadError('model.weights', `the layer ${config.name} takes ${channels} values`)
  const activation = config.text('activation', 'linear')
  // At each place of a picture the same: a convolution of one pixel.
  if (value.shape.length >= 3) {
    const spatial = value.shape.length - 1
    const ones = range(0, spatial).map(() => 1)
    const point = { shape: [...ones, channels, units], values: kernel.values }
    const convolved = convolve(graph, value, { kernel: point, bias, groups: 1, strides: ones, dilations: ones, padding: 'valid' })
    return activated(graph, convolved, activation)
  }
  const product = graph.node('MatMul', [value.name, graph.weight(kernel)])
  const name = bias ? graph.node('Add', [product, graph.weight(bias)]) : product
  return activated(graph, { name, shape: [...value.shape.slice(0, -1), units] }, activation)
}

const batchNormalisation: TranslateLayer = (graph, [value], config) => {
  requireLastAxis(value, config)
  const mean = config.weight('moving_mean', 1)
  const variance = config.weight('moving_variance', 1)
  const [channels] = mean.shape
  const filled = (number: number) => ({ shape: [channels], values: new Float32Array(channels).fill(number) })
  const gamma = config.optionalWeight('gamma', 1, config.flag('scale', true)) ?? filled(1)
  const beta = config.optionalWeight('beta', 1, config.flag('center', true)) ?? filled(0)
  if (value.shape.length === 2) throw new Untranslatable('a normalisation of a sequence')
  const inputs = [gamma, beta, mean, variance].map((each) => graph.weight(each))
  return { ...value, name: graph.node('BatchNormalization', [value.name, ...inputs], { epsilon: float(config.number('epsilon', 1e-3)) }) }
}

function requireLastAxis({ shape }: Value, config: LayerConfig): void {
  const axis = config.has('axis') ? config.axis('axis') : -1
  if (axis !== -1 && axis !== shape.length) throw new Untranslatable(`an axis ${axis}`)
}

const depthwise: TranslateLayer = (graph, [value], config) => {
  config.requireChannelsLast()
  const convolved = convolveEach(graph, value, {
    kernel: config.weight('depthwise_kernel', 4),
    bias: config.optionalWeight('bias', 1, config.flag('use_bias', true)),
    strides: config.sides('strides', 2),
    dilations: config.sides('dilation_rate', 2),
    padding: config.padding(),
  })
  return activated(graph, convolved, config.text('activation', 'linear'))
}

const separable: TranslateLayer = (graph, [value], config) => {
  config.requireChannelsLast()
  const each = convolveEach(graph, value, {
    kernel: config.weight('depthwise_kernel', 4),
    bias: null,
    strides: config.sides('strides', 2),
    dilations: config.sides('dilation_rate', 2),
    padding: config.padding(),
  })
  const joined = convolve(graph, each, {
    kernel: config.weight('pointwise_kernel', 4),
    bias: config.optionalWeight('bias', 1, config.flag('use_bias', true)),
    groups: 1,
    strides: [1, 1],
    dilations: [1, 1],
    padding: 'valid',
  })
  return activated(graph, joined, config.text('activation', 'linear'))
}

const transposed =
  (spatial: number): TranslateLayer =>
  (graph, [value], config) => {
    config.requireChannelsLast()
    if (config.has('output_padding')) throw new Untranslatable('an output padding')
    if (config.sides('dilation_rate', spatial).some((side) => side !== 1)) throw new Untranslatable('a dilation')
    const convolved = convolveTransposed(graph, value, {
      kernel: config.weight('kernel', spatial + 2),
      bias: config.optionalWeight('bias', 1, config.flag('use_bias', true)),
      strides: config.sides('strides', spatial),
      padding: config.padding(),
    })
    return activated(graph, convolved, config.text('activation', 'linear'))
  }

const flatten: TranslateLayer = (graph, [value], config) => {
  config.requireChannelsLast()
  const length = value.shape.reduce<number | null>((product, side) => (product === null || side === null ? null : product * side), 1)
  return { name: graph.node('Flatten', [graph.channelsLast(value)], { axis: int(1) }), shape: [length] }
}

const reshape: TranslateLayer = (graph, [value], config) => reshaped(graph, value, config.integers('target_shape'))

const permute: TranslateLayer = (graph, [value], config) => {
  const order = config.integers('dims')
  const sorted = [...order].sort((a, b) => a - b)
  if (!sorted.every((axis, index) => axis === index + 1) || order.length !== value.shape.length)
    throw new Untranslatable('an order of other axes')
  const turned = graph.node('Transpose', [graph.channelsLast(value)], { perm: { kind: 'ints', values: [0, ...order] } })
  return graph.channelsFirst(
    turned,
    order.map((axis) => value.shape[axis - 1]),
  )
}

const zeroPadding =
  (spatial: number): TranslateLayer =>
  (graph, [value], config) => {
    config.requireChannelsLast()
    return padded(graph, value, config.margins('padding', spatial))
  }

const cropping =
  (spatial: number): TranslateLayer =>
  (graph, [value], config) => {
    config.requireChannelsLast()
    const margins = config.margins('cropping', spatial)
    const shape = value.shape.map((side, axis) => (side === null || axis >= spatial ? side : side - margins[axis][0] - margins[axis][1]))
    if (shape.some((side) => side !== null && side < 1)) throw new OverreadError('model.schema', `the layer ${config.name} leaves nothing`)
    const end = (after: number) => (after === 0 ? 2 ** 31 - 1 : -after)
    const name = graph.node('Slice', [
      value.name,
      graph.integers(margins.map(([before]) => before)),
      graph.integers(margins.map(([, after]) => end(after))),
      graph.integers(range(2, 2 + spatial)),
    ])
    return { name, shape }
  }

/** As TensorFlow.js samples: a pixel's place is its index times the ratio, without half a pixel. */
const upSampling: TranslateLayer = (graph, [value], config) => {
  config.requireChannelsLast()
  const size = config.sides('size', 2, 2)
  const mode = config.text('interpolation', 'nearest')
  if (mode !== 'nearest' && mode !== 'bilinear') throw new Untranslatable(`the interpolation ${mode}`)
  const name = resized(graph, value.name, {
    scales: [1, 1, ...size],
    mode: mode === 'nearest' ? 'nearest' : 'linear',
    places: 'asymmetric',
  })
  return { name, shape: value.shape.map((side, axis) => (side === null || axis > 1 ? side : side * size[axis])) }
}

const rectified: TranslateLayer = (graph, [value], config) => {
  if (config.number('negative_slope', 0) !== 0 || config.number('threshold', 0) !== 0) throw new Untranslatable('a slope or a threshold')
  const name = config.has('max_value') ? clipped(graph, value.name, 0, config.number('max_value', 0)) : graph.node('Relu', [value.name])
  return { ...value, name }
}

const parametric: TranslateLayer = (graph, [value], config) => {
  const rank = value.shape.length
  const { shape, values } = config.weight('alpha', rank)
  if (shape.slice(0, -1).some((side) => side !== 1)) throw new Untranslatable('a slope a pixel')
  const slope = rank < 3 ? graph.floats([shape.at(-1)!], values) : graph.floats([shape.at(-1)!, ...range(1, rank).map(() => 1)], values)
  return { ...value, name: graph.node('PRelu', [value.name, slope]) }
}

export const layers: Readonly<Record<string, TranslateLayer>> = {
  Conv2D: convolution(2),
  Conv3D: convolution(3),
  Convolution2D: convolution(2),
  Convolution3D: convolution(3),
  Conv2DTranspose: transposed(2),
  Conv3DTranspose: transposed(3),
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  Dense: dense,
  MaxPooling2D: pooling('max', 2),
  MaxPooling3D: pooling('max', 3),
  AveragePooling2D: pooling('average', 2),
  AveragePooling3D: pooling('average', 3),
  GlobalMaxPooling2D: globalPooling('max'),
  GlobalAveragePooling2D: globalPooling('average'),
  BatchNormalization: batchNormalisation,
  Activation: (graph, [value], config) => activated(graph, value, config.text('activation', 'linear')),
  ReLU: rectified,
  LeakyReLU: (graph, [value], config) => ({
    ...value,
    name: graph.node('LeakyRelu', [value.name], { alpha: float(config.number('alpha', 0.3)) }),
  }),
  PReLU: parametric,
  ELU: (graph, [value], config) => ({ ...value, name: graph.node('Elu', [value.name], { alpha: float(config.number('alpha', 1)) }) }),
  Softmax: (graph, [value], config) => {
    requireLastAxis(value, config)
    return activated(graph, value, 'softmax')
  },
  Dropout: identity,
  SpatialDropout2D: identity,
  GaussianNoise: identity,
  GaussianDropout: identity,
  AlphaDropout: identity,
  Flatten: flatten,
  Reshape: reshape,
  Permute: permute,
  ZeroPadding2D: zeroPadding(2),
  Cropping2D: cropping(2),
  UpSampling2D: upSampling,
  Rescaling: (graph, [value], config) => ({
    ...value,
    name: scaled(graph, value.name, config.number('scale', 1), config.number('offset', 0)),
  }),
  Add: merging('Add'),
  Subtract: merging('Sub'),
  Multiply: merging('Mul'),
  Average: merging('Mean'),
  Maximum: merging('Max'),
  Minimum: merging('Min'),
  Concatenate: concatenate,
}

/** Zero mean and unit variance of each channel over the sides of a picture or volume, which some topologies leave unsaid. */
export function normalisedByChannel(graph: GraphBuilder, value: Value): Value {
  const channels = value.shape.at(-1)
  if (value.shape.length < 3 || channels === null || channels === undefined) throw new Untranslatable('a normalisation of no picture')
  const [ones, zeros] = [new Float32Array(channels).fill(1), new Float32Array(channels)]
  const inputs = [value.name, graph.floats([channels], ones), graph.floats([channels], zeros)]
  return { ...value, name: graph.node('InstanceNormalization', inputs, { epsilon: float(1e-5) }) }
}
