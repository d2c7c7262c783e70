/** Brings a picture to a size about its centre, the odd pixel at the end; where it is larger it is cut. */
import { sizeOf, type Plane } from '../plane'
import type { Size } from '../trace'
import { cut } from './cut'

export function pad(plane: Plane, to: Size, value: number): Plane {
  const size = sizeOf(plane)
  const top = Math.floor((to.rows - size.rows) / 2)
  const left = Math.floor((to.columns - size.columns) / 2)
  return cut(plane, { top: -top, left: -left, rows: to.rows, columns: to.columns }, value)
}
