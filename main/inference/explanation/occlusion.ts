/**
 * By covering (occlusion sensitivity; Zeiler and Fergus, ECCV 2014): a patch of nothing lies over one place after the other. The value at a place is
 * the mean fall of the score over the patches that cover it; where the score rises, 0.
 */
import type { ExplainedNetwork } from './explained-network'
import type { PlaceMap } from './place-map'

/** Shares of the input's sides. */
export const patchShare = 1 / 8
export const strideShare = 1 / 16

export interface Patch {
  readonly top: number
  readonly left: number
  readonly rows: number
  readonly columns: number
}

export function patchesOver({ rows, columns }: { readonly rows: number; readonly columns: number }): Patch[] {
  const down = startsAlong(rows)
  const along = startsAlong(columns)
  return down.flatMap((top) => along.map((left) => ({ top, left, rows: patchSide(rows), columns: patchSide(columns) })))
}

/** Falls of the score, one a patch. @throws what running the network throws */
export async function fallsUnder(
  network: ExplainedNetwork,
  tensor: Float32Array,
  nothing: Float32Array,
  score: number,
  patches: readonly Patch[],
): Promise<Float64Array> {
  const { rows, columns } = network
  const scores = await network.scores(patches.length, (index, to) => {
    to.set(tensor)
    const { top, left, rows: height, columns: width } = patches[index]
    for (let plane = 0; plane < to.length; plane += rows * columns) {
      for (let row = top; row < top + height; row++) {
        const start = plane + row * columns + left
        to.set(nothing.subarray(start, start + width), start)
      }
    }
  })
  return scores.map((covered) => score - covered)
}

export function fallMap(
  falls: Float64Array,
  patches: readonly Patch[],
  { rows, columns }: { readonly rows: number; readonly columns: number },
): PlaceMap {
  const sums = new Float32Array(rows * columns)
  const counts = new Uint16Array(rows * columns)
  for (const [index, { top, left, rows: height, columns: width }] of patches.entries()) {
    for (let row = top; row < top + height; row++) {
      for (let column = left; column < left + width; column++) {
        sums[row * columns + column] += falls[index]
        counts[row * columns + column]++
      }
    }
  }
  return { rows, columns, values: sums.map((sum, i) => Math.max(0, sum / Math.max(1, counts[i]))) }
}

function patchSide(side: number): number {
  return Math.max(1, Math.round(side * patchShare))
}

/** The last patch ends at the edge. */
function startsAlong(side: number): number[] {
  const step = Math.max(1, Math.round(side * strideShare))
  const last = side - patchSide(side)
  const starts: number[] = []
  for (let start = 0; start < last; start += step) starts.push(start)
  return [...starts, last]
}
