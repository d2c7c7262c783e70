/** Jobs as rows: what was asked for survives a kill. */
import type { Job } from '../../contracts/analysis'
import type { ErrorReport } from '../../contracts/errors'
import { OverreadError } from '../../contracts/errors'
import { refreshAiState } from './ai-state'
import type { ReadableDb, SqlValue, WritableDb } from './database'
import { findSeriesKey } from './studies'

export interface NewJob {
  readonly jobId: string
  readonly studyKey: number
  readonly seriesInstanceUid: string
  readonly stack: string
  /** Null: the whole stack. */
  readonly frames: Job['frames']
  readonly modelId: string
  readonly override: boolean
  readonly provider: string | null
  readonly imagesTotal: number
}

/** A job with what the queue needs besides. */
export interface StoredJob extends Job {
  readonly studyKey: number
  readonly provider: string | null
  /** How often the computing process died under it. */
  readonly deaths: number
}

/** What changes while a job runs. A field left out stays. */
export type JobChange = Partial<Pick<Job, 'state' | 'imagesDone' | 'imagesTotal' | 'error' | 'resultId' | 'step'>>

/** A job that the computing process died under this often has failed. */
export const deathsAllowed = 2
/** Starts after which a job that never ended is not started again: it may be what kills the engine. */
const attemptsAllowed = 3

interface JobRow {
  readonly jobId: string
  readonly studyKey: number
  readonly studyInstanceUid: string
  readonly seriesInstanceUid: string
  readonly stack: string
  readonly modelId: string
  readonly frames: string | null
  readonly override: number
  readonly provider: string | null
  readonly state: Job['state']
  readonly imagesDone: number
  readonly imagesTotal: number
  readonly attempts: number
  readonly deaths: number
  readonly errorCode: ErrorReport['code'] | null
  readonly errorMessage: string | null
  readonly resultId: string | null
  readonly step: string
}

const select = `SELECT jobs.*, studyInstanceUid, seriesInstanceUid FROM jobs JOIN studies USING (studyKey) JOIN series USING (seriesKey)`

/** Queues jobs. The same request twice is one: the answer is then the jobs of the first time. */
export function addJobs(db: WritableDb, requestId: string, jobs: readonly NewJob[]): StoredJob[] {
  return db.transaction(() => {
    const known = db.all<JobRow>(`${select} WHERE requestId = ? ORDER BY jobSequence`, [requestId])
    if (known.length > 0) return known.map(toJob)
    for (const job of jobs) {
      const seriesKey = findSeriesKey(db, job.studyKey, job.seriesInstanceUid)
      if (seriesKey === undefined) throw new OverreadError('archive.missing', 'series')
      db.run(
        `INSERT INTO jobs (jobId, requestId, studyKey, seriesKey, stack, modelId, frames, override, provider, state, imagesDone, imagesTotal, attempts, deaths, step, askedAt)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 0, ?, 0, 0, '', ?)`,
        [
          job.jobId,
          requestId,
          job.studyKey,
          seriesKey,
          job.stack,
          job.modelId,
          job.frames === null ? null : JSON.stringify(job.frames),
          job.override ? 1 : 0,
          job.provider,
          job.imagesTotal,
          new Date().toISOString(),
        ],
      )
    }
    for (const studyKey of new Set(jobs.map((job) => job.studyKey))) refreshAiState(db, studyKey)
    return jobs.map((job) => readJob(db, job.jobId))
  })
}

/** @throws OverreadError 'request.unknown' */
export function readJob(db: ReadableDb, jobId: string): StoredJob {
  const row = db.first<JobRow>(`${select} WHERE jobId = ?`, [jobId])
  if (!row) throw new OverreadError('request.unknown', 'job')
  return toJob(row)
}

/** Jobs of a study in the order they were asked for, at most the newest 500. */
export function listJobs(db: ReadableDb, studyKey: number): StoredJob[] {
  return db.all<JobRow>(`${select} WHERE jobs.studyKey = ? ORDER BY jobSequence DESC LIMIT 500`, [studyKey]).reverse().map(toJob)
}

/** The one that has waited longest; null where none waits. */
export function nextJob(db: ReadableDb): StoredJob | null {
  const row = db.first<JobRow>(`${select} WHERE state = 'queued' ORDER BY jobSequence LIMIT 1`)
  return row ? toJob(row) : null
}

function runningJobs(db: ReadableDb): StoredJob[] {
  return db.all<JobRow>(`${select} WHERE state = 'running' ORDER BY jobSequence`).map(toJob)
}

/** Writes what changed. Turning to `running` counts an attempt. */
export function updateJob(db: WritableDb, jobId: string, change: JobChange): StoredJob {
  return db.transaction(() => {
    const before = readJob(db, jobId)
    const sets: string[] = []
    const values: SqlValue[] = []
    const set = (column: string, value: SqlValue): void => {
      sets.push(`${column} = ?`)
      values.push(value)
    }
    if (change.state !== undefined) set('state', change.state)
    if (change.state === 'running' && before.state !== 'running') set('attempts', before.attempts + 1)
    if (change.imagesDone !== undefined) set('imagesDone', change.imagesDone)
    if (change.imagesTotal !== undefined) set('imagesTotal', change.imagesTotal)
    if (change.resultId !== undefined) set('resultId', change.resultId)
    if (change.step !== undefined) set('step', change.step)
    if (change.error !== undefined) {
      set('errorCode', change.error?.code ?? null)
      set('errorMessage', change.error?.message ?? null)
    }
    if (sets.length === 0) return before
    db.run(`UPDATE jobs SET ${sets.join(', ')} WHERE jobId = ?`, [...values, jobId])
    refreshAiState(db, before.studyKey)
    return readJob(db, jobId)
  })
}

/** The computing process died under a job: queued once more, failed after the second time. */
export function recordDeath(db: WritableDb, jobId: string, error: ErrorReport): StoredJob {
  return db.transaction(() => {
    db.run('UPDATE jobs SET deaths = deaths + 1 WHERE jobId = ?', [jobId])
    const { deaths } = readJob(db, jobId)
    return deaths >= deathsAllowed
      ? updateJob(db, jobId, { state: 'failed', error, step: '' })
      : updateJob(db, jobId, { state: 'queued', step: '' })
  })
}

/** At start: what was running is queued again, unless it was started too often without ever ending. */
export function requeueAfterKill(db: WritableDb, error: ErrorReport): void {
  for (const job of runningJobs(db)) {
    if (job.attempts >= attemptsAllowed) updateJob(db, job.jobId, { state: 'failed', error, step: '' })
    else updateJob(db, job.jobId, { state: 'queued', step: '' })
  }
}

/** At an orderly end: what is running is queued again, and the start does not count. */
export function requeueAtEnd(db: WritableDb): void {
  for (const job of runningJobs(db)) {
    db.run('UPDATE jobs SET attempts = attempts - 1 WHERE jobId = ?', [job.jobId])
    updateJob(db, job.jobId, { state: 'queued', step: '' })
  }
}

function toJob(row: JobRow): StoredJob {
  return {
    jobId: row.jobId,
    studyKey: row.studyKey,
    studyInstanceUid: row.studyInstanceUid,
    seriesInstanceUid: row.seriesInstanceUid,
    stack: row.stack,
    frames: row.frames === null ? null : (JSON.parse(row.frames) as Job['frames']),
    modelId: row.modelId,
    override: row.override !== 0,
    provider: row.provider,
    state: row.state,
    imagesDone: row.imagesDone,
    imagesTotal: row.imagesTotal,
    attempts: row.attempts,
    deaths: row.deaths,
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
    resultId: row.resultId,
    step: row.step,
  }
}
