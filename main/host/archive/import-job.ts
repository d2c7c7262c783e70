/** One import: lists what was named, stages each file in a worker, stores in batches, counts, can be cancelled. */
import { randomUUID } from 'node:crypto'
import { lstat, opendir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ImportProgress } from '../../../contracts/worklist'
import { OverreadError, reportOf } from '../../../contracts/errors'
import { stageContainer } from './container-import'
import type { ArchiveClient } from './archive-client'
import { reviveError, threadError } from '../task-message'
import type { StagedDirectory, StagedObject } from '../tasks/stage-file'
import type { StagedOutcome } from '../tasks/stage-files'
import type { WorkerPool } from '../worker-pool'

type Staged = StagedObject & { readonly sourceName: string }
type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Failures listed by name; the rest are counted. */
const failuresListed = 200
const studiesListed = 100
/** Rows a transaction, at most; each transaction waits for the disk, and so does each folder that it puts files into. */
const batchSize = 512
/** What was staged waits for others this long, ms: the more rows a transaction has, the less the disk is waited for. */
const storeEveryMs = 250
/** Staged and not yet stored, from which on no more are staged. */
const mostStaged = 1024
/** What a worker takes at once, files and bytes: enough that neither a message nor the disk is waited for with each. */
const filesATask = 16
const bytesATask = 32 << 20
const progressEveryMs = 100
/** Folders deeper than this are not followed. */
const deepestFolder = 64

interface ListedFile {
  readonly path: string
  readonly size: number
}

function isBatch(files: readonly ListedFile[]): boolean {
  return files.length >= filesATask || files.reduce((sum, { size }) => sum + size, 0) >= bytesATask
}

/** Takes what a worker is to stage next from the front. */
function nextBatch(waiting: ListedFile[]): ListedFile[] {
  let count = 1
  while (count < waiting.length && !isBatch(waiting.slice(0, count))) count++
  return waiting.splice(0, count)
}

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
  readonly #staged: Staged[] = []
  #storing: Promise<void> | null = null
  /** What ends the import: a fault of the archive. */
  #fault: unknown = null
  #cancelled = false
  #lastTold = -Infinity
  #lastStored = performance.now()

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
      corrected: 0,
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
  async *#list(paths: readonly string[], done: ReadonlySet<string>): AsyncGenerator<ListedFile> {
    this.#progress.listing = true
    for (const path of paths) yield* this.#walk(path, 0, done)
    this.#progress.listing = false
  }

  async *#walk(path: string, depth: number, done: ReadonlySet<string>): AsyncGenerator<ListedFile> {
    // The archive's own files are in it already, should a folder be named that holds it.
    if (this.#cancelled || done.has(path) || path === this.#archiveFolder) return
    try {
      const entry = await lstat(path)
      if (entry.isFile()) {
        this.#progress.found++
        yield { path, size: entry.size }
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

  async #importFiles(files: AsyncGenerator<ListedFile>): Promise<void> {
    const { pool } = this.#around
    const waiting: ListedFile[] = []
    const running = new Set<Promise<void>>()
    const begin = () => {
      const staging = this.#stage(nextBatch(waiting)).catch((fault: unknown) => void (this.#fault ??= fault))
      running.add(staging)
      void staging.then(() => running.delete(staging))
    }
    for await (const file of files) {
      waiting.push(file)
      // A file by itself while nothing else is to be done, a batch behind others.
      if (running.size === 0 || isBatch(waiting)) {
        while (running.size >= pool.size) await Promise.race(running)
        begin()
      }
      if (this.#fault) break
      this.#tell(false)
    }
    while (running.size > 0 || (waiting.length > 0 && !this.#fault)) {
      if (waiting.length > 0 && running.size < pool.size && !this.#fault) begin()
      else await Promise.race(running)
    }
    while (this.#storing) await this.#storing
    this.#beginStoring()
    await this.#storing
    if (this.#fault) throw this.#fault
  }

  /** Stages a batch of files; what of them goes into the archive is stored, what does not is counted or listed. */
  async #stage(files: readonly ListedFile[]): Promise<void> {
    if (this.#cancelled || this.#fault) return
    const paths = files.map(({ path }) => path)
    for (const [index, outcome] of (await this.#outcomes(paths)).entries()) await this.#take(paths[index], outcome)
    if (this.#staged.length >= batchSize || performance.now() - this.#lastStored >= storeEveryMs) this.#beginStoring()
    if (this.#staged.length >= mostStaged) await this.#storing
  }

  /** What comes while a transaction is under way goes into the next one. */
  #beginStoring(): void {
    this.#lastStored = performance.now()
    if (!this.#storing && this.#staged.length > 0) this.#storing = this.#storeAll()
  }

  async #outcomes(paths: readonly string[]): Promise<readonly StagedOutcome[]> {
    const { pool, archiveFolder } = this.#around
    try {
      return await pool.run('files.stage', { paths, archiveFolder }, { background: true })
    } catch (error) {
      if (!(error instanceof OverreadError) || error.code.startsWith('archive.')) throw error
      if (paths.length === 1) return [{ kind: 'refused', error: threadError(error) }]
      // One of them ended its thread or hung; alone, each of the others is read.
      const outcomes: StagedOutcome[] = []
      for (const path of paths) outcomes.push(...(await this.#outcomes([path])))
      return outcomes
    }
  }

  async #take(path: string, outcome: StagedOutcome): Promise<void> {
    try {
      switch (outcome.kind) {
        case 'object':
          this.#staged.push({ ...outcome.object, sourceName: path })
          break
        case 'container':
          await this.#stageContainer(path)
          break
        case 'directory':
          this.#takeDirectory(path, outcome)
          break
        case 'not-dicom':
          this.#progress.skipped++
          break
        case 'refused':
          throw reviveError(outcome.error)
      }
    } catch (error) {
      if (error instanceof OverreadError && error.code.startsWith('archive.')) throw error
      this.#fail(path, error)
    }
  }

  async #storeAll(): Promise<void> {
    while (this.#staged.length > 0) {
      try {
        await this.#store(this.#staged.splice(0, batchSize))
      } catch (fault) {
        // The others are offered as well: what is refused leaves the archive's folder.
        this.#fault ??= fault
      }
    }
    this.#storing = null
  }

  /** A folder is listed anyway; a DICOMDIR named by itself stands for its files, and for its folder where it is wrong. */
  #takeDirectory(path: string, { files, fault }: StagedDirectory): void {
    const named = this.#named.has(path)
    // In a folder that is listed anyway, one that names nothing loses nothing.
    if (!fault || (fault.code === 'dicomdir.empty' && !named)) {
      this.#progress.skipped++
      if (named) for (const file of files) this.#files.add(file)
      return
    }
    if (named) this.#folders.add(dirname(path))
    const { code, detail } = reviveError(fault)
    this.#fail(path, new OverreadError(code, [detail, named ? 'what its folder holds was read instead' : ''].filter(Boolean).join('; ')))
  }

  /** What is in a container goes into the archive batch by batch, while the rest of it is read. */
  async #stageContainer(path: string): Promise<void> {
    const { pool, archiveFolder } = this.#around
    const { skipped, refused } = await stageContainer(pool, { path, archiveFolder }, async (entries) => {
      await this.#store(entries.map(({ name, ...object }) => ({ ...object, sourceName: `${path}!${name}` })))
      return !this.#cancelled
    })
    this.#progress.skipped += skipped
    for (const { name, error } of refused) this.#fail(`${path}!${name}`, reviveError(error))
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
