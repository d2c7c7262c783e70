/** The imports of this session as the engine reports them; the newest is shown. */
import type { ImportProgress } from '../../contracts/worklist'
import { EngineFault, type EngineClient } from '../engine/engine-client'

export class ImportState {
  current = $state.raw<ImportProgress | null>(null)
  /** Null, or the sentence why the example could not be made. */
  exampleFault = $state<string | null>(null)
  exampleRunning = $state(false)
  readonly #engine: EngineClient
  readonly #dismissed = new Set<string>()

  constructor(engine: EngineClient) {
    this.#engine = engine
    engine.onEvent((event) => {
      if (event.event !== 'import.progress') return
      const { progress } = event
      if (this.#dismissed.has(progress.importId)) return
      // A finished import gives way to one that runs; a running one does not give way to a late message of another.
      const shown = this.current
      if (shown && shown.importId !== progress.importId && shown.state === 'running' && progress.state !== 'running') return
      this.current = progress
    })
  }

  get running(): boolean {
    return this.current?.state === 'running'
  }

  async cancel(): Promise<void> {
    const id = this.current?.importId
    if (id !== undefined) await this.#engine.request('import.cancel', { importId: id })
  }

  dismiss(): void {
    if (!this.current) return
    this.#dismissed.add(this.current.importId)
    this.current = null
  }

  async openExample(): Promise<void> {
    if (this.exampleRunning) return
    this.exampleRunning = true
    this.exampleFault = null
    try {
      await this.#engine.request('example.open', {})
    } catch (error) {
      this.exampleFault = error instanceof EngineFault ? error.message : 'The example could not be made.'
    } finally {
      this.exampleRunning = false
    }
  }
}
