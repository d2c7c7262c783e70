/** What moves values and computes none: shapes, margins, sizes. */
import { graphAxis, text, Untranslatable, type GraphBuilder, type Value } from './graph-builder'

/** `wanted`: TensorFlow's sides without the batch; -1 for the one that is to be found. */
export function reshaped(graph: GraphBuilder, value: Value, wanted: readonly number[]): Value {
  const count = value.shape.reduce<number>((product, side) => product * (side ?? NaN), 1)
  const known = wanted.filter((side) => side !== -1).reduce((product, side) => product * side, 1)
  const shape = wanted.map((side) => (side === -1 ? count / known : side))
  if (!shape.every((side) => Number.isInteger(side) && side > 0) || shape.reduce((a, b) => a * b, 1) !== count)
    throw new Untranslatable('a shape that is not known before')
  return graph.channelsFirst(graph.node('Reshape', [graph.channelsLast(value), graph.integers([1, ...shape])]), shape)
}

type Margins = readonly (readonly [before: number, after: number])[]
type Margin = { readonly mode: 'constant'; readonly filling: number } | { readonly mode: 'reflect' }

/** Before and after each of the first sides; zeros unless said. */
export function padded(graph: GraphBuilder, value: Value, margins: Margins, margin: Margin = { mode: 'constant', filling: 0 }): Value {
  const every = value.shape.map((_, axis) => margins[axis] ?? ([0, 0] as const))
  const inGraph = every.length < 3 ? every : [every.at(-1)!, ...every.slice(0, -1)]
  const pads = graph.integers([0, ...inGraph.map(([before]) => before), 0, ...inGraph.map(([, after]) => after)])
  const filling = margin.mode === 'constant' && margin.filling !== 0 ? [graph.floats([], [margin.filling])] : []
  return {
    name: graph.node('Pad', [value.name, pads, ...filling], margin.mode === 'constant' ? {} : { mode: text(margin.mode) }),
    shape: value.shape.map((side, axis) => (side === null ? null : side + every[axis][0] + every[axis][1])),
  }
}

/** `axis`: of the shape, without the batch. `stop` is the first that is left out. */
export interface Cut {
  readonly axis: number
  readonly start: number
  readonly stop: number
  readonly step: number
}

export function cut(graph: GraphBuilder, value: Value, cuts: readonly Cut[]): Value {
  if (cuts.length === 0) return value
  for (const { axis, start, stop } of cuts)
    if (!(start >= 0 && start < stop && stop <= (value.shape[axis] ?? NaN))) throw new Untranslatable(`places ${start} to ${stop}`)
  const axes = cuts.map(({ axis }) => graphAxis(value, axis + 1))
  const numbers = [cuts.map(({ start }) => start), cuts.map(({ stop }) => stop), axes, cuts.map(({ step }) => step)]
  const shape = [...value.shape]
  for (const { axis, start, stop, step } of cuts) shape[axis] = Math.ceil((stop - start) / step)
  return { name: graph.node('Slice', [value.name, ...numbers.map((each) => graph.integers(each))]), shape }
}

export interface Resize {
  readonly mode: 'nearest' | 'linear'
  readonly places: 'asymmetric' | 'align_corners' | 'half_pixel'
  /** By how much, or to what, of every axis of the graph. */
  readonly scales?: readonly number[]
  readonly sizes?: readonly number[]
}

export function resized(graph: GraphBuilder, x: string, { mode, places, scales, sizes }: Resize): string {
  const rounding = places === 'asymmetric' ? 'floor' : places === 'align_corners' ? 'round_prefer_ceil' : 'round_prefer_floor'
  const to = sizes ? ['', graph.integers(sizes)] : [graph.floats([scales!.length], scales!)]
  return graph.node('Resize', [x, '', ...to], {
    mode: text(mode),
    coordinate_transformation_mode: text(places),
    ...(mode === 'nearest' ? { nearest_mode: text(rounding) } : {}),
  })
}
