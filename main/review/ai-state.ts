/** The AI state of a study from its results, decisions, entries and jobs. Pure; the archive's view `studyAi` says the same in SQL. */
import type { AnalysisResult, Decision, Job } from '../../contracts/analysis'
import type { AiState } from '../../contracts/worklist'
import { isUntrusted } from '../../contracts/model-store'
import { agreementWith, standingEntries, type ReaderEntry } from '../../contracts/reader-entries'
import {
  countedResults,
  currentResults,
  imagesStanding,
  isStale,
  lookedForFindings,
  partialResults,
  readAny,
  reviewCounts,
  SeenStacks,
  type ActiveModel,
  type FramesOfSeries,
} from './standing-results'

export interface StudyReview {
  /** Newest first. */
  readonly results: readonly AnalysisResult[]
  readonly decisions: readonly Decision[]
  readonly entries: readonly ReaderEntry[]
  /** In the order they were asked for. */
  readonly jobs: readonly Job[]
  readonly framesOf: FramesOfSeries
  readonly active: ActiveModel
}

/** What is open stands before what is done; "no finding" never hides a series that failed, is unfinished or was read by another version. */
export function aiState({ results, decisions, entries, jobs, framesOf, active }: StudyReview): AiState {
  const running = jobs.filter((job) => job.state === 'running')
  if (running.length > 0) return { state: 'running', done: sum(running, 'imagesDone'), total: sum(running, 'imagesTotal') }
  if (jobs.some((job) => job.state === 'queued')) return { state: 'queued' }

  const current = currentResults(results, framesOf)
  const counted = countedResults(current, active)
  const { count, decided } = reviewCounts(counted, decisions)
  if (count > decided) return { state: 'findings', count }

  const last = lastJobs(jobs, current.filter(readAny))
  if (last.some((job) => job.state === 'failed')) return { state: 'failed' }

  const partial = partialResults(results, framesOf)
  if (partial.length > 0) {
    const total = partial.reduce(
      (all, result) => all + (result.requested === null ? result.imagesTotal : framesOf(result.seriesInstanceUid)),
      0,
    )
    return { state: 'partial', done: partial.reduce((all, result) => all + imagesStanding(result), 0), total }
  }
  const stale = current.find((result) => isStale(result, active(result.model.id)))
  if (stale) return { state: 'stale', by: stale.model.version, active: active(stale.model.id)!.version }

  const fresh = current.filter((result) => !isStale(result, active(result.model.id)))
  const overridden = fresh.filter((result) => result.overridden)
  const untrusted = fresh.filter((result) => !result.overridden && isUntrusted(result.signature))
  const runAnyway = { state: 'overridden', ...reviewCounts(overridden, decisions) } as const
  const ofUntrusted = { state: 'untrusted', ...reviewCounts(untrusted, decisions) } as const
  for (const apart of [runAnyway, ofUntrusted]) if (apart.count > apart.decided) return apart

  const standing = standingEntries(entries)
  const missed = standing.filter(({ kind }) => kind === 'missed').length
  if (missed > 0) return { state: 'missed', count: missed }
  if (count > 0) return { state: 'reviewed', decided, count }
  const looked = counted.filter((result) => readAny(result) && lookedForFindings(result))
  if (looked.length > 0) return { state: looked.every((result) => agreementWith(result, standing) !== null) ? 'agreed' : 'no-finding' }
  if (overridden.some(readAny)) return runAnyway
  if (untrusted.some(readAny)) return ofUntrusted
  const refused = fresh.some((result) => !readAny(result))
  return refused || last.some((job) => job.state === 'refused') ? { state: 'refused' } : { state: 'not-run' }
}

/** The last job of each stack and model that no result answers. */
function lastJobs(jobs: readonly Job[], answered: readonly AnalysisResult[]): Job[] {
  const seen = new SeenStacks()
  for (const result of answered) seen.take(result)
  return jobs.toReversed().filter((job) => seen.takeOf(job))
}

function sum(jobs: readonly Job[], key: 'imagesDone' | 'imagesTotal'): number {
  return jobs.reduce((all, job) => all + job[key], 0)
}
