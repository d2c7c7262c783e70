/** The way of a network's map back onto the source grid. */
import { mapAxis, type AxisMap, type Size, type Trace } from './trace'

/**
 * Samples a map of probabilities, linearly, at every pixel centre of the source.
 *
 * `values` are rows × columns of `size`, a grid that spans what the network saw. The result is rows × columns of
 * the source; 0 where the network did not look.
 */
export function mapBack(values: Float32Array, size: Size, trace: Trace): Float32Array<ArrayBuffer> {
  const down = mapAxis(trace, 'rows', size)
  const along = mapAxis(trace, 'columns', size)
  // Source rows that run along the map's columns: the map is turned, and is then like any other.
  const turned = down.axis === 'columns'
  const map = turned ? transposed(values, size) : values
  const mapRows = turned ? size.columns : size.rows
  const mapColumns = turned ? size.rows : size.columns
  const rows = tapsOf(down)
  const columns = tapsOf(along)
  const wide = acrossColumns(map, mapRows, mapColumns, columns, trace.columns)
  return downRows(wide, rows, trace)
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

function downRows(wide: Float32Array, { first, weight }: Taps, { rows, columns }: Size): Float32Array<ArrayBuffer> {
  const result = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    if (first[row] < 0) continue
    const upper = wide.subarray(first[row] * columns, (first[row] + 1) * columns)
    const target = result.subarray(row * columns, (row + 1) * columns)
    if (weight[row] === 0) {
      target.set(upper)
      continue
    }
    const lower = wide.subarray((first[row] + 1) * columns, (first[row] + 2) * columns)
    const share = weight[row]
    for (let column = 0; column < columns; column++) target[column] = upper[column] + (lower[column] - upper[column]) * share
  }
  return result
}
