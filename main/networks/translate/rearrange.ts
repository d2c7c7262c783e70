/** What moves values and computes none: shapes, margins, sizes. */
import { range, text, Untranslatable, type GraphBuilder, type Value } from './graph-builder'

/** `wanted`: TensorFlow's sides without the batch; -1 for the one that is to be found. */
export function reshaped(graph: GraphBuilder, value: Value, wanted: readonly number[]): Value {
  const count = value.shape.reduce<number>((product, side) => product * (side ?? NaN), 1)
  const known = wanted.filter((side) => side !== -1).reduce((product, side) => product * side, 1)
  const shape = wanted.map((side) => (side === -1 ? count / known : side))
  if (!shape.every((side) => Number.isInteger(side) && side > 0) || shape.reduce((a, b) => a * b, 1) !== count)
    throw new Untranslatable('a shape that is not known before')
  return graph.channelsFirst(graph.node('Reshape', [graph.channelsLast(value), graph.integers([1, ...shape])]), shape)
}

/** Zeros before and after each of the first sides. */
export function padded(graph: GraphBuilder, value: Value, margins: readonly (readonly [before: number, after: number])[]): Value {
  const [before, after] = [margins.map(([first]) => first), margins.map(([, last]) => last)]
  const rest = range(margins.length, value.shape.length).map(() => 0)
  const name = graph.node('Pad', [value.name, graph.integers([0, ...rest, ...before, 0, ...rest, ...after])])
  return {
    name,
    shape: value.shape.map((side, axis) => (side === null || axis >= margins.length ? side : side + before[axis] + after[axis])),
  }
}

export interface Resize {
  readonly mode: 'nearest' | 'linear'
  readonly places: 'asymmetric' | 'align_corners' | 'half_pixel'
  readonly scales: readonly number[]
}

export function resized(graph: GraphBuilder, x: string, { mode, places, scales }: Resize): string {
  const rounding = places === 'asymmetric' ? 'floor' : places === 'align_corners' ? 'round_prefer_ceil' : 'round_prefer_floor'
  return graph.node('Resize', [x, '', graph.floats([scales.length], scales)], {
    mode: text(mode),
    coordinate_transformation_mode: text(places),
    ...(mode === 'nearest' ? { nearest_mode: text(rounding) } : {}),
  })
}
