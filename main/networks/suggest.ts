/** Which packages to offer for a picture, the best match first. */
import type { GateAnswer } from '../../contracts/analysis'
import { errorCatalogue } from '../../contracts/errors'
import type { InstanceFacts } from '../../contracts/dicom-facts'
import type { ModelPackage } from '../../contracts/model-package'
import { checkHeader } from './gate'

export interface Match {
  readonly package: ModelPackage
  readonly gate: GateAnswer
}

const verdictOrder = { accepts: 0, unknown: 1, contradicts: 2 }

/**
 * Every package with its answer, in the order: what does not contradict; what reads pictures before what outlines
 * volumes, which takes longer and looks for no findings; what accepts before what is unknown; among these the one that left less unchecked; then that with the question of a whole picture
 * before an outline; then by title.
 */
export function suggestPackages(packages: readonly ModelPackage[], facts: InstanceFacts, plane: string | null, isVolume: boolean): Match[] {
  return packages
    .map((candidate) => ({ package: candidate, gate: answerOf(candidate, facts, plane, isVolume) }))
    .sort(
      (a, b) =>
        Number(a.gate.verdict === 'contradicts') - Number(b.gate.verdict === 'contradicts') ||
        (a.package.dimension ?? 2) - (b.package.dimension ?? 2) ||
        verdictOrder[a.gate.verdict] - verdictOrder[b.gate.verdict] ||
        a.gate.contradictions.length - b.gate.contradictions.length ||
        a.gate.unchecked.length - b.gate.unchecked.length ||
        (a.package.task < b.package.task ? -1 : a.package.task > b.package.task ? 1 : 0) ||
        (a.package.title < b.package.title ? -1 : 1),
    )
}

/** A network of volumes needs slices that form one. */
function answerOf(candidate: ModelPackage, facts: InstanceFacts, plane: string | null, isVolume: boolean): GateAnswer {
  const answer = checkHeader(candidate, facts, plane)
  if (candidate.dimension !== 3 || isVolume) return answer
  const contradiction = { code: 'gate.volume' as const, message: errorCatalogue['gate.volume'].sentence }
  return { ...answer, verdict: 'contradicts', contradictions: [...answer.contradictions, contradiction] }
}
