/** Each operator of TensorFlow graphs in ONNX's. One that is not here is named and left to TensorFlow.js. */
import { activated, clipped } from './activation'
import {
  alone,
  inverseRoot,
  matrixProduct,
  merging,
  multiplied,
  parametricRelu,
  reduction,
  square,
  squaredDifference,
} from './arithmetic-operators'
import {
  concatenation,
  depthToSpace,
  expansion,
  mirrored,
  packed,
  padding,
  reshape,
  resizing,
  slice,
  split,
  splitByLengths,
  squeeze,
  stridedSlice,
  transposition,
  unpacked,
} from './arranging-operators'
import { convolve, convolveEach, convolveTransposed, pool } from './convolution'
import { float, range, Untranslatable, type GraphBuilder, type Kernel, type Value } from './graph-builder'
import type { GraphNode, TranslateOperator } from './graph-node'

const pass: TranslateOperator = (_, node) => node.value(0)

const activation =
  (name: string): TranslateOperator =>
  (graph, node) =>
    activated(graph, node.value(0), name)

const leaky = (graph: GraphBuilder, value: Value, alpha: number): Value => ({
  ...value,
  name: graph.node('LeakyRelu', [value.name], { alpha: float(alpha) }),
})

const convolution =
  (spatial: number): TranslateOperator =>
  (graph, node) =>
    convolved(graph, node, spatial, null)

function convolved(graph: GraphBuilder, node: GraphNode, spatial: number, bias: Kernel | null): Value {
  node.requireChannelsLast()
  return convolve(graph, node.value(0), {
    kernel: node.constant(1, spatial + 2),
    bias,
    groups: 1,
    strides: node.sides('strides', spatial),
    dilations: node.sides('dilations', spatial),
    padding: node.padding(),
  })
}

function convolvedEach(graph: GraphBuilder, node: GraphNode, bias: Kernel | null): Value {
  node.requireChannelsLast()
  return convolveEach(graph, node.value(0), {
    kernel: node.constant(1, 4),
    bias,
    strides: node.sides('strides', 2),
    dilations: node.sides('dilations', 2),
    padding: node.padding(),
  })
}

const sidesInWords = (sides: Value['shape']) => sides.map((side) => side ?? 'any').join(' × ')

/** The size that the graph states must be the one that strides and padding give. */
const transposed: TranslateOperator = (graph, node) => {
  node.requireChannelsLast()
  if (node.sides('dilations', 2).some((side) => side !== 1)) throw new Untranslatable('a dilation')
  const stated = node.lengths(0)
  const value = convolveTransposed(graph, node.value(2), {
    kernel: node.constant(1, 4),
    bias: null,
    strides: node.sides('strides', 2),
    padding: node.padding(),
  })
  if (stated.length !== 4 || value.shape.some((side, axis) => side === null || side !== stated[axis + 1]))
    throw new Untranslatable(`a size of ${sidesInWords(stated.slice(1))}`)
  return value
}

const activations: Readonly<Record<string, string>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Elu: 'elu',
  Selu: 'selu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Softplus: 'softplus',
  Softsign: 'softsign',
  Softmax: 'softmax',
  LogSoftmax: 'log_softmax',
  Exp: 'exponential',
}

/** What the converter joined to one operator: a bias, then an activation. */
const fused =
  (base: (graph: GraphBuilder, node: GraphNode, bias: Kernel | null) => Value): TranslateOperator =>
  (graph, node) => {
    const steps = node.texts('fused_ops')
    const bias = steps[0] === 'BiasAdd' ? node.constant(2, 1) : null
    const [last, ...more] = bias ? steps.slice(1) : steps
    const taken = 2 + (bias ? 1 : 0) + (last === 'Prelu' ? 1 : 0)
    if (more.length > 0 || node.count !== taken) throw new Untranslatable(steps.join(' and '))
    const value = base(graph, node, bias)
    if (last === undefined) return value
    if (last === 'Prelu') return parametricRelu(graph, value, node.constant(taken - 1, null))
    if (last === 'LeakyRelu') return leaky(graph, value, node.number('leakyrelu_alpha', 0.2))
    if (!Object.hasOwn(activations, last)) throw new Untranslatable(last)
    return activated(graph, value, activations[last])
  }

const pooling =
  (kind: 'max' | 'average', spatial: number): TranslateOperator =>
  (graph, node) => {
    node.requireChannelsLast()
    const [sides, strides] = [node.sides('ksize', spatial), node.sides('strides', spatial)]
    return pool(graph, node.value(0), kind, { sides, strides, padding: node.padding() })
  }

const batchNormalisation: TranslateOperator = (graph, node) => {
  node.requireChannelsLast()
  const value = node.value(0)
  if (value.shape.length < 3) throw new Untranslatable('a normalisation of no picture')
  const inputs = range(1, 5).map((place) => node.constant(place, 1))
  if (inputs.some(({ shape }) => shape[0] !== value.shape.at(-1))) throw new Untranslatable('a normalisation of other channels')
  const names = inputs.map((each) => graph.weight(each))
  return { ...value, name: graph.node('BatchNormalization', [value.name, ...names], { epsilon: float(node.number('epsilon', 1e-3)) }) }
}

const simple = Object.fromEntries(Object.entries(activations).map(([op, name]) => [op, activation(name)]))
const same = Object.fromEntries(
  ['Abs', 'Neg', 'Sqrt', 'Log', 'Floor', 'Ceil', 'Round', 'Sign', 'Sin', 'Cos', 'Erf'].map((op) => [op, alone(op)]),
)

export const operators: Readonly<Record<string, TranslateOperator>> = {
  ...simple,
  ...same,
  Reciprocal: alone('Reciprocal'),
  Prelu: (graph, node) => parametricRelu(graph, node.value(0), node.constant(1, null)),
  Identity: pass,
  StopGradient: pass,
  PreventGradient: pass,
  Snapshot: pass,
  Conv2D: convolution(2),
  Conv3D: convolution(3),
  _FusedConv2D: fused((graph, node, bias) => convolved(graph, node, 2, bias)),
  Conv2DBackpropInput: transposed,
  DepthwiseConv2dNative: (graph, node) => convolvedEach(graph, node, null),
  FusedDepthwiseConv2dNative: fused(convolvedEach),
  MatMul: (graph, node) => multiplied(graph, node, null),
  BatchMatMul: matrixProduct,
  BatchMatMulV2: matrixProduct,
  _FusedMatMul: fused(multiplied),
  BiasAdd: (graph, node) => {
    node.requireChannelsLast()
    return merging('Add')(graph, node)
  },
  Add: merging('Add'),
  AddV2: merging('Add'),
  AddN: merging('Add'),
  Sub: merging('Sub'),
  Mul: merging('Mul'),
  RealDiv: merging('Div'),
  Maximum: merging('Max'),
  Minimum: merging('Min'),
  Pow: merging('Pow'),
  SquaredDifference: squaredDifference,
  Square: square,
  Rsqrt: inverseRoot,
  LeakyRelu: (graph, node) => leaky(graph, node.value(0), node.number('alpha', 0.2)),
  ClipByValue: (graph, node) => {
    const [least, greatest] = [1, 2].map((place) => node.constant(place, 0).values[0])
    return { ...node.value(0), name: clipped(graph, node.value(0).name, least, greatest) }
  },
  MaxPool: pooling('max', 2),
  MaxPool3D: pooling('max', 3),
  AvgPool: pooling('average', 2),
  AvgPool3D: pooling('average', 3),
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Sum: reduction('ReduceSum'),
  Prod: reduction('ReduceProd'),
  FusedBatchNorm: batchNormalisation,
  FusedBatchNormV2: batchNormalisation,
  FusedBatchNormV3: batchNormalisation,
  Pad: padding,
  PadV2: padding,
  MirrorPad: mirrored,
  Reshape: reshape,
  Squeeze: squeeze,
  ExpandDims: expansion,
  Slice: slice,
  Split: split,
  SplitV: splitByLengths,
  Pack: packed,
  Unpack: unpacked,
  StridedSlice: stridedSlice,
  DepthToSpace: depthToSpace,
  ConcatV2: concatenation,
  ResizeNearestNeighbor: resizing('nearest'),
  ResizeBilinear: resizing('linear'),
  Transpose: transposition,
}
