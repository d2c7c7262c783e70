/** The AI state of a study from its results, decisions and jobs. Pure; the archive's view `studyAi` says the same in SQL. */
import type { AnalysisResult, Decision, Job } from '../../contracts/analysis'
import type { AiState } from '../../contracts/worklist'
import { currentResults, imagesStanding, partialResults, reviewCounts, SeenStacks, type FramesOfSeries } from './standing-results'

export interface StudyReview {
  /** Newest first. */
  readonly results: readonly AnalysisResult[]
  readonly decisions: readonly Decision[]
  /** In the order they were asked for. */
  readonly jobs: readonly Job[]
  readonly framesOf: FramesOfSeries
}

/** What is open stands before what is done; "no finding" never hides a series that failed or is unfinished. */
export function aiState({ results, decisions, jobs, framesOf }: StudyReview): AiState {
  const running = jobs.filter((job) => job.state === 'running')
  if (running.length > 0) return { state: 'running', done: sum(running, 'imagesDone'), total: sum(running, 'imagesTotal') }
  if (jobs.some((job) => job.state === 'queued')) return { state: 'queued' }

  const { count, decided } = reviewCounts(results, decisions, framesOf)
  if (count > decided) return { state: 'findings', count }

  const current = currentResults(results, framesOf)
  const read = current.filter((result) => result.images.some((image) => image.refused === null))
  const last = lastJobs(jobs, read)
  if (last.some((job) => job.state === 'failed')) return { state: 'failed' }

  const partial = partialResults(results, framesOf)
  if (partial.length > 0) {
    const total = partial.reduce(
      (all, result) => all + (result.requested === null ? result.imagesTotal : framesOf(result.seriesInstanceUid)),
      0,
    )
    return { state: 'partial', done: partial.reduce((all, result) => all + imagesStanding(result), 0), total }
  }
  if (count > 0) return { state: 'reviewed', decided, count }
  // An outline of normal anatomy has not looked for findings.
  if (read.some((result) => result.findings.every(({ kind }) => kind !== 'structure'))) return { state: 'no-finding' }
  return current.length > read.length || last.some((job) => job.state === 'refused') ? { state: 'refused' } : { state: 'not-run' }
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
