/** Operators of TensorFlow graphs that compute each value of others: by itself, with another, along axes, or as a product. */
import { globalPool } from './convolution'
import { fromStart, graphAxis, int, ints, range, Untranslatable, type GraphBuilder, type Kernel, type Value } from './graph-builder'
import type { GraphNode, TranslateOperator } from './graph-node'
import { reshaped } from './rearrange'

/** Each value by itself. */
export const alone =
  (op: string): TranslateOperator =>
  (graph, node) => ({ ...node.value(0), name: graph.node(op, [node.value(0).name]) })

export const square: TranslateOperator = (graph, node) => squared(graph, node.value(0))

const squared = (graph: GraphBuilder, value: Value): Value => ({ ...value, name: graph.node('Mul', [value.name, value.name]) })

export const inverseRoot: TranslateOperator = (graph, node) => ({
  ...node.value(0),
  name: graph.node('Reciprocal', [graph.node('Sqrt', [node.value(0).name])]),
})

/** Of a tensor with another, or with numbers that stretch to it. */
export const merging =
  (op: Merge): TranslateOperator =>
  (graph, node) =>
    merged(graph, node, op)

type Merge = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min' | 'Pow'

function merged(graph: GraphBuilder, node: GraphNode, op: Merge): Value {
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

export const squaredDifference: TranslateOperator = (graph, node) => squared(graph, merged(graph, node, 'Sub'))

/** Below 0 times a slope a channel, or a place. */
export function parametricRelu(graph: GraphBuilder, value: Value, slope: Kernel): Value {
  return { ...value, name: graph.node('PRelu', [value.name, stretching(graph, slope, value.shape)]) }
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

const pools: Readonly<Record<string, 'max' | 'average'>> = { ReduceMax: 'max', ReduceMean: 'average' }

/** Along any axes but that of the batch. Over all sides but the channels it is a pool, which explanations know. */
export const reduction =
  (op: 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceSum' | 'ReduceProd'): TranslateOperator =>
  (graph, node) => {
    const value = node.value(0)
    const rank = value.shape.length + 1
    const axes = [...new Set(node.integers(1).map((axis) => fromStart(axis, rank)))]
    const keeps = node.flag('keep_dims', false)
    if (axes.length === 0 || axes.some((axis) => axis < 1 || axis >= rank)) throw new Untranslatable(`along ${axes.join(', ')}`)
    if (Object.hasOwn(pools, op) && rank > 3 && axes.length === rank - 2 && !axes.includes(rank - 1))
      return globalPool(graph, value, pools[op], keeps)
    const along = axes.map((axis) => graphAxis(value, axis))
    // Of operator set 17 the sum alone takes its axes as an input.
    const name =
      op === 'ReduceSum'
        ? graph.node(op, [value.name, graph.integers(along)], { keepdims: int(1) })
        : graph.node(op, [value.name], { axes: ints(along), keepdims: int(1) })
    const kept = { name, shape: value.shape.map((side, axis) => (axes.includes(axis + 1) ? 1 : side)) }
    return keeps ? kept : without(graph, kept, axes)
  }

/** Without axes whose length is 1. */
export function without(graph: GraphBuilder, value: Value, axes: readonly number[]): Value {
  if (axes.some((axis) => value.shape[axis - 1] !== 1)) throw new Untranslatable('a side that is not 1')
  const left = value.shape.filter((_, axis) => !axes.includes(axis + 1))
  if (!left.every((side) => side !== null)) throw new Untranslatable('a shape that is not known before')
  return reshaped(graph, value, left)
}

/** Matrices of one tensor times those of another, or times known numbers. */
export const matrixProduct: TranslateOperator = (graph, node) => {
  const value = node.value(0)
  const other = node.operand(1)
  if (node.flag('adj_x', false) || value.shape.length < 2) throw new Untranslatable('a transposed product')
  const isTurned = node.flag('adj_y', false)
  const shape = 'value' in other ? other.value.shape : node.constant(1, 2).shape
  const [taken, units] = isTurned ? shape.slice(-2).reverse() : shape.slice(-2)
  const batches = [value.shape, shape].map((sides) => sides.slice(0, -2))
  const isAlike =
    !('value' in other) || (shape.length === value.shape.length && batches[0].every((side, axis) => side === batches[1][axis]))
  if (taken === null || value.shape.at(-1) !== taken || !isAlike)
    throw new Untranslatable(`a product of ${value.shape.join(' × ')} and ${shape.join(' × ')}`)
  const names = [graph.channelsLast(value)]
  if ('value' in other) {
    const last = shape.length
    const matrix = graph.channelsLast(other.value)
    names.push(isTurned ? graph.node('Transpose', [matrix], { perm: ints([...range(0, last - 1), last, last - 1]) }) : matrix)
  } else names.push(graph.weight(node.constant(1, 2), isTurned ? [1, 0] : undefined))
  return graph.channelsFirst(graph.node('MatMul', names), [...value.shape.slice(0, -1), units])
}

/** `bias`: that the converter joined to it. */
export function multiplied(graph: GraphBuilder, node: GraphNode, bias: Kernel | null): Value {
  if (node.flag('transpose_a', false)) throw new Untranslatable('a transposed product')
  const value = node.value(0)
  const kernel = node.constant(1, 2)
  const isTurned = node.flag('transpose_b', false)
  const [taken, units] = isTurned ? [...kernel.shape].reverse() : kernel.shape
  if (value.shape.length !== 1 || value.shape[0] !== taken)
    throw new Untranslatable(`a product of ${value.shape.join(' × ')} and ${kernel.shape.join(' × ')}`)
  const name = graph.node('MatMul', [value.name, graph.weight(kernel, isTurned ? [1, 0] : undefined)])
  return { name: bias ? graph.node('Add', [name, graph.weight(bias)]) : name, shape: [units] }
}
