/** Probabilities in steps of 1/65535, the form in which maps are stored: scores come out the same from the archive. */

export const quantisedSteps = 65535

/** The nearest step; `probability` is 0 to 1. */
export function quantise(probability: number): number {
  return (probability * quantisedSteps + 0.5) | 0
}

/** How often each value occurs, rising. */
export interface ValueCounts {
  readonly values: Uint16Array<ArrayBuffer>
  readonly counts: Uint32Array<ArrayBuffer>
}

/** The value at a percentile (0 to 100) of all counts together, by inverted distribution, as a probability. */
export function percentileOfCounts(all: readonly ValueCounts[], percentile: number): number {
  const sum = new Float64Array(quantisedSteps + 1)
  let total = 0
  for (const { values, counts } of all) {
    for (let i = 0; i < values.length; i++) {
      sum[values[i]] += counts[i]
      total += counts[i]
    }
  }
  return rankedValue(sum, Math.max(1, Math.ceil((percentile / 100) * total)))
}

/** The sum of all values, as probabilities. */
export function sumOfCounts({ values, counts }: ValueCounts): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] * counts[i]
  return sum / quantisedSteps
}

/** The value of a rank, counted from 1 in rising order, as a probability. */
export function rankedValue(counts: Float64Array | Uint32Array, rank: number): number {
  return levelOfRank(counts, rank) / quantisedSteps
}

/** Which of the counted levels has a rank, counted from 1 in rising order. */
export function levelOfRank(counts: Float64Array | Uint32Array, rank: number): number {
  let before = 0
  for (let level = 0; level < counts.length; level++) {
    before += counts[level]
    if (before >= rank) return level
  }
  return 0
}

/** One value of so many shows where the high ones begin. */
const sampledEach = 64

/**
 * The value at a high percentile (0 to 100) of a map, by inverted distribution, as a probability. Exact: a sample tells only
 * below which value none needs to be counted, and where that was too high all are.
 */
export function highPercentile(map: Float32Array, percentile: number): number {
  const wanted = map.length - Math.max(1, Math.ceil((percentile / 100) * map.length)) + 1
  const sample = countFrom(map, 0, sampledEach)
  // Twice as many as are wanted, and some more where the sample is small.
  const floor = rankFromTop(sample, Math.ceil((2 * wanted) / sampledEach) + 8) ?? 0
  const value = rankFromTop(countFrom(map, floor, 1), wanted) ?? rankFromTop(countFrom(map, 0, 1), wanted)
  return (value ?? 0) / quantisedSteps
}

/** How often each step from `floor` on occurs among every `each`th value. */
function countFrom(map: Float32Array, floor: number, each: number): Uint32Array {
  const counts = new Uint32Array(quantisedSteps + 1)
  // A step lower, so that what is rounded up to it is counted; the step itself is then left out.
  const least = (floor - 1) / quantisedSteps
  for (let i = 0; i < map.length; i += each) if (map[i] >= least) counts[quantise(map[i])]++
  if (floor > 0) counts[floor - 1] = 0
  return counts
}

/** The step whose rank from the greatest, 1, is this; null where fewer were counted. */
function rankFromTop(counts: Uint32Array, rank: number): number | null {
  let above = 0
  for (let step = quantisedSteps; step >= 0; step--) {
    above += counts[step]
    if (above >= rank) return step
  }
  return null
}

/** Counts few values, in any order. */
export function countFew(samples: Uint16Array): ValueCounts {
  const values: number[] = []
  const counts: number[] = []
  for (const value of samples.slice().sort()) {
    if (values.at(-1) === value) counts[counts.length - 1]++
    else {
      values.push(value)
      counts.push(1)
    }
  }
  return { values: Uint16Array.from(values), counts: Uint32Array.from(counts) }
}

/** The counts of those steps that occur. */
export function compact(all: Uint32Array): ValueCounts {
  let different = 0
  for (let value = 0; value < all.length; value++) if (all[value] > 0) different++
  const values = new Uint16Array(different)
  const counts = new Uint32Array(different)
  for (let value = 0, at = 0; at < different; value++) {
    if (all[value] === 0) continue
    values[at] = value
    counts[at++] = all[value]
  }
  return { values, counts }
}
