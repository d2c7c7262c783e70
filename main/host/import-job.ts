/** One import: lists what was named, stages each file in a worker, stores in batches, counts, can be cancelled. */
import { randomUUID } from 'node:crypto'
import { lstat, opendir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ImportProgress } from '../../contracts/worklist'
import { OverreadError, reportOf } from '../../contracts/errors'
import type { ArchiveClient } from './archive-client'
import { reviveError } from './task-message'
import type { StagedDirectory, StagedObject } from './tasks/stage-file'
import type { WorkerPool } from './worker-pool'

type Staged = StagedObject & { readonly sourceName: string }
type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Failures listed by name; the rest are counted. */
const failuresListed = 200
const studiesListed = 100
/** Rows a transaction; each transaction waits for the disk once. */
const batchSize = 64
const progressEveryMs = 100
/** A ZIP or a disc image may hold a whole CD. */
const containerTimeoutMs = 30 * 60 * 1000
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
  /** What a DICOMDIR that was itself named stands for: its files, or where it is wrong, its folder. */
  readonly #files = new Set<string>()
  readonly #folders = new Set<string>()
  readonly #archiveFolder: string
  #cancelled = false
  #lastTold = -Infinity

  constructor(around: ImportSurroundings) {
    this.#around = around
    this.#archiveFolder = resolve(around.archiveFolder)
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
      for (const path of paths) this.#named.add(resolve(path))
      await this.#importFiles(this.#list([...this.#named], new Set()))
      await this.#importFiles(this.#list(this.#fromDirectories(), this.#named))
      this.#progress.state = this.#cancelled ? 'cancelled' : 'done'
    } catch (error) {
      this.#progress.state = 'failed'
      this.#progress.error = reportOf(error)
    }
    this.#progress.listing = false
    this.#tell(true)
    return this.#snapshot()
  }

  /** Each file once: without what lies in a folder that is named or taken anyway. */
  #fromDirectories(): string[] {
    const within = (path: string, folders: ReadonlySet<string>): boolean => {
      const above = dirname(path)
      return above !== path && (folders.has(above) || within(above, folders))
    }
    return [...this.#folders, ...this.#files].filter((path) => !within(path, this.#folders) && !within(path, this.#named))
  }

  /** @param done files and folders that were taken before */
  async *#list(paths: readonly string[], done: ReadonlySet<string>): AsyncGenerator<string> {
    this.#progress.listing = true
    for (const path of paths) yield* this.#walk(path, 0, done)
    this.#progress.listing = false
  }

  async *#walk(path: string, depth: number, done: ReadonlySet<string>): AsyncGenerator<string> {
    // The archive's own files are in it already, should a folder be named that holds it.
    if (this.#cancelled || done.has(path) || path === this.#archiveFolder) return
    try {
      const entry = await lstat(path)
      if (entry.isFile()) {
        this.#progress.found++
        yield path
      } else if (entry.isDirectory() && depth < deepestFolder) {
        const names: string[] = []
        for await (const child of await opendir(path)) names.push(child.name)
        for (const name of names.sort()) yield* this.#walk(join(path, name), depth + 1, done)
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
        case 'container':
          return await this.#stageContainer(path)
        case 'directory':
          return this.#takeDirectory(path, output)
      }
      this.#progress.skipped++
    } catch (error) {
      if (error instanceof OverreadError && error.code.startsWith('archive.')) throw error
      this.#fail(path, error)
    }
    return []
  }

  /** A folder is listed anyway; a DICOMDIR named by itself stands for its files, and for its folder where it is wrong. */
  #takeDirectory(path: string, { files, fault }: StagedDirectory): readonly Staged[] {
    const named = this.#named.has(path)
    // In a folder that is listed anyway, one that names nothing loses nothing.
    if (!fault || (fault.code === 'dicomdir.empty' && !named)) {
      this.#progress.skipped++
      if (named) for (const file of files) this.#files.add(file)
      return []
    }
    if (named) this.#folders.add(dirname(path))
    const { code, detail } = reviveError(fault)
    this.#fail(path, new OverreadError(code, [detail, named ? 'what its folder holds was read instead' : ''].filter(Boolean).join('; ')))
    return []
  }

  async #stageContainer(path: string): Promise<readonly Staged[]> {
    const { pool, archiveFolder } = this.#around
    const { objects, skipped, refused } = await pool.run(
      'container.stage',
      { path, archiveFolder },
      { background: true, timeoutMs: containerTimeoutMs },
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
