/**
 * Probabilities of pixels, counted by level: a picture has millions, and each is needed again in every resample.
 *
 * Levels are steps of 1/1000, finer towards 0 and 1, where most pixels lie, with every operating point among their edges: what
 * is at or above a threshold is counted exactly. A level stands for the mean of the values in it: calibration loses nothing,
 * the area under the curve what two values within one level differ.
 */

const steps = 1000
const perOctave = 16
/** Of 2: below the one all counts as 0; above 1 less the other no number of 32 bits but 1 is left. */
const leastAboveZero = -40
const leastBelowOne = -24

/** The lower edges of the levels, rising from 0. */
export function levelEdges(thresholds: readonly number[]): Float64Array {
  const even = Array.from({ length: steps }, (_, step) => step / steps)
  const nearZero = octavesBelow(1 / steps, leastAboveZero)
  const nearOne = octavesBelow(1 / steps, leastBelowOne).map((distance) => 1 - distance)
  return Float64Array.from(new Set([...even, ...nearZero, ...nearOne, ...thresholds])).sort()
}

/** Down from `most`, each a sixteenth of an octave below the last, to 2 to the power of `least`. */
function octavesBelow(most: number, least: number): number[] {
  const count = Math.floor((Math.log2(most) - least) * perOctave)
  return Array.from({ length: count }, (_, step) => most * 2 ** (-step / perOctave))
}

/** By level: pixels inside the truth, pixels outside, and the sum of all their values. */
export interface PixelCounts {
  readonly positives: Float64Array<ArrayBuffer>
  readonly negatives: Float64Array<ArrayBuffer>
  readonly sums: Float64Array<ArrayBuffer>
}

export function emptyCounts(edges: Float64Array): PixelCounts {
  return {
    positives: new Float64Array(edges.length),
    negatives: new Float64Array(edges.length),
    sums: new Float64Array(edges.length),
  }
}

/**
 * @param truth what is not 0 is inside
 * @param values 0 to 1
 * @throws RangeError where they differ in size
 */
export function countPixels(truth: Uint8Array, values: Float32Array, edges: Float64Array): PixelCounts {
  if (truth.length !== values.length) throw new RangeError('a mask and a map of two sizes')
  const counts = emptyCounts(edges)
  for (let at = 0; at < values.length; at++) {
    const level = levelOf(values[at], edges)
    if (truth[at] !== 0) counts.positives[level]++
    else counts.negatives[level]++
    counts.sums[level] += values[at]
  }
  return counts
}

/** The last level whose edge is not above the value. */
function levelOf(value: number, edges: Float64Array): number {
  let [low, high] = [0, edges.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (edges[middle] <= value) low = middle
    else high = middle
  }
  return low
}

export function addCounts(to: PixelCounts, { positives, negatives, sums }: PixelCounts): void {
  for (let level = 0; level < sums.length; level++) {
    to.positives[level] += positives[level]
    to.negatives[level] += negatives[level]
    to.sums[level] += sums[level]
  }
}

/** By level: the mean of what all counts together hold there; its lower edge where that is nothing. */
export function levelScores(edges: Float64Array, all: readonly PixelCounts[]): Float64Array {
  return edges.map((edge, level) => {
    let [sum, pixels] = [0, 0]
    for (const { positives, negatives, sums } of all) {
      pixels += positives[level] + negatives[level]
      sum += sums[level]
    }
    // The mean of like values may come out a rounding below them.
    return pixels === 0 ? edge : Math.max(edge, sum / pixels)
  })
}
