/**
 * Whether scores are the frequencies they look like.
 *
 * Reliability curve and expected calibration error: Naeini MP, Cooper GF, Hauskrecht M. "Obtaining well calibrated
 * probabilities using Bayesian binning", AAAI 2015; here of the label's own probability, in bins of equal width:
 * ECE = sum over bins of (cases in it / all cases) |share that has it - mean score|. Range 0 (best) to 1. It depends on
 * the number of bins, and on few cases it is above 0 by chance alone.
 *
 * Brier GW. "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, 1950, for two
 * outcomes: the mean of (score - truth)^2. Range 0 (best) to 1; a constant 0.5 gives 0.25.
 */
import type { Grades } from './grades'

export const calibrationBins = 10

export interface ReliabilityBin {
  /** Inclusive. */
  readonly low: number
  /** Exclusive; in the last bin inclusive. */
  readonly high: number
  readonly cases: number
  /** Null where the bin is empty. */
  readonly meanScore: number | null
  /** How many of its cases have it, 0 to 1; null where the bin is empty. */
  readonly share: number | null
}

export function reliability({ scores, positives, negatives }: Grades, bins = calibrationBins): ReliabilityBin[] {
  const edges = Array.from({ length: bins + 1 }, (_, edge) => edge / bins)
  const cases = new Float64Array(bins)
  const having = new Float64Array(bins)
  const scoreSum = new Float64Array(bins)
  let bin = 0
  for (let level = 0; level < scores.length; level++) {
    // Compared with the edges themselves: 0.29 * 100 and its like fall short of the whole number.
    while (bin < bins - 1 && scores[level] >= edges[bin + 1]) bin++
    const here = positives[level] + negatives[level]
    cases[bin] += here
    having[bin] += positives[level]
    scoreSum[bin] += here * scores[level]
  }
  return Array.from(cases, (count, index) => ({
    low: edges[index],
    high: edges[index + 1],
    cases: count,
    meanScore: count === 0 ? null : scoreSum[index] / count,
    share: count === 0 ? null : having[index] / count,
  }))
}

/** Null without cases. Empty bins count nothing. */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number | null {
  const all = bins.reduce((sum, { cases }) => sum + cases, 0)
  if (all === 0) return null
  return bins.reduce((sum, { cases, meanScore, share }) => sum + (cases === 0 ? 0 : (cases / all) * Math.abs(share! - meanScore!)), 0)
}

/** Null without cases. */
export function brierScore({ scores, positives, negatives }: Grades): number | null {
  let [sum, cases] = [0, 0]
  for (let level = 0; level < scores.length; level++) {
    sum += positives[level] * (1 - scores[level]) ** 2 + negatives[level] * scores[level] ** 2
    cases += positives[level] + negatives[level]
  }
  return cases === 0 ? null : sum / cases
}
