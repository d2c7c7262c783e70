/**
 * The receiver operating characteristic and the area under it.
 *
 * Hanley JA, McNeil BJ. "The meaning and use of the area under a receiver operating characteristic (ROC) curve",
 * Radiology 143(1), 1982: the area is the probability that a case which has it scores higher than one which has it not, ties
 * counting one half. Range 0 to 1; chance is 0.5.
 */
import { totalsOf, type Grades } from './grades'

export interface RocPoint {
  /** At and above which a case counts as positive; infinite at the curve's first point. */
  readonly threshold: number
  /** 1 - specificity. */
  readonly falsePositiveRate: number
  /** Sensitivity. */
  readonly truePositiveRate: number
}

/** Null where one of the two classes is absent: there is no pair to compare. */
export function rocArea(grades: Grades): number | null {
  const all = totalsOf(grades)
  if (all.positives === 0 || all.negatives === 0) return null
  let above = all.positives
  let pairs = 0
  for (let level = 0; level < grades.scores.length; level++) {
    const here = grades.positives[level]
    above -= here
    pairs += grades.negatives[level] * (above + here / 2)
  }
  return pairs / (all.positives * all.negatives)
}

/**
 * The curve from (0, 0) to (1, 1), a point a level, highest score first. Cases of one score come together, so that the
 * straight line between two points gives the area above. Empty where one of the classes is absent.
 */
export function rocCurve(grades: Grades): RocPoint[] {
  const all = totalsOf(grades)
  if (all.positives === 0 || all.negatives === 0) return []
  const points: RocPoint[] = [{ threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 }]
  let [positives, negatives] = [0, 0]
  for (let level = grades.scores.length - 1; level >= 0; level--) {
    if (grades.positives[level] === 0 && grades.negatives[level] === 0) continue
    positives += grades.positives[level]
    negatives += grades.negatives[level]
    points.push({
      threshold: grades.scores[level],
      falsePositiveRate: negatives / all.negatives,
      truePositiveRate: positives / all.positives,
    })
  }
  return points
}
