/** What the appended decisions amount to. They are never changed: the latest of a finding holds. */
import type { AnalysisResult, Decision, Finding, StackReference } from '../../contracts/analysis'

export type Verdict = 'accepted' | 'rejected' | 'undecided'

/** What every body has is outlined and measured, but is nothing to decide. */
export function isStructure({ kind }: Finding): boolean {
  return kind === 'structure'
}

export interface FindingReview {
  readonly verdict: Verdict
  /** The decision in force; null while there is none. */
  readonly decision: Decision | null
  readonly comments: readonly Decision[]
  /** Everything on this finding, oldest first. */
  readonly history: readonly Decision[]
}

const inOrder = (decisions: readonly Decision[]) => [...decisions].sort((a, b) => a.sequence - b.sequence)

export function reviewOf(findingId: string, decisions: readonly Decision[]): FindingReview {
  const history = inOrder(decisions.filter((decision) => decision.findingId === findingId))
  const decision = history.findLast(({ verdict }) => verdict !== 'comment') ?? null
  return {
    verdict: decision && decision.verdict !== 'comment' ? decision.verdict : 'undecided',
    decision,
    comments: history.filter(({ verdict, comment }) => verdict === 'comment' || comment !== ''),
    history,
  }
}

/** The decision that takes back the latest one: the verdict the finding had before. Null where nothing is left to undo. */
export function undoOf(decisions: readonly Decision[], findingIds: ReadonlySet<string>): { findingId: string; verdict: Verdict } | null {
  const verdicts = inOrder(decisions.filter(({ findingId, verdict }) => verdict !== 'comment' && findingIds.has(findingId)))
  const last = verdicts.at(-1)
  if (!last) return null
  const before = verdicts.findLast(({ findingId, sequence }) => findingId === last.findingId && sequence < last.sequence)
  const verdict = before && before.verdict !== 'comment' ? before.verdict : 'undecided'
  return last.verdict === verdict ? null : { findingId: last.findingId, verdict }
}

export type FindingOrder = 'score' | 'doubt'

/**
 * How near a finding is to falling on the other side of its operating point: the gap between the point and the nearest
 * score that small changes of the picture gave. Below 0: some of them did fall there, the deeper the more.
 */
export function marginOf({ score, interval, operatingPoint, above }: Finding): number {
  const [low, high] = interval ?? [score, score]
  return above ? low - operatingPoint : operatingPoint - high
}

/** By score, or the most doubtful first: those with the least margin. Equal ones in the order of their slices. */
export function ordered(findings: readonly Finding[], order: FindingOrder): Finding[] {
  const key = (finding: Finding) => (order === 'score' ? -finding.score : marginOf(finding))
  return [...findings].sort(
    (a, b) => Number(b.above) - Number(a.above) || key(a) - key(b) || a.firstSlice - b.firstSlice || a.findingId.localeCompare(b.findingId),
  )
}

/** Whether a result or a job speaks of a stack: its own, or that of the whole series before it was divided. */
export function isOfStack(of: StackReference, { seriesInstanceUid, stack }: StackReference): boolean {
  return of.seriesInstanceUid === seriesInstanceUid && (of.stack === stack || of.stack === '')
}

/** The newest result of each model for a stack; results come newest first. */
export function latestByModel(results: readonly AnalysisResult[], stack: StackReference): AnalysisResult[] {
  const seen = new Set<string>()
  return results.filter((result) => {
    if (!isOfStack(result, stack) || seen.has(result.model.id)) return false
    seen.add(result.model.id)
    return true
  })
}
