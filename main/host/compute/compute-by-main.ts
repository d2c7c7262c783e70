/** Has Electron main start the compute process; its port comes with a later message. */
import { utilityChannel } from '../channel'
import type { ComputeChannel } from './compute-client'
import type { FromHost } from '../control'

type Port = Parameters<typeof utilityChannel>[0]

/** A process from when it was asked for until it ended. */
interface Asked {
  readonly arrived: (channel: ComputeChannel) => void
  readonly refused: (error: Error) => void
  readonly ended: (how: string) => void
  readonly ending: Promise<string>
}

export class ComputeByMain {
  readonly #tellMain: (message: FromHost) => void
  readonly #asked = new Map<number, Asked>()
  #last = 0

  constructor(tellMain: (message: FromHost) => void) {
    this.#tellMain = tellMain
  }

  readonly start = () =>
    new Promise<ComputeChannel>((arrived, refused) => {
      const number = ++this.#last
      let ended: Asked['ended'] = () => {}
      const ending = new Promise<string>((resolve) => (ended = resolve))
      this.#asked.set(number, { arrived, refused, ended, ending })
      this.#tellMain({ control: 'compute.start', number })
    })

  /** Main joined the process to this port. */
  arrived(number: number, port: Port): void {
    const asked = this.#asked.get(number)
    const kill = () => this.#tellMain({ control: 'compute.kill', number })
    asked?.arrived({ ...utilityChannel(port), kill, ending: asked.ending })
  }

  /** Main saw the process end, before or after its port came. */
  ended(number: number, how: string): void {
    const asked = this.#asked.get(number)
    this.#asked.delete(number)
    asked?.ended(how)
    asked?.refused(new Error(how))
  }
}
