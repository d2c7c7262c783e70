/** A figure with its interval: the same function gives the value on all patients and on each resample. */
import { bootstrapIntervals, type Interval, type Statistics } from './bootstrap'
import { once } from './grades'

export interface Figure {
  /** Null where there is none: nothing stands under the line. */
  readonly value: number | null
  /** 95 %, by patient; null where there is none. */
  readonly interval: Interval | null
}

/** How intervals are drawn. */
export interface Resampling {
  readonly seed: number
  readonly rounds: number
}

export function figuresOf(clusters: number, statistics: Statistics, resampling: Resampling): Figure[] {
  const values = statistics(once(clusters))
  const intervals = bootstrapIntervals(clusters, statistics, resampling)
  return values.map((value, index) => ({ value, interval: value === null ? null : intervals[index] }))
}
