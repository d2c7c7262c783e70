/**
 * Scores of what has the truth and of what has not, gathered by level: the one form that ROC, confusion and
 * calibration work on, whether what is counted are pictures or pixels.
 */

/** How many cases lie at each level. Numbers may be weights, as in a resample. */
export interface Grades {
  /** 0 to 1, strictly rising. */
  readonly scores: ArrayLike<number>
  /** By level: cases that have it. */
  readonly positives: Float64Array
  /** By level: cases that have it not. */
  readonly negatives: Float64Array
}

/** Cases that can be counted again with some clusters (patients) taken several times or not at all. */
export interface Sample {
  readonly clusters: number
  readonly scores: ArrayLike<number>
  /** @param weights by cluster, how often it is taken */
  gradesOf(weights: ArrayLike<number>): Grades
}

export interface ScoredCase {
  readonly score: number
  readonly positive: boolean
  /** From 0. */
  readonly cluster: number
}

/** One case each, at its exact score. */
export function sampleOfCases(cases: readonly ScoredCase[], clusters: number): Sample {
  const scores = Float64Array.from(new Set(cases.map(({ score }) => score))).sort()
  const levels = new Map(Array.from(scores, (score, level) => [score, level]))
  const placed = cases.map(({ score, positive, cluster }) => ({ level: levels.get(score)!, positive, cluster }))
  return {
    clusters,
    scores,
    gradesOf(weights) {
      const grades = emptyGrades(scores)
      for (const { level, positive, cluster } of placed) {
        const side = positive ? grades.positives : grades.negatives
        side[level] += weights[cluster]
      }
      return grades
    },
  }
}

/** Counts of many cases, one pair of histograms a cluster on levels that all share. */
export function sampleOfCounts(scores: ArrayLike<number>, counts: readonly Pick<Grades, 'positives' | 'negatives'>[]): Sample {
  return {
    clusters: counts.length,
    scores,
    gradesOf(weights) {
      const grades = emptyGrades(scores)
      for (const [cluster, { positives, negatives }] of counts.entries()) {
        const weight = weights[cluster]
        if (weight === 0) continue
        for (let level = 0; level < scores.length; level++) {
          grades.positives[level] += weight * positives[level]
          grades.negatives[level] += weight * negatives[level]
        }
      }
      return grades
    },
  }
}

/** How many cases have it, and how many have it not. */
export function totalsOf({ positives, negatives }: Grades): { readonly positives: number; readonly negatives: number } {
  return { positives: sum(positives), negatives: sum(negatives) }
}

/** Every cluster once. */
export function once(clusters: number): Float64Array {
  return new Float64Array(clusters).fill(1)
}

function emptyGrades(scores: ArrayLike<number>): Grades {
  return { scores, positives: new Float64Array(scores.length), negatives: new Float64Array(scores.length) }
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
