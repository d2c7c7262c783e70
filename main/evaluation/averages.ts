/** Mean and median of values of which some clusters count several times or not at all. */

export interface ClusteredValue {
  readonly value: number
  /** From 0. */
  readonly cluster: number
}

/** Null where nothing counts. */
export function weightedMean(values: readonly ClusteredValue[], weights: ArrayLike<number>): number | null {
  let [sum, count] = [0, 0]
  for (const { value, cluster } of values) {
    sum += weights[cluster] * value
    count += weights[cluster]
  }
  return count === 0 ? null : sum / count
}

/**
 * The median of the values, each taken as often as its weight, a whole number, says; of an even number the mean of the
 * middle two. Null where nothing counts.
 *
 * @param sorted by value, rising
 */
export function weightedMedian(sorted: readonly ClusteredValue[], weights: ArrayLike<number>): number | null {
  const count = sorted.reduce((sum, { cluster }) => sum + weights[cluster], 0)
  if (count === 0) return null
  const at = (place: number): number => {
    let passed = 0
    return sorted.find(({ cluster }) => (passed += weights[cluster]) > place)!.value
  }
  return (at(Math.floor((count - 1) / 2)) + at(Math.floor(count / 2))) / 2
}
