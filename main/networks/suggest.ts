/** Which packages to offer for a picture, the best match first. */
import type { GateAnswer } from '../../contracts/analysis'
import type { InstanceFacts } from '../../contracts/dicom-facts'
import type { ModelPackage } from '../../contracts/model-package'
import { checkHeader } from './gate'

export interface Match {
  readonly package: ModelPackage
  readonly gate: GateAnswer
}

const verdictOrder = { accepts: 0, unknown: 1, contradicts: 2 }

/**
 * Every package with its answer, in the order: what accepts, what is unknown, what contradicts;
 * among these the one that left less unchecked; then that with the question of a whole picture
 * before an outline; then by title.
 */
export function suggestPackages(packages: readonly ModelPackage[], facts: InstanceFacts, plane: string | null): Match[] {
  return packages
    .map((candidate) => ({ package: candidate, gate: checkHeader(candidate, facts, plane) }))
    .sort(
      (a, b) =>
        verdictOrder[a.gate.verdict] - verdictOrder[b.gate.verdict] ||
        a.gate.contradictions.length - b.gate.contradictions.length ||
        a.gate.unchecked.length - b.gate.unchecked.length ||
        (a.package.task < b.package.task ? -1 : a.package.task > b.package.task ? 1 : 0) ||
        (a.package.title < b.package.title ? -1 : 1),
    )
}
