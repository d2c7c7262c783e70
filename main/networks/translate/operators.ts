/** Each operator of TensorFlow graphs in ONNX's. One that is not here is named and left to TensorFlow.js. */
import { activated, clipped } from './activation'
import { convolve, convolveEach, convolveTransposed, globalPool, pool } from './convolution'
import { float, fromStart, graphAxis, int, ints, range, Untranslatable, type GraphBuilder, type Kernel, type Value } from './graph-builder'
import type { GraphNode } from './graph-node'
import { padded, reshaped, resized } from './rearrange'

export type TranslateOperator = (graph: GraphBuilder, node: GraphNode) => Value

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

const product: TranslateOperator = (graph, node) => multiplied(graph, node, null)

function multiplied(graph: GraphBuilder, node: GraphNode, bias: Kernel | null): Value {
  if (node.flag('transpose_a', false) || node.flag('transpose_b', false)) throw new Untranslatable('a transposed product')
  const value = node.value(0)
  const kernel = node.constant(1, 2)
  const [taken, units] = kernel.shape
  if (value.shape.length !== 1 || value.shape[0] !== taken)
    throw new Untranslatable(`a product of ${value.shape.join(' × ')} and ${kernel.shape.join(' × ')}`)
  const name = graph.node('MatMul', [value.name, graph.weight(kernel)])
  return { name: bias ? graph.node('Add', [name, graph.weight(bias)]) : name, shape: [units] }
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
    if (more.length > 0 || node.count !== (bias ? 3 : 2)) throw new Untranslatable(steps.join(' and '))
    const value = base(graph, node, bias)
    if (last === undefined) return value
    if (last === 'LeakyRelu') return leaky(graph, value, node.number('leakyrelu_alpha', 0.2))
    if (!Object.hasOwn(activations, last)) throw new Untranslatable(last)
    return activated(graph, value, activations[last])
  }

/** Of a tensor with another, or with numbers that stretch to it. */
const merging =
  (op: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min'): TranslateOperator =>
  (graph, node) => {
    const operands = range(0, node.count).map((place) => node.operand(place))
    const values = operands.flatMap((operand) => ('value' in operand ? [operand.value] : []))
    if (operands.length < 2 || values.length === 0) throw new Untranslatable('numbers alone')
    const shape = values.map((value) => value.shape).reduce(stretchedTo)
    const names = operands.map((operand) => {
      if ('constant' in operand) return stretching(graph, operand.constant, shape)
      if (!('value' in operand)) throw new Untranslatable('a shape among tensors')
      if (operand.value.shape.length !== shape.length) throw new Untranslatable('tensors of other ranks')
      return operand.value.name
    })
    return { name: names.reduce((sum, next) => graph.node(op, [sum, next])), shape }
  }

function stretchedTo(a: Value['shape'], b: Value['shape']): Value['shape'] {
  if (a.length !== b.length) throw new Untranslatable('tensors of other ranks')
  return a.map((side, axis) => {
    const other = b[axis]
    if (side === other || other === 1) return side
    if (side === 1) return other
    // Of two lengths that are not known, or one, nothing says that they are alike.
    throw new Untranslatable(`lengths of ${side ?? 'any'} and ${other ?? 'any'}`)
  })
}

/** Numbers in the order of the graph's axes; none of their sides makes the tensor larger. */
function stretching(graph: GraphBuilder, { shape, values }: Kernel, to: Value['shape']): string {
  const rank = to.length + 1
  if (shape.length > rank) throw new Untranslatable('numbers of more sides than the tensor')
  const full = [...range(shape.length, rank).map(() => 1), ...shape]
  if (full[0] !== 1 || full.slice(1).some((side, axis) => side !== 1 && side !== to[axis]))
    throw new Untranslatable(`numbers of ${shape.join(' × ')} on ${to.join(' × ')}`)
  return graph.weight({ shape: full, values }, rank < 4 ? undefined : [0, rank - 1, ...range(1, rank - 1)])
}

const pooling =
  (kind: 'max' | 'average', spatial: number): TranslateOperator =>
  (graph, node) => {
    node.requireChannelsLast()
    const [sides, strides] = [node.sides('ksize', spatial), node.sides('strides', spatial)]
    return pool(graph, node.value(0), kind, { sides, strides, padding: node.padding() })
  }

/** Over all sides but the channels. */
const reduction =
  (kind: 'max' | 'average'): TranslateOperator =>
  (graph, node) => {
    const value = node.value(0)
    const rank = value.shape.length + 1
    const axes = new Set(node.integers(1).map((axis) => fromStart(axis, rank)))
    const sides = range(1, rank - 1)
    if (axes.size !== sides.length || !sides.every((axis) => axes.has(axis))) throw new Untranslatable(`along ${[...axes].join(', ')}`)
    return globalPool(graph, value, kind, node.flag('keep_dims', false))
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

const padding: TranslateOperator = (graph, node) => {
  const value = node.value(0)
  const margins = node.integers(1)
  const filling = node.count > 2 ? node.constant(2, 0).values[0] : 0
  const rank = value.shape.length + 1
  const [firstBatch, lastBatch, ...rest] = margins
  const channels = rest.splice(-2)
  if (margins.length !== 2 * rank || rank < 4 || [firstBatch, lastBatch, ...channels, filling].some((margin) => margin !== 0))
    throw new Untranslatable('margins of batch or channels, or of other than zeros')
  if (rest.some((margin) => margin < 0 || margin > 65_536)) throw new Untranslatable(`margins of ${rest.join(', ')}`)
  const pairs = range(0, rank - 2).map((axis) => [rest[2 * axis], rest[2 * axis + 1]] as const)
  return padded(graph, value, pairs)
}

const reshape: TranslateOperator = (graph, node) => {
  const [batch, ...sides] = node.lengths(1)
  // -1 for the batch leaves the others as they stand.
  if ((batch !== -1 && batch !== 1 && batch !== null) || sides.length === 0) throw new Untranslatable('a shape that changes the batch')
  if (!sides.every((side) => side !== null)) throw new Untranslatable('a shape that is not known before')
  return reshaped(graph, node.value(0), sides)
}

const squeeze: TranslateOperator = (graph, node) => {
  const value = node.value(0)
  const rank = value.shape.length + 1
  const axes = node.list('squeeze_dims') ?? node.list('axis') ?? []
  const dropped = new Set(axes.map((axis) => fromStart(axis, rank)))
  // Without a list it drops all of length 1, the batch among them.
  if (dropped.size === 0 || dropped.has(0)) throw new Untranslatable('a batch that is dropped')
  if ([...dropped].some((axis) => value.shape[axis - 1] !== 1)) throw new Untranslatable('a side that is not 1')
  const left = value.shape.filter((_, axis) => !dropped.has(axis + 1))
  if (left.length === 0 || !left.every((side) => side !== null)) throw new Untranslatable('a shape that is not known before')
  return reshaped(graph, value, left)
}

const concatenation: TranslateOperator = (graph, node) => {
  const values = range(0, node.count - 1).map((place) => node.value(place))
  const [axis, ...more] = node.integers(node.count - 1)
  const [first] = values
  const rank = (first?.shape.length ?? 0) + 1
  const counted = fromStart(axis, rank)
  if (node.whole('N', values.length) !== values.length) throw new Untranslatable('other than all of them')
  if (!first || more.length > 0 || counted < 1 || counted >= rank) throw new Untranslatable(`along ${axis}`)
  const shape = first.shape.map((side, place) => {
    const others = values.map((value) => value.shape[place])
    if (place + 1 === counted) return others.reduce<number | null>((sum, other) => (sum === null || other === null ? null : sum + other), 0)
    return others.every((other) => other === side) ? side : null
  })
  if (values.some((value) => value.shape.length + 1 !== rank)) throw new Untranslatable('tensors of other ranks')
  const names = values.map(({ name }) => name)
  return { name: graph.node('Concat', names, { axis: int(graphAxis(first, counted)) }), shape }
}

/** To a size that is a multiple, so that the batch stays open. */
const resizing =
  (mode: 'nearest' | 'linear'): TranslateOperator =>
  (graph, node) => {
    const value = node.value(0)
    const sizes = node.lengths(1)
    if (value.shape.length !== 3 || sizes.length !== 2) throw new Untranslatable('no picture')
    if (!sizes.every((size) => size !== null)) throw new Untranslatable('a size that is not known before')
    const factors = sizes.map((size, axis) => size / (value.shape[axis] ?? NaN))
    if (!factors.every((factor) => Number.isInteger(factor) && factor > 0))
      throw new Untranslatable(`a size of ${sizes.join(' × ')} from ${value.shape.slice(0, 2).join(' × ')}`)
    const places = node.flag('align_corners', false)
      ? 'align_corners'
      : node.flag('half_pixel_centers', false)
        ? 'half_pixel'
        : 'asymmetric'
    return { name: resized(graph, value.name, { scales: [1, 1, ...factors], mode, places }), shape: [...sizes, value.shape[2]] }
  }

const transposition: TranslateOperator = (graph, node) => {
  const value = node.value(0)
  const order = node.integers(1)
  const rank = value.shape.length + 1
  if (order.length !== rank || order[0] !== 0 || new Set(order).size !== rank || order.some((axis) => axis < 0 || axis >= rank))
    throw new Untranslatable(`an order of ${order.join(', ')}`)
  const turned = graph.node('Transpose', [graph.channelsLast(value)], { perm: ints(order) })
  return graph.channelsFirst(
    turned,
    order.slice(1).map((axis) => value.shape[axis - 1]),
  )
}

const simple = Object.fromEntries(Object.entries(activations).map(([op, name]) => [op, activation(name)]))

export const operators: Readonly<Record<string, TranslateOperator>> = {
  ...simple,
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
  MatMul: product,
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
  LeakyRelu: (graph, node) => leaky(graph, node.value(0), node.number('alpha', 0.2)),
  ClipByValue: (graph, node) => {
    const [least, greatest] = [1, 2].map((place) => node.constant(place, 0).values[0])
    return { ...node.value(0), name: clipped(graph, node.value(0).name, least, greatest) }
  },
  MaxPool: pooling('max', 2),
  MaxPool3D: pooling('max', 3),
  AvgPool: pooling('average', 2),
  AvgPool3D: pooling('average', 3),
  Mean: reduction('average'),
  Max: reduction('max'),
  FusedBatchNorm: batchNormalisation,
  FusedBatchNormV2: batchNormalisation,
  FusedBatchNormV3: batchNormalisation,
  Pad: padding,
  PadV2: padding,
  Reshape: reshape,
  Squeeze: squeeze,
  ConcatV2: concatenation,
  ResizeNearestNeighbor: resizing('nearest'),
  ResizeBilinear: resizing('linear'),
  Transpose: transposition,
}
