/** Of all that is labelled, the largest part whose voxels touch at a face, an edge or a corner. */
import { UnionFind } from '../union-find'
import type { Sides } from './voxel-grid'

/** Pieces of rows, three numbers each: index of the row, first column, column after the last. */
type Runs = readonly number[]

/** Sets every label outside the largest part to 0; gives how many voxels it cleared. */
export function keepLargestPart(labels: Uint8Array, sides: Sides): number {
  const { runs, firstOfRow } = runsOf(labels, sides)
  const parts = joinRuns(runs, firstOfRow, sides)
  const sizes = new Map<number, number>()
  for (let run = 0; run * 3 < runs.length; run++) {
    const part = parts.find(run)
    sizes.set(part, (sizes.get(part) ?? 0) + runs[run * 3 + 2] - runs[run * 3 + 1])
  }
  let largest = -1
  for (const [part, size] of sizes) if (size > (sizes.get(largest) ?? 0)) largest = part
  let cleared = 0
  for (let run = 0; run * 3 < runs.length; run++) {
    if (parts.find(run) === largest) continue
    const begin = runs[run * 3] * sides[2]
    labels.fill(0, begin + runs[run * 3 + 1], begin + runs[run * 3 + 2])
    cleared += runs[run * 3 + 2] - runs[run * 3 + 1]
  }
  return cleared
}

/** `firstOfRow`: the number of a row's first run, with one more entry that ends the last row. */
function runsOf(labels: Uint8Array, [slices, rows, columns]: Sides): { runs: Runs; firstOfRow: Int32Array } {
  const runs: number[] = []
  const firstOfRow = new Int32Array(slices * rows + 1)
  for (let row = 0; row < slices * rows; row++) {
    firstOfRow[row] = runs.length / 3
    const begin = row * columns
    for (let column = 0; column < columns; column++) {
      if (labels[begin + column] === 0) continue
      const start = column
      while (column < columns && labels[begin + column] !== 0) column++
      runs.push(row, start, column)
    }
  }
  firstOfRow[slices * rows] = runs.length / 3
  return { runs, firstOfRow }
}

function joinRuns(runs: Runs, firstOfRow: Int32Array, [slices, rows]: Sides): UnionFind {
  const parts = new UnionFind()
  for (let run = 0; run * 3 < runs.length; run++) parts.add()
  for (let slice = 0; slice < slices; slice++) {
    for (let row = 0; row < rows; row++) {
      const here = slice * rows + row
      if (firstOfRow[here] === firstOfRow[here + 1]) continue
      // Of the eight rows around, those that came before.
      if (row > 0) joinRows(parts, runs, firstOfRow, here, here - 1)
      if (slice === 0) continue
      for (let beside = Math.max(0, row - 1); beside <= Math.min(rows - 1, row + 1); beside++)
        joinRows(parts, runs, firstOfRow, here, (slice - 1) * rows + beside)
    }
  }
  return parts
}

function joinRows(parts: UnionFind, runs: Runs, firstOfRow: Int32Array, here: number, there: number): void {
  let [run, other] = [firstOfRow[here], firstOfRow[there]]
  while (run < firstOfRow[here + 1] && other < firstOfRow[there + 1]) {
    const [start, end] = [runs[run * 3 + 1], runs[run * 3 + 2]]
    const [otherStart, otherEnd] = [runs[other * 3 + 1], runs[other * 3 + 2]]
    // At a corner the one ends where the other begins.
    if (start <= otherEnd && otherStart <= end) parts.join(run, other)
    if (end < otherEnd) run++
    else other++
  }
}
