/** Every version of every network, what is being added, and choosing and removing versions. */
import type { Adding, ModelEntry } from '../../contracts/model-store'
import { EngineFault, type EngineClient } from '../engine/engine-client'

/** Every version of one network, the newest first. */
export interface ModelVersions {
  readonly id: string
  readonly versions: readonly ModelEntry[]
  readonly active: ModelEntry
}

export class ModelsState {
  /** Null until they were read. */
  models = $state.raw<readonly ModelEntry[] | null>(null)
  /** What went wrong, as a sentence. */
  fault = $state<string | null>(null)
  /** In the order in which they began, until the reader closes them. */
  addings = $state.raw<readonly Adding[]>([])
  /** A version is being put to use or removed. */
  busy = $state(false)
  readonly groups: readonly ModelVersions[] = $derived(groupsOf(this.models ?? []))
  readonly #engine: EngineClient
  readonly #dismissed = new Set<string>()

  constructor(engine: EngineClient) {
    this.#engine = engine
    engine.onEvent((event) => {
      if (event.event === 'models.changed') void this.read()
      if (event.event === 'model.adding') this.#take(event.adding)
    })
    engine.onReconnect(() => {
      // What the engine that stopped was adding it does not tell of any more.
      this.addings = this.addings.filter(({ state }) => state !== 'running')
      if (this.models) void this.read()
    })
  }

  async read(): Promise<void> {
    try {
      this.models = (await this.#engine.request('models.list', {})).models
      this.fault = null
    } catch (error) {
      this.#report(error, 'The models could not be read.')
    }
  }

  fetch(address: string): Promise<boolean> {
    return this.#ask(() => this.#engine.request('models.fetch', { address }), 'The package could not be fetched.')
  }

  cancel(addingId: string): void {
    void this.#engine.request('models.cancel-adding', { addingId }).catch(() => {})
  }

  dismiss(addingId: string): void {
    this.#dismissed.add(addingId)
    this.addings = this.addings.filter((adding) => adding.addingId !== addingId)
  }

  /** `back`: the reader was told that it is older. */
  async use({ id, version }: ModelEntry, back: boolean): Promise<void> {
    if (version === null) return
    await this.#ask(() => this.#engine.request('models.use', { modelId: id, version, back }), 'The version could not be put to use.')
  }

  async remove({ id, version }: ModelEntry): Promise<void> {
    if (version === null) return
    await this.#ask(() => this.#engine.request('models.remove', { modelId: id, version }), 'The version could not be removed.')
  }

  async #ask(request: () => Promise<unknown>, otherwise: string): Promise<boolean> {
    this.fault = null
    this.busy = true
    try {
      await request()
      return true
    } catch (error) {
      this.#report(error, otherwise)
      return false
    } finally {
      this.busy = false
    }
  }

  #take(adding: Adding): void {
    if (this.#dismissed.has(adding.addingId)) return
    const known = this.addings.some(({ addingId }) => addingId === adding.addingId)
    this.addings = known ? this.addings.map((one) => (one.addingId === adding.addingId ? adding : one)) : [...this.addings, adding]
  }

  #report(error: unknown, otherwise: string): void {
    this.fault = error instanceof EngineFault ? error.message : otherwise
  }
}

function groupsOf(models: readonly ModelEntry[]): ModelVersions[] {
  return [...new Set(models.map(({ id }) => id))].map((id) => {
    const versions = models.filter((entry) => entry.id === id)
    return { id, versions, active: versions.find(({ active }) => active) ?? versions[0] }
  })
}
