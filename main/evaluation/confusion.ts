/**
 * What an operating point makes of the cases: sensitivity, specificity and predictive values.
 *
 * Altman DG, Bland JM. "Diagnostic tests 1: sensitivity and specificity" and "2: predictive values", BMJ 308, 1994.
 * A case counts as positive at and above the threshold, as everywhere in Overread. All rates lie in 0 to 1; a rate
 * without cases under its line is null, never 0.
 */
import type { Grades } from './grades'

export interface Confusion {
  readonly truePositives: number
  readonly falsePositives: number
  readonly trueNegatives: number
  readonly falseNegatives: number
}

export interface Rates {
  /** TP / (TP + FN): of those that have it, how many are called. */
  readonly sensitivity: number | null
  /** TN / (TN + FP): of those that have it not, how many are left alone. */
  readonly specificity: number | null
  /** TP / (TP + FP), at the share of positive cases among those measured. */
  readonly positivePredictiveValue: number | null
  /** TN / (TN + FN), at the same share. */
  readonly negativePredictiveValue: number | null
}

export function confusionAt({ scores, positives, negatives }: Grades, threshold: number): Confusion {
  let [truePositives, falsePositives, trueNegatives, falseNegatives] = [0, 0, 0, 0]
  for (let level = 0; level < scores.length; level++) {
    if (scores[level] >= threshold) {
      truePositives += positives[level]
      falsePositives += negatives[level]
    } else {
      falseNegatives += positives[level]
      trueNegatives += negatives[level]
    }
  }
  return { truePositives, falsePositives, trueNegatives, falseNegatives }
}

export function ratesOf({ truePositives, falsePositives, trueNegatives, falseNegatives }: Confusion): Rates {
  return {
    sensitivity: share(truePositives, falseNegatives),
    specificity: share(trueNegatives, falsePositives),
    positivePredictiveValue: share(truePositives, falsePositives),
    negativePredictiveValue: share(trueNegatives, falseNegatives),
  }
}

function share(part: number, rest: number): number | null {
  return part + rest === 0 ? null : part / (part + rest)
}
