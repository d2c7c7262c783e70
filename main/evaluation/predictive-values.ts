/**
 * Predictive values at another share of positive cases than that of the data measured, by Bayes' theorem.
 * Altman DG, Bland JM. "Diagnostic tests 2: predictive values", BMJ 309, 1994. Both lie in 0 to 1; null where nothing, or
 * nothing else, would be called.
 */

export interface PredictiveValues {
  readonly positivePredictiveValue: number | null
  readonly negativePredictiveValue: number | null
}

/** @param prevalence 0 to 1 */
export function predictiveValuesAt(prevalence: number, sensitivity: number | null, specificity: number | null): PredictiveValues {
  if (sensitivity === null || specificity === null) return { positivePredictiveValue: null, negativePredictiveValue: null }
  const [called, left] = [sensitivity * prevalence, specificity * (1 - prevalence)]
  const [calledFalsely, leftFalsely] = [(1 - specificity) * (1 - prevalence), (1 - sensitivity) * prevalence]
  return { positivePredictiveValue: share(called, calledFalsely), negativePredictiveValue: share(left, leftFalsely) }
}

function share(part: number, rest: number): number | null {
  return part + rest === 0 ? null : part / (part + rest)
}
