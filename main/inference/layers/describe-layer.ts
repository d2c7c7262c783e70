/** What a layer does, in words for a person who does not know the operators' names. */
import type { LayerKind } from '../../../contracts/layers'
import type { OnnxNode } from '../../networks/onnx/graph'
import { describeConvolution } from './describe-convolution'
import { floatAttribute, integerAttribute, integersAttribute, times } from './attributes'
import type { GraphValues } from './graph-values'
import { tensorFloats } from '../../networks/onnx/decode-onnx'

export interface LayerWords {
  readonly kind: LayerKind
  readonly title: string
  readonly words: string
}

type Describe = (node: OnnxNode, values: GraphValues) => LayerWords

const activation = (title: string, words: string): LayerWords => ({ kind: 'activation', title, words })

/** Activations that have nothing to set. */
const activations: Readonly<Record<string, LayerWords>> = {
  Relu: activation('ReLU', 'Keeps what is above zero and sets the rest to zero'),
  Tanh: activation('Tanh', 'Squeezes every value to between -1 and 1'),
  HardSwish: activation('Hard swish', 'Keeps large values, fades out those below zero'),
  HardSigmoid: activation('Hard sigmoid', 'Squeezes every value to between 0 and 1 by straight lines'),
  Elu: activation('ELU', 'Keeps what is above zero and bends the rest towards a small negative value'),
  Selu: activation('SELU', 'Keeps what is above zero, a little enlarged, and bends the rest towards a negative value'),
  Gelu: activation('GELU', 'Keeps large values, fades out those below zero'),
  Mish: activation('Mish', 'Keeps large values, fades out those below zero'),
  Softplus: activation('Softplus', 'Keeps what is far above zero and bends the rest softly to zero'),
  PRelu: activation('PReLU', 'Keeps what is above zero and shrinks the rest by a learnt factor'),
}

const describers: Readonly<Record<string, Describe>> = {
  Conv: describeConvolution,
  ConvTranspose: describeConvolution,
  BatchNormalization: () => normalisation('Batch normalisation', 'Shifts and scales each map by what was usual in training'),
  InstanceNormalization: () => normalisation('Instance normalisation', 'Brings each map to the same mean and spread on this picture'),
  GroupNormalization: () => normalisation('Group normalisation', 'Brings groups of maps to the same mean and spread on this picture'),
  LayerNormalization: () => normalisation('Layer normalisation', 'Brings the values at each place to the same mean and spread'),
  LRN: () => normalisation('Local response normalisation', 'Damps a value where those of neighbouring maps are large'),
  LeakyRelu: (node) =>
    activation('Leaky ReLU', `Keeps what is above zero and shrinks the rest to ${rounded(floatAttribute(node, 'alpha', 0.01))} of it`),
  Clip: describeClip,
  Sigmoid: () => ({ kind: 'probability', title: 'Sigmoid', words: 'Makes a score between 0 and 1 of each value' }),
  Softmax: () => ({ kind: 'probability', title: 'Softmax', words: 'Makes shares of the classes that sum to 1' }),
  LogSoftmax: () => ({ kind: 'probability', title: 'Log softmax', words: 'Makes logarithms of shares of the classes' }),
  MaxPool: (node) => pooling('Max pooling', `Keeps the greatest value of each ${times(integersAttribute(node, 'kernel_shape'))} pixels`),
  AveragePool: (node) => pooling('Average pooling', `Takes the mean of each ${times(integersAttribute(node, 'kernel_shape'))} pixels`),
  GlobalAveragePool: () => pooling('Global average pooling', 'Takes the mean of each map: one number a map'),
  GlobalMaxPool: () => pooling('Global max pooling', 'Takes the greatest value of each map: one number a map'),
  ReduceMean: () => pooling('Mean', 'Takes the mean of each map or row of values'),
  ReduceMax: () => pooling('Greatest', 'Takes the greatest value of each map or row of values'),
  ReduceMin: () => pooling('Least', 'Takes the least value of each map or row of values'),
  ReduceSum: () => pooling('Sum over values', 'Sums the values of each map or row'),
  ReduceL2: () => pooling('Length', 'Takes the length of the row of values: the root of the sum of their squares'),
  Gemm: describeFullyConnected,
  MatMul: describeFullyConnected,
  Add: describeSum,
  Sum: describeSum,
  Sub: (node, values) =>
    twoOrOne(node, values, 'sum', 'Difference', 'Subtracts one layer from another', 'Shifts the values by fixed amounts'),
  Mul: (node, values) =>
    twoOrOne(
      node,
      values,
      'product',
      'Product',
      'Multiplies layers with one another: one weighs the other',
      'Multiplies the values by fixed factors',
    ),
  Div: (node, values) =>
    twoOrOne(node, values, 'product', 'Quotient', 'Divides one layer by another', 'Divides the values by fixed numbers'),
  Concat: (node, values) => ({
    kind: 'concatenation',
    title: 'Concatenation',
    words: `Lays the maps of ${plural(values.liveInputs(node).length, 'layer')} behind one another`,
  }),
  Resize: describeResize,
  Upsample: describeResize,
  DepthToSpace: () => resize('Sorts maps into larger ones: the pixels of several become neighbours in one'),
  SpaceToDepth: () => resize('Sorts neighbouring pixels into maps of their own'),
  Pad: () => ({ kind: 'resize', title: 'Border', words: 'Adds a border around each map' }),
}

export function describeLayer(node: OnnxNode, values: GraphValues): LayerWords {
  const describe = node.domain === '' && Object.hasOwn(describers, node.op) ? describers[node.op] : null
  if (describe) return describe(node, values)
  if (node.domain === '' && Object.hasOwn(activations, node.op)) return activations[node.op]
  const title = node.op.slice(0, 60) || 'Operation'
  return { kind: 'other', title, words: `The operation "${title}" of the graph` }
}

function normalisation(title: string, words: string): LayerWords {
  return { kind: 'normalisation', title, words }
}

function pooling(title: string, words: string): LayerWords {
  return { kind: 'pooling', title, words }
}

function resize(words: string): LayerWords {
  return { kind: 'resize', title: 'Resize', words }
}

function describeClip(node: OnnxNode, values: GraphValues): LayerWords {
  const limit = (attribute: string, input: number) => {
    const weight = values.weight(node.inputs[input] ?? '')
    return weight ? tensorFloats(weight)[0] : floatAttribute(node, attribute, null)
  }
  const [least, greatest] = [limit('min', 1), limit('max', 2)]
  const limits = [least === null ? '' : `below ${rounded(least)}`, greatest === null ? '' : `above ${rounded(greatest)}`].filter(Boolean)
  return activation('Limit', limits.length === 0 ? 'Leaves every value as it is' : `Cuts off what is ${limits.join(' or ')}`)
}

function describeFullyConnected(node: OnnxNode, values: GraphValues): LayerWords {
  const shape = values.weight(node.inputs[1] ?? '')?.shape ?? null
  if (shape?.length !== 2) return { kind: 'fully-connected', title: 'Matrix product', words: 'Multiplies two tables of values' }
  const turned = node.op === 'Gemm' && integerAttribute(node, 'transB', 0) === 1
  const [before, after] = turned ? [shape[1], shape[0]] : [shape[0], shape[1]]
  const each = after === 1 ? 'One value weighs' : `Each of ${after} values weighs`
  return { kind: 'fully-connected', title: 'Fully connected', words: `${each} all ${before} before` }
}

function describeSum(node: OnnxNode, values: GraphValues): LayerWords {
  return twoOrOne(
    node,
    values,
    'sum',
    'Sum',
    'Adds the maps of layers pixel by pixel: where one of them lies further back, a shortcut joins again',
    'Shifts the values by fixed amounts',
  )
}

/** `two`: layers meet; `one`: a layer meets fixed numbers. */
function twoOrOne(node: OnnxNode, values: GraphValues, kind: LayerKind, title: string, two: string, one: string): LayerWords {
  return { kind, title, words: values.liveInputs(node).length > 1 ? two : one }
}

function describeResize(node: OnnxNode, values: GraphValues): LayerWords {
  const mode = node.attributes.mode?.kind === 'string' ? node.attributes.mode.value : 'nearest'
  const way = mode === 'linear' ? ', blending between pixels' : mode === 'nearest' ? ', repeating pixels' : ''
  const weight = values.weight(node.inputs[node.op === 'Upsample' ? 1 : 2] ?? '')
  const scales = weight && weight.shape[0] === 4 ? [...tensorFloats(weight)].slice(2) : []
  if (scales.length === 0) return resize(`Brings each map to another size${way}`)
  const verb = scales.every((scale) => scale >= 1) ? 'Enlarges' : 'Shrinks'
  return resize(`${verb} each map ${times(scales.map(rounded))} fold${way}`)
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}
