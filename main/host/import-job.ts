/** One import: lists what was named, stages each file in a worker, stores in batches, counts, can be cancelled. */
import { randomUUID } from 'node:crypto'
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportProgress } from '../../contracts/worklist'
import { OverreadError, reportOf } from '../../contracts/errors'
import type { ArchiveClient } from './archive-client'
import { reviveError } from './task-message'
import type { StagedObject } from './tasks/stage-file'
import type { WorkerPool } from './worker-pool'

type Staged = StagedObject & { readonly sourceName: string }
type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Failures listed by name; the rest are counted. */
const failuresListed = 200
const studiesListed = 100
/** Rows a transaction; each transaction waits for the disk once. */
const batchSize = 64
const progressEveryMs = 100
/** A ZIP may hold a whole CD. */
const zipTimeoutMs = 30 * 60 * 1000
/** Folders deeper than this are not followed. */
const deepestFolder = 64

export interface ImportOptions {
  /** Every failure by name, for the command line; a window gets the first 200 and the count. */
  readonly listAllFailures?: boolean
}

export interface ImportSurroundings extends ImportOptions {
  readonly archive: ArchiveClient
  readonly pool: WorkerPool
  readonly archiveFolder: string
  onProgress(progress: ImportProgress): void
}

export class ImportJob {
  readonly importId = randomUUID()
  readonly #around: ImportSurroundings
  readonly #progress: Writable<ImportProgress>
  readonly #studyKeys = new Set<number>()
  readonly #named = new Set<string>()
  /** Files that a DICOMDIR names which was itself named. */
  readonly #fromDirectories: string[] = []
  #cancelled = false
  #lastTold = -Infinity

  constructor(around: ImportSurroundings) {
    this.#around = around
    this.#progress = {
      importId: this.importId,
      state: 'running',
      found: 0,
      listing: true,
      stored: 0,
      known: 0,
      skipped: 0,
      failed: [],
      failedCount: 0,
      studyKeys: [],
      error: null,
    }
  }

  /** What was stored before stays. */
  cancel(): void {
    this.#cancelled = true
  }

  /** Never throws: what failed stands in the progress. */
  async run(paths: readonly string[]): Promise<ImportProgress> {
    try {
      for (const path of paths) this.#named.add(path)
      await this.#importFiles(this.#list(paths))
      if (this.#fromDirectories.length > 0) await this.#importFiles(this.#list(this.#fromDirectories.splice(0)))
      this.#progress.state = this.#cancelled ? 'cancelled' : 'done'
    } catch (error) {
      this.#progress.state = 'failed'
      this.#progress.error = reportOf(error)
    }
    this.#progress.listing = false
    this.#tell(true)
    return this.#snapshot()
  }

  async *#list(paths: readonly string[]): AsyncGenerator<string> {
    for (const path of paths) yield* this.#walk(path, 0)
    this.#progress.listing = false
  }

  async *#walk(path: string, depth: number): AsyncGenerator<string> {
    if (this.#cancelled) return
    try {
      const entry = await lstat(path)
      if (entry.isFile()) {
        this.#progress.found++
        yield path
      } else if (entry.isDirectory() && depth < deepestFolder) {
        const names: string[] = []
        for await (const child of await opendir(path)) names.push(child.name)
        for (const name of names.sort()) yield* this.#walk(join(path, name), depth + 1)
      }
      // Links and devices are not followed: a link may lead out of the medium or round in a circle.
    } catch {
      this.#fail(path, new OverreadError('file.unreadable'))
    }
  }

  async #importFiles(files: AsyncGenerator<string>): Promise<void> {
    let batch: Staged[] = []
    let storing: Promise<void> = Promise.resolve()
    const running = new Set<Promise<void>>()
    const flush = async () => {
      const full = batch
      batch = []
      await storing
      storing = this.#store(full)
    }
    for await (const path of files) {
      const staging = this.#stage(path).then((staged) => {
        batch.push(...staged)
      })
      running.add(staging)
      void staging.finally(() => running.delete(staging)).catch(() => {})
      if (running.size >= this.#around.pool.size * 2) await Promise.race(running)
      if (batch.length >= batchSize) await flush()
      this.#tell(false)
    }
    await Promise.all(running)
    await flush()
    await storing
  }

  /** What of a file goes into the archive; what does not is counted or listed. */
  async #stage(path: string): Promise<readonly Staged[]> {
    if (this.#cancelled) return []
    const { pool, archiveFolder } = this.#around
    try {
      const output = await pool.run('file.stage', { path, archiveFolder }, { background: true })
      switch (output.kind) {
        case 'object':
          return [{ ...output.object, sourceName: path }]
        case 'zip':
          return await this.#stageZip(path)
        case 'directory':
          // A folder is listed anyway; a DICOMDIR named by itself stands for its files.
          if (this.#named.has(path)) this.#fromDirectories.push(...output.files)
      }
      this.#progress.skipped++
    } catch (error) {
      if (error instanceof OverreadError && error.code.startsWith('archive.')) throw error
      this.#fail(path, error)
    }
    return []
  }

  async #stageZip(path: string): Promise<readonly Staged[]> {
    const { pool, archiveFolder } = this.#around
    const { objects, skipped, refused } = await pool.run(
      'zip.stage',
      { path, archiveFolder },
      { background: true, timeoutMs: zipTimeoutMs },
    )
    this.#progress.skipped += skipped
    for (const { name, error } of refused) this.#fail(`${path}!${name}`, reviveError(error))
    return objects.map(({ name, ...object }) => ({ ...object, sourceName: `${path}!${name}` }))
  }

  async #store(batch: readonly Staged[]): Promise<void> {
    if (batch.length === 0) return
    const outcomes = await this.#around.archive.storeInstances(
      batch.map(({ staged, facts, sourceName }) => ({ ...staged, facts, sourceName })),
    )
    outcomes.forEach(({ outcome, studyKey }, index) => {
      if (outcome === 'conflict') this.#fail(batch[index].sourceName, new OverreadError('archive.conflict'))
      else this.#progress[outcome]++
      if (this.#studyKeys.size < studiesListed) this.#studyKeys.add(studyKey)
    })
    this.#tell(false)
  }

  #fail(file: string, error: unknown): void {
    this.#progress.failedCount++
    if (this.#around.listAllFailures || this.#progress.failed.length < failuresListed)
      this.#progress.failed.push({ file, ...reportOf(error) })
  }

  #snapshot(): ImportProgress {
    return { ...this.#progress, failed: [...this.#progress.failed], studyKeys: [...this.#studyKeys] }
  }

  #tell(last: boolean): void {
    const now = performance.now()
    if (!last && now - this.#lastTold < progressEveryMs) return
    this.#lastTold = now
    this.#around.onProgress(this.#snapshot())
  }
}
