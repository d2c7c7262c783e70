/** How well scores tell what has the truth from what has not: area, calibration and operating points, with their intervals. */
import { brierScore, expectedCalibrationError, reliability, type ReliabilityBin } from './calibration'
import { confusionAt, ratesOf, type Confusion } from './confusion'
import { figuresOf, type Figure, type Resampling } from './figure'
import { once, totalsOf, type Grades, type Sample } from './grades'
import { predictiveValuesAt } from './predictive-values'
import { rocArea, rocCurve, type RocPoint } from './roc'

/** A threshold to measure at, with what the package's maker measured there; null where he states nothing. */
export interface StatedPoint {
  readonly name: string
  readonly threshold: number
  /** Findings rest on this one. */
  readonly inForce: boolean
  /** It is in force as a site has set it. */
  readonly siteSetting: boolean
  readonly sensitivity: number | null
  readonly specificity: number | null
}

export interface PointFigures {
  readonly name: string
  readonly threshold: number
  readonly inForce: boolean
  readonly siteSetting: boolean
  /** What the package says of it. */
  readonly stated: { readonly sensitivity: number | null; readonly specificity: number | null }
  readonly counts: Confusion
  readonly sensitivity: Figure
  readonly specificity: Figure
  readonly positivePredictiveValue: Figure
  readonly negativePredictiveValue: Figure
  /** At the share of positive cases that was asked for; null where none was. */
  readonly atPrevalence: { readonly positivePredictiveValue: Figure; readonly negativePredictiveValue: Figure } | null
}

export interface Discrimination {
  readonly positives: number
  readonly negatives: number
  readonly auc: Figure
  readonly expectedCalibrationError: Figure
  readonly brier: Figure
  readonly reliability: readonly ReliabilityBin[]
  /** Thinned; the area is that of the whole curve. `threshold` is null at the first point, above all scores. */
  readonly roc: readonly (Omit<RocPoint, 'threshold'> & { readonly threshold: number | null })[]
  readonly operatingPoints: readonly PointFigures[]
}

export function discriminationOf(
  sample: Sample,
  points: readonly StatedPoint[],
  { prevalence, resampling }: { readonly prevalence: number | null; readonly resampling: Resampling },
): Discrimination {
  const general = 3
  const perPoint = 6
  const figures = figuresOf(
    sample.clusters,
    (weights) => {
      const grades = sample.gradesOf(weights)
      return [...generalValues(grades), ...points.flatMap(({ threshold }) => pointValues(grades, threshold, prevalence))]
    },
    resampling,
  )
  const whole = sample.gradesOf(once(sample.clusters))
  return {
    ...totalsOf(whole),
    auc: figures[0],
    expectedCalibrationError: figures[1],
    brier: figures[2],
    reliability: reliability(whole),
    roc: thinned(rocCurve(whole)).map((point) => ({ ...point, threshold: Number.isFinite(point.threshold) ? point.threshold : null })),
    operatingPoints: points.map(({ name, threshold, inForce, siteSetting, sensitivity, specificity }, index) => {
      const own = figures.slice(general + index * perPoint, general + (index + 1) * perPoint)
      return {
        name,
        threshold,
        inForce,
        siteSetting,
        stated: { sensitivity, specificity },
        counts: confusionAt(whole, threshold),
        sensitivity: own[0],
        specificity: own[1],
        positivePredictiveValue: own[2],
        negativePredictiveValue: own[3],
        atPrevalence: prevalence === null ? null : { positivePredictiveValue: own[4], negativePredictiveValue: own[5] },
      }
    }),
  }
}

function generalValues(grades: Grades): (number | null)[] {
  return [rocArea(grades), expectedCalibrationError(reliability(grades)), brierScore(grades)]
}

function pointValues(grades: Grades, threshold: number, prevalence: number | null): (number | null)[] {
  const { sensitivity, specificity, positivePredictiveValue, negativePredictiveValue } = ratesOf(confusionAt(grades, threshold))
  const there = prevalence === null ? null : predictiveValuesAt(prevalence, sensitivity, specificity)
  return [
    sensitivity,
    specificity,
    positivePredictiveValue,
    negativePredictiveValue,
    there?.positivePredictiveValue ?? null,
    there?.negativePredictiveValue ?? null,
  ]
}

/** Steps of a curve that is drawn a hand wide. */
const curveSteps = 200

/** Leaves out points nearer than a step to the last one kept; both ends stay. */
export function thinned(curve: readonly RocPoint[]): RocPoint[] {
  const kept: RocPoint[] = []
  for (const [index, point] of curve.entries()) {
    const last = kept.at(-1)
    const far =
      !last ||
      point.falsePositiveRate - last.falsePositiveRate >= 1 / curveSteps ||
      point.truePositiveRate - last.truePositiveRate >= 1 / curveSteps
    if (far || index === curve.length - 1) kept.push(point)
  }
  return kept
}
