/**
 * How far two outlines lie apart at their edges.
 *
 * Huttenlocher DP, Klanderman GA, Rucklidge WJ. "Comparing images using the Hausdorff distance", IEEE TPAMI 15(9), 1993, with
 * the 95th percentile in the place of the greatest distance: for each edge pixel of one outline the distance to the nearest
 * edge pixel of the other; of these the 95th percentile; the greater of the two directions. Range 0 (the same) upwards, in the
 * unit of the spacing. Edge pixels are those of the outline with a side neighbour outside it or outside the picture.
 * Within one picture only: distances through neighbouring slices are not looked at.
 *
 * An outline without pixels has no edge, so that there is no distance: 0 would be praise, and infinity would make every
 * mean infinite. Which of the two is empty is said instead, for the caller to count.
 */
import { percentile } from './percentile'

export type EdgeDistance =
  { readonly kind: 'value'; readonly value: number } | { readonly kind: 'both-empty' | 'truth-empty' | 'found-empty' }

/**
 * @param spacing of pixels; [1, 1] gives pixels
 * @throws RangeError unless both masks hold rows x columns values and both spacings are above zero
 */
export function hausdorff95(
  truth: Uint8Array,
  found: Uint8Array,
  rows: number,
  columns: number,
  spacing: readonly [betweenRows: number, betweenColumns: number],
): EdgeDistance {
  if (truth.length !== rows * columns || found.length !== rows * columns) throw new RangeError('masks of two sizes')
  if (!(spacing[0] > 0 && spacing[1] > 0)) throw new RangeError('a spacing that is not above zero')
  const [truthEdge, foundEdge] = [edgeOf(truth, rows, columns), edgeOf(found, rows, columns)]
  if (truthEdge.length === 0 && foundEdge.length === 0) return { kind: 'both-empty' }
  if (truthEdge.length === 0) return { kind: 'truth-empty' }
  if (foundEdge.length === 0) return { kind: 'found-empty' }
  const toFound = distances(truthEdge, squaredDistances(foundEdge, rows, columns, spacing))
  const toTruth = distances(foundEdge, squaredDistances(truthEdge, rows, columns, spacing))
  return { kind: 'value', value: Math.max(percentile(toFound, 0.95), percentile(toTruth, 0.95)) }
}

function edgeOf(mask: Uint8Array, rows: number, columns: number): number[] {
  const edge: number[] = []
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      if (mask[at] === 0) continue
      const atBorder = row === 0 || row === rows - 1 || column === 0 || column === columns - 1
      if (atBorder || !mask[at - columns] || !mask[at + columns] || !mask[at - 1] || !mask[at + 1]) edge.push(at)
    }
  }
  return edge
}

/**
 * Of every pixel to the nearest of `sites`: exact, by lower envelopes of parabolas, first down the columns, then along the
 * rows. Felzenszwalb PF, Huttenlocher DP, "Distance transforms of sampled functions", Theory of Computing 8, 2012.
 */
function squaredDistances(
  sites: readonly number[],
  rows: number,
  columns: number,
  [betweenRows, betweenColumns]: readonly [number, number],
): Float64Array {
  const map = new Float64Array(rows * columns).fill(Infinity)
  for (const site of sites) map[site] = 0
  const envelope = new Envelope(Math.max(rows, columns))
  for (let column = 0; column < columns; column++) envelope.transform(map, column, columns, rows, betweenRows)
  for (let row = 0; row < rows; row++) envelope.transform(map, row * columns, 1, columns, betweenColumns)
  return map
}

class Envelope {
  readonly #heights: Float64Array
  readonly #places: Int32Array
  readonly #starts: Float64Array

  constructor(longest: number) {
    this.#heights = new Float64Array(longest)
    this.#places = new Int32Array(longest)
    this.#starts = new Float64Array(longest)
  }

  /** One line of `map`: `count` values from `first` on, `stride` apart, for places `step` apart. */
  transform(map: Float64Array, first: number, stride: number, count: number, step: number): void {
    const [heights, places, starts] = [this.#heights, this.#places, this.#starts]
    let parabolas = 0
    for (let place = 0; place < count; place++) {
      heights[place] = map[first + place * stride]
      if (heights[place] === Infinity) continue
      let start = -Infinity
      while (parabolas > 0) {
        const other = places[parabolas - 1]
        const [here, there] = [place * step, other * step]
        start = (heights[place] + here * here - heights[other] - there * there) / (2 * (here - there))
        if (start > starts[parabolas - 1]) break
        parabolas--
        start = -Infinity
      }
      places[parabolas] = place
      starts[parabolas] = start
      parabolas++
    }
    if (parabolas === 0) return
    let current = 0
    for (let place = 0; place < count; place++) {
      while (current + 1 < parabolas && starts[current + 1] < place * step) current++
      const distance = (place - places[current]) * step
      map[first + place * stride] = distance * distance + heights[places[current]]
    }
  }
}

function distances(edge: readonly number[], squared: Float64Array): Float64Array {
  return Float64Array.from(edge, (at) => Math.sqrt(squared[at])).sort()
}
