/** The way of a network's map back onto the source grid. */
import { mapAxis, type AxisMap, type Size, type Trace } from './trace'

/** A map on the source grid, and what is asked of it: read in the same pass, as it is as large as the picture. */
export interface SourceMap {
  /** 0 to 1, rows × columns of the source; 0 where the network did not look. */
  readonly values: Float32Array<ArrayBuffer>
  readonly range: readonly [min: number, max: number]
}

export interface ThresholdedMap extends SourceMap {
  /** 1 where the value is at or above the threshold. */
  readonly mask: Uint8Array<ArrayBuffer>
  readonly pixels: number
}

/**
 * Samples a map of probabilities, linearly, at every pixel centre of the source.
 *
 * `values` are rows × columns of `size`, a grid that spans what the network saw.
 */
export function mapBack(values: Float32Array, size: Size, trace: Trace): SourceMap {
  const { wide, rows } = widened(values, size, trace)
  const result = new Float32Array(trace.rows * trace.columns)
  for (let row = 0; row < trace.rows; row++) {
    const upper = rows.first[row] * trace.columns
    if (upper < 0) continue
    const lower = rows.weight[row] === 0 ? upper : upper + trace.columns
    blendRow(wide, upper, lower, rows.weight[row], result, row * trace.columns, trace.columns)
  }
  return { values: result, range: rangeOf(result) }
}

function blendRow(from: Float32Array, upper: number, lower: number, share: number, to: Float32Array, at: number, length: number): void {
  for (let i = 0; i < length; i++) to[at + i] = from[upper + i] + (from[lower + i] - from[upper + i]) * share
}

/** Floats that are not negative have the order of their bits, and whole numbers are compared three times as fast. */
function rangeOf(map: Float32Array<ArrayBuffer>): readonly [number, number] {
  const bits = new Int32Array(map.buffer)
  let least = 0x7fffffff
  let greatest = 0
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i]
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  const [min, max] = new Float32Array(Int32Array.of(least, greatest).buffer)
  return [min, max]
}

/** As `mapBack`, with the mask of what is at or above `threshold`. */
export function mapBackAbove(values: Float32Array, size: Size, trace: Trace, threshold: number): ThresholdedMap {
  const { values: map, range } = mapBack(values, size, trace)
  const mask = maskAbove(map, threshold)
  let pixels = 0
  for (let i = 0; i < mask.length; i++) pixels += mask[i]
  return { values: map, range, mask, pixels }
}

/** 1 where a map on the source grid is at or above `threshold`. */
export function maskAbove(map: Float32Array, threshold: number): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(map.length)
  for (let i = 0; i < map.length; i++) mask[i] = map[i] >= threshold ? 1 : 0
  return mask
}

/** Which two neighbours of a map count at a position, and how much the second does. -1: none. */
interface Taps {
  readonly first: Int32Array
  readonly weight: Float32Array
}

function tapsOf({ positions }: AxisMap): Taps {
  const first = new Int32Array(positions.length)
  const weight = new Float32Array(positions.length)
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i]
    first[i] = Number.isNaN(position) ? -1 : Math.floor(position)
    weight[i] = first[i] < 0 ? 0 : position - first[i]
  }
  return { first, weight }
}

function transposed(values: Float32Array, { rows, columns }: Size): Float32Array {
  const result = new Float32Array(values.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]
  return result
}

function acrossColumns(map: Float32Array, mapRows: number, mapColumns: number, { first, weight }: Taps, columns: number): Float32Array {
  const wide = new Float32Array(mapRows * columns)
  for (let row = 0; row < mapRows; row++) {
    const from = row * mapColumns
    const to = row * columns
    for (let column = 0; column < columns; column++) {
      const left = first[column]
      if (left < 0) continue
      const value = map[from + left]
      wide[to + column] = weight[column] === 0 ? value : value + (map[from + left + 1] - value) * weight[column]
    }
  }
  return wide
}

/** The map with its columns on those of the source, and where the source's rows lie on it. */
function widened(values: Float32Array, size: Size, trace: Trace): { wide: Float32Array; rows: Taps } {
  const down = mapAxis(trace, 'rows', size)
  const along = mapAxis(trace, 'columns', size)
  // Source rows that run along the map's columns: the map is turned, and is then like any other.
  const turned = down.axis === 'columns'
  const map = turned ? transposed(values, size) : values
  const mapRows = turned ? size.columns : size.rows
  const mapColumns = turned ? size.rows : size.columns
  return { wide: acrossColumns(map, mapRows, mapColumns, tapsOf(along), trace.columns), rows: tapsOf(down) }
}
