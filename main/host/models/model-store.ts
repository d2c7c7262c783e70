/** The packages of an engine: every version, which one is in use, and what adds, changes and removes them. */
import { randomUUID } from 'node:crypto'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { OverreadError, reportOf } from '../../../contracts/errors'
import { compareVersions, type Adding } from '../../../contracts/model-store'
import type { EngineEvent } from '../../../contracts/protocol'
import { layoutOf, type ArchiveLayout } from '../../archive/layout'
import { storageError } from '../../archive/storage-error'
import { temporaryName } from '../../base/atomic-write'
import { activeModels, readCatalogue, versionsOf, type InstalledModel } from '../../networks/catalogue'
import type { ArchiveClient } from '../archive/archive-client'
import type { ComputeClient } from '../compute/compute-client'
import { fetchPackage } from './fetch-package'
import { installPackage } from './install-package'

export interface ModelStoreOptions {
  /** Folders whose subfolders came with Overread. */
  readonly roots: readonly string[]
  readonly archiveFolder: string
  readonly archive: Pick<ArchiveClient, 'listModelEvents' | 'addModelEvents' | 'listTrustEntries' | 'addTrustEntry'>
  readonly compute: ComputeClient
  emit(event: EngineEvent): void
  /** Told of the versions in use, each time they were read. Never throws. */
  onRead(active: readonly InstalledModel[]): Promise<void>
}

/** From a folder or file, or from an address. */
export type PackageOrigin = { readonly path: string } | { readonly address: string }

/** A window is told of progress at most this often. */
const progressEveryMs = 100

export class ModelStore {
  readonly #options: ModelStoreOptions
  readonly #layout: ArchiveLayout
  readonly #cancels = new Map<string, AbortController>()
  #catalogue: Promise<InstalledModel[]> | null = null
  /** One change after the other: each looks at what the one before left. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: ModelStoreOptions) {
    this.#options = options
    this.#layout = layoutOf(options.archiveFolder)
  }

  /** Every version, verified once and after each change. */
  catalogue(): Promise<InstalledModel[]> {
    this.#catalogue ??= this.#read().catch((error: unknown) => {
      this.#catalogue = null
      throw error
    })
    return this.#catalogue
  }

  /** The versions that analyses use. */
  async active(): Promise<InstalledModel[]> {
    return activeModels(await this.catalogue())
  }

  /** Begins to add a package; how far it is comes as events, the last of which says how it ended. */
  begin(origin: PackageOrigin): string {
    const addingId = randomUUID()
    void this.add(origin, (adding) => this.#options.emit({ event: 'model.adding', adding }), addingId)
    return addingId
  }

  /** Adds a package. Never throws: the answer says how it ended. */
  async add(origin: PackageOrigin, onProgress: (adding: Adding) => void = () => {}, addingId: string = randomUUID()): Promise<Adding> {
    const abort = new AbortController()
    this.#cancels.set(addingId, abort)
    const progress = new Progress(addingId, 'address' in origin ? 'fetching' : 'copying', onProgress)
    try {
      const known = await this.#inTurn(() => this.#install(origin, abort.signal, progress))
      return progress.end('added', { known })
    } catch (thrown) {
      const error = reportOf(storageError(thrown))
      return progress.end(error.code === 'compute.cancelled' ? 'cancelled' : 'refused', { error })
    } finally {
      this.#cancels.delete(addingId)
    }
  }

  cancel(addingId: string): void {
    this.#cancels.get(addingId)?.abort()
  }

  /** @throws OverreadError 'model.missing', what is wrong with it, 'model.older' where it is and `back` does not say that it is meant */
  use(modelId: string, version: string, back: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const { entry, active } = await this.#find(modelId, version)
      if (entry.active) return
      if (!entry.valid) throw new OverreadError(entry.error?.code ?? 'model.schema')
      if (!back && compareVersions(version, active?.version ?? '') < 0)
        throw new OverreadError('model.older', `${active?.version} is in use`)
      await this.#options.archive.addModelEvents([{ action: 'used', modelId, version, digest: entry.digest }])
      await this.#changed()
    })
  }

  /** @throws OverreadError 'model.missing'; 'model.bundled'; 'model.in-use' where there is another version to use instead */
  remove(modelId: string, version: string): Promise<void> {
    return this.#inTurn(async () => {
      const { entry, others } = await this.#find(modelId, version)
      if (entry.digest === null) throw new OverreadError('model.bundled')
      if (entry.active && others > 0) throw new OverreadError('model.in-use')
      await this.#options.archive.addModelEvents([{ action: 'removed', modelId, version, digest: entry.digest }])
      this.#discard(entry.digest)
      await this.#changed()
    })
  }

  /** The trust list takes or loses a key. */
  trust(publicKey: string, name: string, trusted: boolean): Promise<void> {
    return this.#inTurn(async () => {
      await this.#options.archive.addTrustEntry({ publicKey, name, trusted })
      await this.#changed()
    })
  }

  async #install(origin: PackageOrigin, signal: AbortSignal, progress: Progress): Promise<boolean> {
    const { archive, compute } = this.#options
    const path = 'path' in origin ? origin.path : await this.#fetch(origin.address, signal, progress)
    try {
      const installed = await installPackage({
        path,
        temporary: this.#layout.temporary,
        models: this.#layout.models,
        catalogue: await this.catalogue(),
        trust: await archive.listTrustEntries(),
        compute,
        signal,
        onProgress: (change) => progress.change(change),
      })
      if (installed.known) return true
      const { id: modelId, version } = installed.package
      const added = { modelId, version, digest: installed.digest }
      const first = versionsOf(await this.catalogue(), modelId).length === 0
      await archive.addModelEvents([{ action: 'added', ...added }, ...(first ? [{ action: 'used' as const, ...added }] : [])])
      await this.#changed()
      return false
    } finally {
      if (!('path' in origin)) rmSync(path, { force: true })
    }
  }

  async #fetch(address: string, signal: AbortSignal, progress: Progress): Promise<string> {
    const target = temporaryName(this.#layout.temporary)
    try {
      await fetchPackage({ address, target, signal, onProgress: (done, total) => progress.change({ done, total }) })
      return target
    } catch (error) {
      rmSync(target, { force: true })
      throw error
    }
  }

  async #find(modelId: string, version: string): Promise<{ entry: InstalledModel; active: InstalledModel | undefined; others: number }> {
    const versions = versionsOf(await this.catalogue(), modelId)
    const entry = versions.find((candidate) => candidate.version === version)
    if (!entry) throw new OverreadError('model.missing', `${modelId} ${version}`)
    return { entry, active: versions.find(({ active }) => active), others: versions.length - 1 }
  }

  /** Moved first, so that a kill leaves no half of it in its place. */
  #discard(digest: string): void {
    const aside = temporaryName(this.#layout.temporary)
    renameSync(join(this.#layout.models, digest), aside)
    rmSync(aside, { recursive: true, force: true })
  }

  async #read(): Promise<InstalledModel[]> {
    const { roots, archive, onRead } = this.#options
    const [events, trust] = await Promise.all([archive.listModelEvents(), archive.listTrustEntries()])
    const models = await readCatalogue(roots, { folder: this.#layout.models, events, trust })
    await onRead(activeModels(models))
    return models
  }

  async #changed(): Promise<void> {
    this.#catalogue = null
    // What cannot be read now is said to whoever asks for it next.
    await this.catalogue().catch(() => {})
    this.#options.emit({ event: 'models.changed' })
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(action)
    this.#last = turn.catch(() => {})
    return turn
  }
}

/** What is told of one adding. */
class Progress {
  readonly #tell: (adding: Adding) => void
  #adding: Adding
  #toldAt = -Infinity

  constructor(addingId: string, step: Adding['step'], tell: (adding: Adding) => void) {
    this.#adding = { addingId, state: 'running', step, done: 0, total: 0, error: null, model: null, known: false, leftOut: [] }
    this.#tell = tell
    this.#now()
  }

  change(change: Partial<Adding>): void {
    this.#adding = { ...this.#adding, ...change }
    if (change.step !== undefined || performance.now() - this.#toldAt >= progressEveryMs) this.#now()
  }

  end(state: 'added' | 'refused' | 'cancelled', change: Partial<Adding>): Adding {
    this.#adding = { ...this.#adding, ...change, state }
    this.#now()
    return this.#adding
  }

  #now(): void {
    this.#toldAt = performance.now()
    this.#tell(this.#adding)
  }
}
