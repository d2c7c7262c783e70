/** What a network's score of whole pictures is worth against known answers. */
import { discriminationOf, type Discrimination, type StatedPoint } from './discrimination'
import type { Resampling } from './figure'
import { sampleOfCases, type ScoredCase } from './grades'

export interface ClassificationFigures extends Discrimination {
  readonly label: string
  readonly title: string
  readonly pictures: number
  readonly patients: number
  /** Analysed, but the table does not say whether they have it. */
  readonly notKnown: number
}

export interface LabelledScores {
  readonly label: string
  readonly title: string
  readonly points: readonly StatedPoint[]
  /** `cluster` numbers the patients of all labels. */
  readonly cases: readonly ScoredCase[]
  readonly notKnown: number
}

export function classificationFigures(
  { label, title, points, cases, notKnown }: LabelledScores,
  settings: { readonly prevalence: number | null; readonly resampling: Resampling },
): ClassificationFigures {
  const { renumbered, patients } = byOwnPatients(cases)
  const sample = sampleOfCases(renumbered, patients)
  return { label, title, pictures: cases.length, patients, notKnown, ...discriminationOf(sample, points, settings) }
}

/** Patients without a case of this label would be drawn for nothing. */
function byOwnPatients(cases: readonly ScoredCase[]): { renumbered: ScoredCase[]; patients: number } {
  const own = new Map<number, number>()
  for (const { cluster } of cases) if (!own.has(cluster)) own.set(cluster, own.size)
  return { renumbered: cases.map((one) => ({ ...one, cluster: own.get(one.cluster)! })), patients: own.size }
}
