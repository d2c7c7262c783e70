/** What stands of a finding's history. Pure. */
import type { Decision, Finding } from '../../contracts/analysis'

/** Newest of these stands; `comment` changes nothing. Order is by sequence, never by time. */
export function standingDecision(findingId: string, decisions: readonly Decision[]): Decision | null {
  let standing: Decision | null = null
  for (const decision of decisions) {
    if (decision.findingId !== findingId || decision.verdict === 'comment') continue
    if (!standing || decision.sequence > standing.sequence) standing = decision
  }
  return standing
}

/** Accepted or rejected, and not taken back since. */
export function isDecided(finding: Finding, decisions: readonly Decision[]): boolean {
  const verdict = standingDecision(finding.findingId, decisions)?.verdict
  return verdict === 'accepted' || verdict === 'rejected'
}

/** A finding's decisions and comments, oldest first. */
export function historyOf(findingId: string, decisions: readonly Decision[]): Decision[] {
  return decisions.filter((decision) => decision.findingId === findingId).sort((first, second) => first.sequence - second.sequence)
}
