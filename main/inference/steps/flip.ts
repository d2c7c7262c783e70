/** Mirrors a picture: `columns` swaps left and right, `rows` top and bottom. */
import { alike, sizeOf, withEntry, type Plane } from '../plane'
import type { Axis } from '../trace'

export function flip(plane: Plane, axis: Axis): Plane {
  const { rows, columns } = sizeOf(plane)
  const target = alike(plane.values, rows * columns)
  for (let row = 0; row < rows; row++) {
    const line = plane.values.subarray(row * columns, (row + 1) * columns)
    if (axis === 'rows') target.set(line, (rows - 1 - row) * columns)
    else for (let column = 0; column < columns; column++) target[row * columns + columns - 1 - column] = line[column]
  }
  return withEntry(plane, target, { kind: 'flip', axis })
}
