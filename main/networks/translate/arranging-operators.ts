/** Operators of TensorFlow graphs that move values and compute none, or only those between others. */
import { without } from './arithmetic-operators'
import { fromStart, graphAxis, int, ints, range, text, Untranslatable, type GraphBuilder, type Value } from './graph-builder'
import type { GraphNode, TranslateOperator } from './graph-node'
import { cut, padded, reshaped, resized, type Cut } from './rearrange'

/** Margins before and after each side; the batch has none. */
function marginsOf(node: GraphNode, { shape }: Value): (readonly [before: number, after: number])[] {
  const [firstBatch, lastBatch, ...margins] = node.integers(1)
  if (margins.length !== 2 * shape.length || firstBatch !== 0 || lastBatch !== 0) throw new Untranslatable('margins of the batch')
  if (margins.some((margin) => margin < 0 || margin > 65_536)) throw new Untranslatable(`margins of ${margins.join(', ')}`)
  return shape.map((_, axis) => [margins[2 * axis], margins[2 * axis + 1]] as const)
}

export const padding: TranslateOperator = (graph, node) => {
  const filling = node.count > 2 ? node.constant(2, 0).values[0] : 0
  return padded(graph, node.value(0), marginsOf(node, node.value(0)), { mode: 'constant', filling })
}

/** What lies within the edge, in the margins: without the edge itself. */
export const mirrored: TranslateOperator = (graph, node) => {
  const mode = node.text('mode', '')
  if (mode.toLowerCase() !== 'reflect') throw new Untranslatable(`margins that are ${mode.slice(0, 16)}`)
  const value = node.value(0)
  const margins = marginsOf(node, value)
  if (value.shape.some((side, axis) => Math.max(...margins[axis]) > 0 && (side === null || Math.max(...margins[axis]) >= side)))
    throw new Untranslatable('margins wider than the picture')
  return padded(graph, value, margins, { mode: 'reflect' })
}

export const reshape: TranslateOperator = (graph, node) => {
  const [batch, ...sides] = node.lengths(1)
  // -1 for the batch leaves the others as they stand.
  if ((batch !== -1 && batch !== 1 && batch !== null) || sides.length === 0) throw new Untranslatable('a shape that changes the batch')
  if (!sides.every((side) => side !== null)) throw new Untranslatable('a shape that is not known before')
  return reshaped(graph, node.value(0), sides)
}

export const squeeze: TranslateOperator = (graph, node) => {
  const value = node.value(0)
  const rank = value.shape.length + 1
  const axes = node.list('squeeze_dims') ?? node.list('axis') ?? []
  const dropped = axes.map((axis) => fromStart(axis, rank))
  // Without a list it drops all of length 1, the batch among them.
  if (dropped.length === 0 || dropped.includes(0)) throw new Untranslatable('a batch that is dropped')
  return without(graph, value, dropped)
}

export const expansion: TranslateOperator = (graph, node) => {
  const value = node.value(0)
  const [axis, ...more] = node.integers(1)
  const counted = fromStart(axis, value.shape.length + 2)
  if (more.length > 0 || counted < 1 || counted > value.shape.length + 1) throw new Untranslatable(`an axis at ${axis}`)
  if (!value.shape.every((side) => side !== null)) throw new Untranslatable('a shape that is not known before')
  return reshaped(graph, value, value.shape.toSpliced(counted - 1, 0, 1))
}

export const concatenation: TranslateOperator = (graph, node) => {
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

/** To a multiple of its size by a factor, so that the batch stays open; to any other as it is stated. */
export const resizing =
  (mode: 'nearest' | 'linear'): TranslateOperator =>
  (graph, node) => {
    const value = node.value(0)
    const sizes = node.lengths(1)
    const [rows, columns, channels] = value.shape
    if (value.shape.length !== 3 || sizes.length !== 2) throw new Untranslatable('no picture')
    if (!sizes.every((size) => size !== null) || rows === null || columns === null || channels === null)
      throw new Untranslatable('a size that is not known before')
    if (!sizes.every((size) => size > 0 && size <= 65_536)) throw new Untranslatable(`a size of ${sizes.join(' × ')}`)
    const factors = [sizes[0] / rows, sizes[1] / columns]
    const isMultiple = factors.every(Number.isInteger)
    const places = node.flag('align_corners', false)
      ? 'align_corners'
      : node.flag('half_pixel_centers', false)
        ? 'half_pixel'
        : 'asymmetric'
    // TensorFlow.js takes no half pixels there, TensorFlow does; of a multiple both say the same.
    if (mode === 'nearest' && places === 'half_pixel' && !isMultiple)
      throw new Untranslatable(`a size of ${sizes.join(' × ')} from ${rows} × ${columns}`)
    const to = isMultiple ? { scales: [1, 1, ...factors] } : { sizes: [1, channels, ...sizes] }
    return { name: resized(graph, value.name, { ...to, mode, places }), shape: [...sizes, channels] }
  }

/** Into as many parts of one length, or into parts of stated lengths; -1: what is left. */
export const split: TranslateOperator = (graph, node) => {
  const count = node.whole('num_split', 0)
  return parted(graph, node.value(1), node.integers(0), (side) => Array.from({ length: count }, () => side / count))
}

export const splitByLengths: TranslateOperator = (graph, node) => {
  const lengths = node.integers(1)
  const stated = lengths.filter((length) => length !== -1).reduce((sum, length) => sum + length, 0)
  return parted(graph, node.value(0), node.integers(2), (side) => lengths.map((length) => (length === -1 ? side - stated : length)))
}

function parted(
  graph: GraphBuilder,
  value: Value,
  [axis, ...more]: readonly number[],
  lengthsOf: (side: number) => readonly number[],
): Value[] {
  const counted = fromStart(axis, value.shape.length + 1)
  const side = value.shape[counted - 1] ?? NaN
  const lengths = lengthsOf(side)
  const fits = lengths.length > 0 && lengths.every((length) => Number.isInteger(length) && length > 0)
  if (more.length > 0 || counted < 1 || !fits || lengths.reduce((sum, length) => sum + length, 0) !== side)
    throw new Untranslatable(`parts along ${axis}`)
  let start = 0
  return lengths.map((length) => cut(graph, value, [{ axis: counted - 1, start, stop: (start += length), step: 1 }]))
}

/** Each place along an axis by itself, without that axis. */
export const unpacked: TranslateOperator = (graph, node) => {
  const value = node.value(0)
  const axis = fromStart(node.whole('axis', 0), value.shape.length + 1)
  const count = node.whole('num', 0)
  if (axis < 1 || value.shape[axis - 1] !== count) throw new Untranslatable(`parts along ${axis}`)
  return range(0, count).map((start) => without(graph, cut(graph, value, [{ axis: axis - 1, start, stop: start + 1, step: 1 }]), [axis]))
}

/** Tensors of one shape along an axis of their own. */
export const packed: TranslateOperator = (graph, node) => {
  const values = range(0, node.count).map((place) => node.value(place))
  const [{ shape }] = values
  const axis = fromStart(node.whole('axis', 0), shape.length + 2)
  if (axis < 1 || axis > shape.length + 1) throw new Untranslatable(`an axis at ${axis}`)
  if (values.some((value) => value.shape.length !== shape.length || value.shape.some((side, at) => side === null || side !== shape[at])))
    throw new Untranslatable('tensors of other shapes')
  const wide = values.map((value) => reshaped(graph, value, (value.shape as number[]).toSpliced(axis - 1, 0, 1)))
  const joined = graph.node('Concat', wide.map(({ name }) => name), { axis: int(graphAxis(wide[0], axis)) }) // prettier-ignore
  return { name: joined, shape: shape.toSpliced(axis - 1, 0, values.length) }
}

export const transposition: TranslateOperator = (graph, node) => {
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

/** From a beginning, as many as are wanted; -1: to the end. */
export const slice: TranslateOperator = (graph, node) => {
  const value = node.value(0)
  const [begins, sizes] = [node.integers(1), node.integers(2)]
  const rank = value.shape.length + 1
  if (begins.length !== rank || sizes.length !== rank || begins[0] !== 0 || (sizes[0] !== -1 && sizes[0] !== 1))
    throw new Untranslatable('a part of the batch')
  const cuts = value.shape.flatMap((side, axis): Cut[] => {
    const [start, size] = [begins[axis + 1], sizes[axis + 1]]
    if (start === 0 && (size === -1 || size === side)) return []
    return [{ axis, start, stop: size === -1 ? (side ?? NaN) : start + size, step: 1 }]
  })
  return cut(graph, value, cuts)
}

/** The parts of a tensor that a slice of Python would name, steps back aside. */
export const stridedSlice: TranslateOperator = (graph, node) => {
  const value = node.value(0)
  const [begins, ends, steps] = [1, 2, 3].map((place) => node.integers(place))
  if (node.whole('ellipsis_mask', 0) !== 0 || node.whole('new_axis_mask', 0) !== 0) throw new Untranslatable('axes that are added')
  const [fromStartOf, toEndOf, drops] = ['begin_mask', 'end_mask', 'shrink_axis_mask'].map((key) => {
    const mask = node.whole(key, 0)
    return (axis: number) => ((mask >> axis) & 1) === 1
  })
  const named = begins.length
  if (ends.length !== named || steps.length !== named || named > value.shape.length + 1) throw new Untranslatable('other than its axes')
  if (named === 0 || !fromStartOf(0) || !toEndOf(0) || steps[0] !== 1 || drops(0)) throw new Untranslatable('a part of the batch')
  const cuts = range(1, named).flatMap((place): Cut[] => {
    const [axis, side, step] = [place - 1, value.shape[place - 1] ?? NaN, steps[place]]
    if (step < 1) throw new Untranslatable(`a step of ${step}`)
    if (drops(place)) return [{ axis, start: fromStart(begins[place], side), stop: fromStart(begins[place], side) + 1, step: 1 }]
    const start = fromStartOf(place) ? 0 : within(begins[place], side)
    const stop = toEndOf(place) ? side : within(ends[place], side)
    return start === 0 && toEndOf(place) && step === 1 ? [] : [{ axis, start, stop, step }]
  })
  const kept = cut(graph, value, cuts)
  const dropped = range(1, named).filter(drops)
  return dropped.length === 0 ? kept : without(graph, kept, dropped)
}

const within = (place: number, side: number) => Math.min(Math.max(fromStart(place, side), 0), side)

/** Blocks of channels become places: the channels count by row, then column of the block, then the channel that is left. */
export const depthToSpace: TranslateOperator = (graph, node) => {
  node.requireChannelsLast()
  const value = node.value(0)
  const block = node.whole('block_size', 0)
  const channels = value.shape.at(-1) ?? NaN
  if (value.shape.length !== 3 || block < 2 || channels % block ** 2 !== 0) throw new Untranslatable(`blocks of ${block}`)
  const [rows, columns] = value.shape.map((side) => (side === null ? null : side * block))
  const name = graph.node('DepthToSpace', [value.name], { blocksize: int(block), mode: text('DCR') })
  return { name, shape: [rows, columns, channels / block ** 2] }
}
