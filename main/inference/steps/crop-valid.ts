/** Cuts to the bounding box of the pixels that are not padding. */
import type { Picture } from '../picture'
import type { Plane } from '../plane'
import { boxAfter } from '../trace'
import { cut } from './cut'

export function cropValid(plane: Plane, source: Picture): Plane {
  const { rows, columns, valid } = source
  if (!valid) return cut(plane, boxAfter(plane.trace, { top: 0, left: 0, rows, columns }), 0)
  let top = rows
  let bottom = -1
  let left = columns
  let right = -1
  for (let row = 0; row < rows; row++) {
    const first = valid.indexOf(1, row * columns) - row * columns
    if (first < 0 || first >= columns) continue
    const last = valid.lastIndexOf(1, (row + 1) * columns - 1) - row * columns
    top = Math.min(top, row)
    bottom = row
    left = Math.min(left, first)
    right = Math.max(right, last)
  }
  if (bottom < 0) return plane
  return cut(plane, boxAfter(plane.trace, { top, left, rows: bottom - top + 1, columns: right - left + 1 }), 0)
}
