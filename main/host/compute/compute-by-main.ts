/** Has Electron main start the compute process; its port comes with a later message. */
import { utilityChannel } from '../channel'
import type { ComputeChannel } from './compute-client'
import type { FromHost } from '../control'

type Port = Parameters<typeof utilityChannel>[0]

interface Waiting {
  readonly resolve: (channel: ComputeChannel) => void
  readonly reject: (error: Error) => void
}

export class ComputeByMain {
  readonly #tellMain: (message: FromHost) => void
  #waiting: Waiting | null = null
  #ended: (how: string) => void = () => {}

  constructor(tellMain: (message: FromHost) => void) {
    this.#tellMain = tellMain
  }

  readonly start = () =>
    new Promise<ComputeChannel>((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#tellMain({ control: 'compute.start' })
    })

  /** Main joined a new process to this port. */
  arrived(port: Port): void {
    const ending = new Promise<string>((resolve) => (this.#ended = resolve))
    this.#waiting?.resolve({ ...utilityChannel(port), kill: () => this.#tellMain({ control: 'compute.kill' }), ending })
    this.#waiting = null
  }

  /** Main saw the process end. */
  ended(how: string): void {
    this.#ended(how)
    this.#waiting?.reject(new Error(how))
    this.#waiting = null
  }
}
