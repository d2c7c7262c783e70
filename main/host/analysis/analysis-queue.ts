/** The queue of analyses: jobs are rows of the archive, run one at a time, survive a kill, can be cancelled. */
import { randomUUID } from 'node:crypto'
import type { Job } from '../../../contracts/analysis'
import { OverreadError, reportOf } from '../../../contracts/errors'
import type { RequestInput } from '../../../contracts/protocol'
import type { JobChange, NewJob, StoredJob } from '../../archive/jobs'
import type { InstalledModel } from '../../networks/catalogue'
import type { Engine } from '../engine'
import { diedUnder, runJob, type JobEnd } from './run-job'
import { suggestModels } from './suggest-models'

const storageFaults: ReadonlySet<string> = new Set(['archive.disk-full', 'archive.vanished', 'archive.unwritable'])

interface Running {
  readonly jobId: string
  /** Null until the job is read. */
  readonly studyKey: number | null
  readonly abort: AbortController
}

/** What could not be written for want of space, or of the archive's folder, is tried again after this. */
const heldMs = 2000

/** A window is told of progress at most this often. */
const progressEveryMs = 100

export class AnalysisQueue {
  readonly #engine: Engine
  #running: Running | null = null
  #stopped = false

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** A fault of the archive, a full disk above all, must not end the engine host; the job stays as its row says. */
  readonly #note = (error: unknown) => this.#engine.logFault('queue', error)

  /** A job runs, or is being taken up; true too once the queue has stopped. */
  get busy(): boolean {
    return this.#running !== null || this.#stopped
  }

  /** Takes up what an earlier run of the engine left queued. */
  resume(): void {
    this.#next().catch(this.#note)
  }

  async add({ requestId, studyKey, series, frames, modelId, override, provider }: RequestInput<'analysis.start'>): Promise<Job[]> {
    await this.#model(modelId)
    const stacks = series === null ? await this.#stacksFor(studyKey, modelId, override) : [series]
    if (stacks.length === 0) throw new OverreadError('inference.no-image')
    const { archive } = this.#engine
    const jobs: NewJob[] = []
    for (const { seriesInstanceUid, stack } of stacks) {
      const { slices } = await archive.stackInOrder(studyKey, seriesInstanceUid, stack)
      if (slices.length === 0) throw new OverreadError('file.not-an-image')
      const imagesTotal = frames?.length ?? slices.length
      jobs.push({ jobId: randomUUID(), studyKey, seriesInstanceUid, stack, frames, modelId, override, provider, imagesTotal })
    }
    const added = await archive.addJobs(requestId, jobs)
    for (const job of added) this.#tell(job)
    this.#next().catch(this.#note)
    return added.map(jobOf)
  }

  async list(studyKey: number): Promise<Job[]> {
    return (await this.#engine.archive.listJobs(studyKey)).map(jobOf)
  }

  /** Pictures done before the cancel are kept. */
  async cancel(jobId: string): Promise<void> {
    if (this.#running?.jobId === jobId) return this.#running.abort.abort()
    const job = await this.#engine.archive.readJob(jobId)
    if (job.state === 'queued') await this.#change(jobId, { state: 'cancelled', step: '' })
  }

  /** A reader turns the slices of a study. For its own analysis he waits himself; that of another must not hold him up. */
  giveWay(studyKey: number): void {
    if (this.#running && this.#running.studyKey !== studyKey) this.#engine.compute.standAside()
  }

  /** Takes up nothing more; what runs is queued again by the archive as it closes. */
  stop(): void {
    this.#stopped = true
    this.#running?.abort.abort()
  }

  async #model(modelId: string): Promise<InstalledModel> {
    const model = (await this.#engine.models()).find(({ id }) => id === modelId)
    if (!model) throw new OverreadError('model.missing', modelId)
    if (!model.valid) throw new OverreadError(model.error?.code ?? 'model.schema')
    return model
  }

  /** Every stack of a study that the model may read; with an override every stack with pictures. */
  async #stacksFor(studyKey: number, modelId: string, override: boolean): Promise<{ seriesInstanceUid: string; stack: string }[]> {
    const { series } = await this.#engine.archive.studyInOrder(studyKey)
    const fitting: { seriesInstanceUid: string; stack: string }[] = []
    for (const { seriesInstanceUid, stack, slices } of series) {
      if (slices.length === 0) continue
      const suggestions = await suggestModels(this.#engine, studyKey, seriesInstanceUid, stack)
      const fits = suggestions.some((suggestion) => suggestion.modelId === modelId && suggestion.gate.verdict !== 'contradicts')
      if (override || fits) fitting.push({ seriesInstanceUid, stack })
    }
    return fitting
  }

  async #next(): Promise<void> {
    if (this.#running || this.#stopped) return
    const abort = new AbortController()
    // Taken before the first await, so that two calls never start two jobs.
    this.#running = { jobId: '', studyKey: null, abort }
    try {
      const job = await this.#engine.archive.nextJob()
      if (!job || this.#stopped) return
      this.#running = { jobId: job.jobId, studyKey: job.studyKey, abort }
      await this.#run(job, abort.signal)
    } finally {
      this.#running = null
    }
    this.#next().catch(this.#note)
  }

  async #run(job: StoredJob, signal: AbortSignal): Promise<void> {
    await this.#held(job, () => this.#change(job.jobId, { state: 'running', imagesDone: 0, step: 'reading', error: null }))
    let lastTold = -Infinity
    const onProgress = (imagesDone: number, imagesTotal: number, step: string) => {
      const now = performance.now()
      if (now - lastTold < progressEveryMs && imagesDone < imagesTotal) return
      lastTold = now
      this.#change(job.jobId, { imagesDone, imagesTotal, step }).catch(this.#note)
    }
    const end = await this.#attempt(job, signal, onProgress)
    await this.#engine.compute.relieve()
    if (this.#stopped) return
    await this.#held(job, async () => {
      if (end.died) this.#tell(await this.#engine.archive.recordDeath(job.jobId, end.change.error!))
      else await this.#change(job.jobId, { step: '', ...end.change })
    })
    this.#engine.emit({ event: 'results.changed', studyKey: job.studyKey })
  }

  /** A full disk holds the queue up and does not end it: windows hear why, and the row is written once there is space. */
  async #held(job: StoredJob, write: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      try {
        return await write()
      } catch (error) {
        const report = reportOf(error)
        if (!storageFaults.has(report.code)) throw error
        this.#tell({ ...job, state: 'failed', step: '', error: report })
      }
      await new Promise((resolve) => setTimeout(resolve, heldMs).unref())
    }
  }

  async #attempt(job: StoredJob, signal: AbortSignal, onProgress: (done: number, total: number, step: string) => void): Promise<JobEnd> {
    try {
      return await runJob(this.#engine, job, await this.#model(job.modelId), signal, onProgress)
    } catch (error) {
      const report = reportOf(error)
      this.#engine.logFault('analysis', error)
      return {
        died: diedUnder(report),
        change: { state: report.code === 'compute.cancelled' ? 'cancelled' : 'failed', error: report },
      }
    }
  }

  async #change(jobId: string, change: JobChange): Promise<void> {
    if (this.#stopped) return
    this.#tell(await this.#engine.archive.updateJob(jobId, change))
  }

  #tell(job: StoredJob): void {
    this.#engine.emit({ event: 'job.changed', job: jobOf(job), studyKey: job.studyKey })
    this.#engine.emit({ event: 'studies.changed', studyKeys: [job.studyKey] })
  }
}

/** What crosses to a window; the rest is the queue's own. */
function jobOf({ studyKey: _studyKey, provider: _provider, deaths: _deaths, ...job }: StoredJob): Job {
  return job
}
