/**
 * Intervals by drawing whole patients with replacement.
 *
 * Efron B, Tibshirani RJ. "An Introduction to the Bootstrap", 1993, chapter 13 (percentile interval); Field CA, Welsh AH,
 * "Bootstrapping clustered data", J R Stat Soc B 69(3), 2007: what belongs to one patient is alike, so patients are drawn,
 * not pictures or pixels, and one that is drawn twice counts twice with all that is his.
 *
 * Edges. With fewer than two clusters there is no interval. A resample on which a figure has no value (one class absent) is
 * left out for that figure and counted. Where every resample gives the same value, as for a share of 1, the interval has no
 * width, which does not mean that there is no doubt: of n clusters without a fault up to about 3 / n may still fail
 * (Hanley JA, Lippman-Hand A, "If nothing goes wrong, is everything all right?", JAMA 249, 1983).
 */
import { percentile } from './percentile'
import { SeededRandom } from './random'

export const bootstrapRounds = 2000
export const bootstrapLevel = 0.95

export interface Interval {
  readonly low: number
  readonly high: number
  /** Resamples on which the figure had no value. */
  readonly withoutValue: number
}

/** Several figures of one resample; null where a figure has no value on it. */
export type Statistics = (weights: Float64Array) => readonly (number | null)[]

/**
 * An interval for each figure; null where there is none.
 *
 * @param statistics gets how often each cluster was drawn. The array is used again: it must not be kept.
 */
export function bootstrapIntervals(
  clusters: number,
  statistics: Statistics,
  { seed, rounds = bootstrapRounds }: { readonly seed: number; readonly rounds?: number },
): (Interval | null)[] {
  if (clusters < 2) return statistics(new Float64Array(clusters).fill(1)).map(() => null)
  const random = new SeededRandom(seed)
  const weights = new Float64Array(clusters)
  const drawn: number[][] = []
  for (let round = 0; round < rounds; round++) {
    weights.fill(0)
    for (let draw = 0; draw < clusters; draw++) weights[random.below(clusters)]++
    for (const [figure, value] of statistics(weights).entries()) {
      drawn[figure] ??= []
      if (value !== null) drawn[figure].push(value)
    }
  }
  return drawn.map((values) => intervalOf(values, rounds))
}

function intervalOf(values: readonly number[], rounds: number): Interval | null {
  if (values.length === 0) return null
  const sorted = Float64Array.from(values).sort()
  const tail = (1 - bootstrapLevel) / 2
  return { low: percentile(sorted, tail), high: percentile(sorted, 1 - tail), withoutValue: rounds - values.length }
}
