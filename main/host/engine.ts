/** The engine: archive, workers, compute and queue of one archive, for any number of windows. */
import { reportOf } from '../../contracts/errors'
import type { EngineEvent } from '../../contracts/protocol'
import type { ImportProgress } from '../../contracts/worklist'
import type { InstalledModel } from '../networks/catalogue'
import { AnalysisQueue } from './analysis/analysis-queue'
import { openArchiveThread, type ArchiveClient } from './archive/archive-client'
import { ComputeClient, type ComputeChannel, type ThreadMemory } from './compute/compute-client'
import { FrameService } from './archive/frame-service'
import { processorKey } from '../inference/processors'
import { ImportJob, type ImportOptions } from './archive/import-job'
import { ModelWarmer } from './compute/model-warmer'
import { ModelStore } from './models/model-store'
import type { HostPaths } from './paths'
import { WorkerPool } from './worker-pool'

export interface EngineOptions {
  readonly archiveFolder: string
  readonly readOnly?: boolean
  readonly paths: HostPaths
  /** Starts a compute process and gives its channel. */
  readonly startCompute: () => Promise<ComputeChannel>
}

export class Engine {
  readonly archive: ArchiveClient
  readonly archiveFolder: string
  readonly pool: WorkerPool
  readonly compute: ComputeClient
  readonly frames: FrameService
  readonly queue: AnalysisQueue
  readonly warmer: ModelWarmer
  readonly store: ModelStore
  readonly #readOnly: boolean
  readonly #closeArchive: () => Promise<void>
  readonly #listeners = new Set<(event: EngineEvent) => void>()
  readonly #imports = new Map<string, ImportJob>()

  private constructor(options: EngineOptions, archive: ArchiveClient, closeArchive: () => Promise<void>) {
    this.archive = archive
    this.archiveFolder = options.archiveFolder
    this.#closeArchive = closeArchive
    this.#readOnly = options.readOnly ?? false
    this.pool = new WorkerPool(options.paths.worker)
    this.compute = new ComputeClient(options.startCompute, options.readOnly ? null : threadMemory(archive))
    this.frames = new FrameService(archive, this.pool)
    this.queue = new AnalysisQueue(this)
    this.warmer = new ModelWarmer(this.compute, () => this.queue.busy)
    this.store = new ModelStore({
      roots: options.paths.models,
      archiveFolder: options.archiveFolder,
      archive,
      compute: this.compute,
      emit: (event) => this.emit(event),
      onRead: (active) => this.#noteActive(active),
    })
  }

  /** @throws OverreadError what opening the archive gave. */
  static async open(options: EngineOptions): Promise<Engine> {
    const { archive, close } = await openArchiveThread(options.paths.archiveThread, {
      folder: options.archiveFolder,
      readOnly: options.readOnly ?? false,
    })
    return new Engine(options, archive, close)
  }

  /** Of every network the version in use. */
  models(): Promise<InstalledModel[]> {
    return this.store.active()
  }

  /** Results by other versions than these count as current no more. */
  async #noteActive(models: readonly InstalledModel[]): Promise<void> {
    if (this.#readOnly) return
    const active = models.flatMap(({ id: modelId, package: described }) =>
      described ? [{ modelId, version: described.version, sha256: described.sha256 }] : [],
    )
    try {
      const studyKeys = await this.archive.setActiveModels(active)
      if (studyKeys.length > 0) this.emit({ event: 'studies.changed', studyKeys })
    } catch {
      // On a full disk, or while closing. What was noted before still holds, and each result says by which version it was made.
    }
  }

  /** Tells `listener` of every event until the returned function is called. */
  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  /** Never throws: failures stand in the progress. */
  async importPaths(paths: readonly string[], options: ImportOptions = {}): Promise<ImportProgress> {
    let corrected = 0
    const job = new ImportJob({
      archive: this.archive,
      pool: this.pool,
      archiveFolder: this.archiveFolder,
      ...options,
      onProgress: (progress) => {
        if (progress.corrected > corrected) this.frames.forget()
        corrected = progress.corrected
        this.emit({ event: 'import.progress', progress })
        if (progress.studyKeys.length > 0) this.emit({ event: 'studies.changed', studyKeys: progress.studyKeys })
      },
    })
    this.#imports.set(job.importId, job)
    try {
      return await job.run(paths)
    } finally {
      this.#imports.delete(job.importId)
    }
  }

  /** Notes a fault that has no code. Never with its text: it may name a patient. */
  logFault(what: string, error: unknown): void {
    const report = reportOf(error)
    if (report.code === 'internal') process.stderr.write(`overread: ${what}: ${placeOf(error)}\n`)
  }

  cancelImport(importId: string): void {
    this.#imports.get(importId)?.cancel()
  }

  /** Ends in order: what was acknowledged is on disk, running jobs are queued again. */
  async close(): Promise<void> {
    for (const job of this.#imports.values()) job.cancel()
    this.queue.stop()
    await this.#closeArchive()
    await this.compute.close()
    await this.pool.close()
  }
}

/** What cannot be kept is measured again. */
function threadMemory(archive: ArchiveClient): ThreadMemory {
  const processor = processorKey()
  return {
    get: (sha256) => archive.getThreads(sha256, processor).catch(() => null),
    put: (sha256, choice) => archive.putThreads(sha256, processor, choice).catch(() => {}),
  }
}

/** Kind and place of a fault, without its message. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'fault'
  const calls = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [error.name, ...calls.slice(0, 8)].join('\n')
}
