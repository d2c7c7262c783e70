/** The operating points of one model: what is in force, what was set, and setting another. */
import type { PointChoice } from '../../contracts/operating-points'
import type { RequestOutput } from '../../contracts/protocol'
import { EngineFault, type EngineClient } from '../engine/engine-client'

export class PointsState {
  known = $state.raw<RequestOutput<'operating-points.list'> | null>(null)
  /** What went wrong, as a sentence. */
  fault = $state<string | null>(null)
  saving = $state(false)
  /** Something was set since the card was opened. */
  hasSet = $state(false)
  readonly #engine: EngineClient
  readonly #modelId: string
  readonly #forget: (() => void)[]

  constructor(engine: EngineClient, modelId: string) {
    this.#engine = engine
    this.#modelId = modelId
    this.#forget = [
      engine.onEvent((event) => {
        if (event.event === 'operating-points.changed' && event.modelId === modelId) void this.read()
      }),
      engine.onReconnect(() => void this.read()),
    ]
  }

  close(): void {
    for (const forget of this.#forget) forget()
  }

  async read(): Promise<void> {
    try {
      this.known = await this.#engine.request('operating-points.list', { modelId: this.#modelId })
    } catch (error) {
      this.#report(error, 'The operating points of this site could not be read.')
    }
  }

  /** True once the archive holds it. */
  async set(label: string, choice: PointChoice, comment: string): Promise<boolean> {
    this.fault = null
    this.saving = true
    try {
      const request = { settingId: crypto.randomUUID(), modelId: this.#modelId, label, choice, comment }
      await this.#engine.request('operating-point.set', request)
      await this.read()
      this.hasSet = true
      return true
    } catch (error) {
      this.#report(error, 'The operating point could not be stored.')
      return false
    } finally {
      this.saving = false
    }
  }

  #report(error: unknown, otherwise: string): void {
    this.fault = error instanceof EngineFault ? error.message : otherwise
  }
}
