/** The outline of a mask along its pixels' edges. */

/** Closed rings of corner points, [x, y, x, y, …] in picture coordinates (pixel corners). */
export type Ring = readonly number[]

/**
 * Follows the edges between set and unset pixels. Regions that touch at a
 * corner only keep separate rings; holes run the other way round.
 *
 * `mask`: rows × columns, any value but 0 is set; outside counts as unset.
 */
export function maskRings(mask: Uint8Array, rows: number, columns: number): Ring[] {
  const set = (row: number, column: number) =>
    row >= 0 && column >= 0 && row < rows && column < columns && mask[row * columns + column] !== 0
  const rings: number[][] = []
  // One bit for each upper edge already followed, at the corner where it starts.
  const followed = new Uint8Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!set(row, column) || set(row - 1, column) || followed[row * columns + column]) continue
      rings.push(follow(set, followed, row, column, columns))
    }
  }
  return rings
}

/** Directions: 0 right, 1 down, 2 left, 3 up; the set pixel lies on the right hand. */
const stepX = [1, 0, -1, 0] as const
const stepY = [0, 1, 0, -1] as const

function follow(
  set: (row: number, column: number) => boolean,
  followed: Uint8Array,
  startRow: number,
  startColumn: number,
  columns: number,
): number[] {
  const ring: number[] = [startColumn, startRow]
  let [x, y, direction] = [startColumn, startRow, 0]
  for (;;) {
    if (direction === 0) followed[y * columns + x] = 1
    x += stepX[direction] ?? 0
    y += stepY[direction] ?? 0
    // The two pixels ahead of the corner, left and right of the way.
    const left = direction === 0 ? set(y - 1, x) : direction === 1 ? set(y, x) : direction === 2 ? set(y, x - 1) : set(y - 1, x - 1)
    const right = direction === 0 ? set(y, x) : direction === 1 ? set(y, x - 1) : direction === 2 ? set(y - 1, x - 1) : set(y - 1, x)
    const next = !right ? (direction + 1) % 4 : left ? (direction + 3) % 4 : direction
    if (x === startColumn && y === startRow && next === 0) return ring
    if (next !== direction) ring.push(x, y)
    direction = next
  }
}
