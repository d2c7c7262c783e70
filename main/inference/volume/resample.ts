/** A volume on another grid: linearly for grey values, by the nearest voxel for numbers of classes. */
import type { Affine } from '../../geometry/affine'
import type { Levels } from './levels'
import type { Sides } from './voxel-grid'

/** Beyond the outermost centres by less than this still counts as on them, in voxels. */
const edge = 1e-3

export interface Source<V> {
  readonly values: V
  readonly sides: Sides
}

/**
 * Fills the slices `from` to before `to` of `target` from `source`, linearly.
 *
 * @param map [column, row, slice] of the target to that of the source
 * @param levels null: values stay as they are
 * @param outside what stands beyond the outermost voxels of the source, before the levels
 */
export function resampleLinear(
  source: Source<Float32Array>,
  target: Source<Uint8Array | Float32Array>,
  map: Affine,
  levels: Levels | null,
  outside: number,
  from: number,
  to: number,
): void {
  const { values } = source
  const [slices, rows, columns] = source.sides
  const [, height, width] = target.sides
  const [dx, , , , dy, , , , dz] = map
  const perSlice = rows * columns
  const { low, gain } = levels ?? { low: 0, gain: 1 }
  const background = finished(outside, low, gain, levels !== null)
  for (let slice = from; slice < to; slice++) {
    for (let row = 0; row < height; row++) {
      const begin = (slice * height + row) * width
      const [x0, y0, z0] = [0, 4, 8].map((at) => map[at + 1] * row + map[at + 2] * slice + map[at + 3])
      const [first, last] = inside([x0, y0, z0], [dx, dy, dz], [columns, rows, slices], width)
      target.values.fill(background, begin, begin + first)
      target.values.fill(background, begin + last, begin + width)
      for (let column = first; column < last; column++) {
        const x = kept(x0 + dx * column, columns)
        const y = kept(y0 + dy * column, rows)
        const z = kept(z0 + dz * column, slices)
        const [left, top, front] = [x | 0, y | 0, z | 0]
        const [fx, fy, fz] = [x - left, y - top, z - front]
        // At the last voxel the neighbour beyond has no weight; it is the voxel itself.
        const right = fx > 0 ? 1 : 0
        const below = fy > 0 ? columns : 0
        const behind = fz > 0 ? perSlice : 0
        const at = front * perSlice + top * columns + left
        const near = mixed(values, at, right, below, fx, fy)
        const value = behind === 0 ? near : near + (mixed(values, at + behind, right, below, fx, fy) - near) * fz
        target.values[begin + column] = finished(value, low, gain, levels !== null)
      }
    }
  }
}

/**
 * One slice of `grid` from a volume of class numbers, by the nearest voxel; 0 beyond it.
 *
 * @param map [column, row, slice] of the slice's grid to that of the labels
 */
export function nearestSlice(labels: Source<Uint8Array>, [, height, width]: Sides, map: Affine, slice: number): Uint8Array<ArrayBuffer> {
  const { values } = labels
  const [slices, rows, columns] = labels.sides
  const [dx, , , , dy, , , , dz] = map
  const result = new Uint8Array(height * width)
  for (let row = 0; row < height; row++) {
    const [x0, y0, z0] = [0, 4, 8].map((at) => map[at + 1] * row + map[at + 2] * slice + map[at + 3] + 0.5)
    for (let column = 0; column < width; column++) {
      const x = Math.floor(x0 + dx * column)
      const y = Math.floor(y0 + dy * column)
      const z = Math.floor(z0 + dz * column)
      if (x < 0 || y < 0 || z < 0 || x >= columns || y >= rows || z >= slices) continue
      result[row * width + column] = values[(z * rows + y) * columns + x]
    }
  }
  return result
}

/** The columns from the first to before the last whose place lies within the source on all three axes. */
function inside(start: readonly number[], step: readonly number[], sides: readonly number[], width: number): readonly [number, number] {
  let [first, last] = [0, width]
  for (let axis = 0; axis < 3; axis++) {
    const [low, high] = [-edge - start[axis], sides[axis] - 1 + edge - start[axis]]
    if (step[axis] === 0) {
      if (low > 0 || high < 0) return [0, 0]
      continue
    }
    const [enters, leaves] = step[axis] > 0 ? [low / step[axis], high / step[axis]] : [high / step[axis], low / step[axis]]
    first = Math.max(first, Math.ceil(enters))
    last = Math.min(last, Math.floor(leaves) + 1)
  }
  return first < last ? [first, last] : [0, 0]
}

function kept(place: number, side: number): number {
  return place < 0 ? 0 : place > side - 1 ? side - 1 : place
}

function mixed(values: Float32Array, at: number, right: number, below: number, fx: number, fy: number): number {
  const upper = values[at] + (values[at + right] - values[at]) * fx
  const lower = values[at + below] + (values[at + below + right] - values[at + below]) * fx
  return upper + (lower - upper) * fy
}

function finished(value: number, low: number, gain: number, eightBit: boolean): number {
  if (!eightBit) return value
  const level = Math.round((value - low) * gain)
  return level < 0 ? 0 : level > 255 ? 255 : level
}
