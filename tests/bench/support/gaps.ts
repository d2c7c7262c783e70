/** Gaps between the ticks of a timer: how long something else held a thread. */

import { percentile } from './measure'

/** A frame of a screen of 60 Hz, ms. */
const frameMs = 16

/** `gaps` in ms. */
export function gapWords(gaps: readonly number[]): string {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const share = sum(gaps.filter((gap) => gap > frameMs)) / sum(gaps)
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((each) => percentile(gaps, each).toFixed(1))
  return (
    `p50 ${p50}, p95 ${p95}, p99 ${p99}, longest ${Math.max(...gaps).toFixed(0)} ms of ${gaps.length} ticks, ` +
    `${(100 * share).toFixed(0)} % of the time in gaps above ${frameMs} ms`
  )
}
