/** The self-check as the window runs it: one check after the other, until all are done or the reader cancels. */
import type { SelfCheckRow } from '../../contracts/self-check'
import { EngineFault, type EngineClient } from '../engine/engine-client'

export class SelfCheckState {
  rows = $state.raw<readonly SelfCheckRow[]>([])
  done = $state(0)
  total = $state(0)
  phase = $state<'idle' | 'running' | 'cancelled' | 'done'>('idle')
  /** What kept it from ending, as a sentence. */
  fault = $state<string | null>(null)
  /** Rises with each run: one that was cancelled may still await its last answer when the next begins. */
  #run = 0
  readonly #engine: Pick<EngineClient, 'request'>

  constructor(engine: Pick<EngineClient, 'request'>) {
    this.#engine = engine
  }

  /** Nothing more is asked for; the check under way ends by itself. */
  cancel(): void {
    if (this.phase === 'running') this.phase = 'cancelled'
  }

  async run(): Promise<void> {
    if (this.phase === 'running') return
    const run = ++this.#run
    const goesOn = () => this.#run === run && this.phase === 'running'
    this.phase = 'running'
    this.rows = []
    this.done = 0
    this.total = 0
    this.fault = null
    try {
      const { total } = await this.#engine.request('self-check.begin', {})
      if (goesOn()) this.total = total
      while (goesOn() && this.done < total) {
        const { row } = await this.#engine.request('self-check.row', { index: this.done })
        if (this.#run !== run) return
        if (row) this.rows = [...this.rows, row]
        this.done++
      }
      if (goesOn()) this.phase = 'done'
    } catch (error) {
      if (this.#run !== run) return
      this.phase = 'idle'
      this.fault = error instanceof EngineFault ? error.message : 'The self-check could not be ended.'
    }
  }
}

/** What came out, in a sentence. */
export function selfCheckWords(rows: readonly SelfCheckRow[]): string {
  const count = (state: SelfCheckRow['state']) => rows.filter((row) => row.state === state).length
  return `${count('passed')} passed, ${count('failed')} failed, ${count('absent')} not there on this machine.`
}
