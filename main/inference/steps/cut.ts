/** Taking a rectangle that may reach beyond the picture: what crop and pad have in common. */
import { alike, sizeOf, withEntry, type Plane } from '../plane'
import type { Box } from '../statistics'

/** `box` is on the plane's present grid; pixels beyond it take `fill`. */
export function cut(plane: Plane, box: Box, fill: number): Plane {
  const size = sizeOf(plane)
  if (box.top === 0 && box.left === 0 && box.rows === size.rows && box.columns === size.columns) return plane
  const target = alike(plane.values, box.rows * box.columns)
  const firstRow = Math.max(box.top, 0)
  const endRow = Math.min(box.top + box.rows, size.rows)
  const firstColumn = Math.max(box.left, 0)
  const endColumn = Math.min(box.left + box.columns, size.columns)
  if (box.top < 0 || box.left < 0 || box.top + box.rows > size.rows || box.left + box.columns > size.columns) target.fill(fill)
  for (let row = firstRow; row < endRow && firstColumn < endColumn; row++) {
    const source = plane.values.subarray(row * size.columns + firstColumn, row * size.columns + endColumn)
    target.set(source, (row - box.top) * box.columns + firstColumn - box.left)
  }
  return withEntry(plane, target, { kind: 'cut', box })
}
