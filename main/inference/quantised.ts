/** Probabilities in steps of 1/65535, the form in which maps are stored: scores come out the same from the archive. */

export const quantisedSteps = 65535

export function quantise(probability: number): number {
  return Math.round(probability * quantisedSteps)
}

/** How often each value occurs, rising. */
export interface ValueCounts {
  readonly values: Uint16Array<ArrayBuffer>
  readonly counts: Uint32Array<ArrayBuffer>
}

/** Counts `samples`, quantised values in any order. */
export function countQuantised(samples: Uint16Array): ValueCounts {
  return samples.length < 4096 ? countSorted(samples.slice().sort()) : compact(countAll(samples))
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

/** The value of a rank, counted from 1 in rising order, as a probability. */
export function rankedValue(counts: Float64Array | Uint32Array, rank: number): number {
  let before = 0
  for (let value = 0; value < counts.length; value++) {
    before += counts[value]
    if (before >= rank) return value / quantisedSteps
  }
  return 0
}

function countAll(samples: Uint16Array): Uint32Array {
  const counts = new Uint32Array(quantisedSteps + 1)
  for (let i = 0; i < samples.length; i++) counts[samples[i]]++
  return counts
}

function compact(all: Uint32Array): ValueCounts {
  const values: number[] = []
  for (let value = 0; value < all.length; value++) if (all[value] > 0) values.push(value)
  return { values: Uint16Array.from(values), counts: Uint32Array.from(values, (value) => all[value]) }
}

function countSorted(sorted: Uint16Array): ValueCounts {
  const values: number[] = []
  const counts: number[] = []
  for (const value of sorted) {
    if (values.at(-1) === value) counts[counts.length - 1]++
    else {
      values.push(value)
      counts.push(1)
    }
  }
  return { values: Uint16Array.from(values), counts: Uint32Array.from(counts) }
}
