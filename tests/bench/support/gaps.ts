/** Gaps between the ticks of a timer: how long something else held a thread. */

/** A frame of a screen of 60 Hz, ms. */
const frameMs = 16

const percentile = (sorted: readonly number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]

/** `gaps` in ms. */
export function gapWords(gaps: readonly number[]): string {
  const sorted = [...gaps].sort((a, b) => a - b)
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const share = sum(sorted.filter((gap) => gap > frameMs)) / sum(sorted)
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((each) => percentile(sorted, each).toFixed(1))
  return (
    `p50 ${p50}, p95 ${p95}, p99 ${p99}, longest ${sorted.at(-1)!.toFixed(0)} ms of ${sorted.length} ticks, ` +
    `${(100 * share).toFixed(0)} % of the time in gaps above ${frameMs} ms`
  )
}
