/** Turns a picture so that its rows and columns run towards given sides of the patient. */
import type { PreprocessStep } from '../../../contracts/model-package'
import { alike, sizeOf, withEntry, type Plane } from '../plane'
import { flip } from './flip'

export type Direction = Extract<PreprocessStep, { op: 'orient' }>['row']
/** Where a row and a column of the source run to; null where that is unknown. */
export type Directions = { readonly row: Direction; readonly column: Direction } | null

const opposite: Record<Direction, Direction> = { L: 'R', R: 'L', A: 'P', P: 'A', H: 'F', F: 'H' }

/**
 * Does nothing where the directions are unknown, or where the picture's plane does not hold the two
 * wanted ones: no turning makes a sagittal slice axial.
 */
export function orient(plane: Plane, wanted: { readonly row: Direction; readonly column: Direction }, directions: Directions): Plane {
  if (!directions) return plane
  const along = (a: Direction, b: Direction) => a === b || a === opposite[b]
  const straight = along(directions.row, wanted.row) && along(directions.column, wanted.column)
  const crossed = along(directions.row, wanted.column) && along(directions.column, wanted.row)
  if (!straight && !crossed) return plane
  const turned = straight ? plane : transpose(plane)
  const { row, column } = straight ? directions : { row: directions.column, column: directions.row }
  const rowRight = row === wanted.row ? turned : flip(turned, 'columns')
  return column === wanted.column ? rowRight : flip(rowRight, 'rows')
}

function transpose(plane: Plane): Plane {
  const { rows, columns } = sizeOf(plane)
  const target = alike(plane.values, rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) target[column * rows + row] = plane.values[row * columns + column]
  }
  return withEntry(plane, target, { kind: 'transpose' })
}
