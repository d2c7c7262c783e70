/** A reader who turns slices goes before the analysis of another study: its network waits between two passes until he rests. */
import type { EngineSession } from '../../inference/onnx-session'

/** He rests when nothing was heard of him for so long: longer than lies between two notches of a wheel that is turned slowly. */
const restMs = 500
/** One pass is made after so long, however he goes on, so that nothing waits without end. */
const longestMs = 5000
const lookEveryMs = 25

const pause = () => new Promise((done) => setTimeout(done, lookEveryMs))
/** A pass blocks the thread: what came meanwhile is heard first. */
export const hearMessages = () => new Promise<void>((done) => void setImmediate(done))

export class StandAside {
  readonly #now: () => number
  #lastHeard = -Infinity
  #stoodMs = 0

  /** `now`: ms */
  constructor(now: () => number) {
    this.#now = now
  }

  /** He turned a slice just now. */
  heard(): void {
    this.#lastHeard = this.#now()
  }

  /** Fulfilled once he rests, or has gone on for long. What `stopIfCancelled` throws ends the waiting. */
  async whileReading(stopIfCancelled: () => void = () => {}): Promise<void> {
    await hearMessages()
    stopIfCancelled()
    const began = this.#now()
    const due = () => this.#now() - this.#lastHeard >= restMs || this.#now() - began >= longestMs
    while (!due()) {
      await pause()
      stopIfCancelled()
    }
    this.#stoodMs += this.#now() - began
  }

  /** Time without what was spent waiting here, ms: how long a network took is measured with it. */
  readonly working = (): number => this.#now() - this.#stoodMs

  /** The session, each of whose passes waits first, and is not made once `stopIfCancelled` throws. */
  before(session: EngineSession, stopIfCancelled?: () => void): EngineSession {
    const { classes } = session
    return {
      run: async (tensor, shape) => {
        await this.whileReading(stopIfCancelled)
        return session.run(tensor, shape)
      },
      ...(classes && {
        classes: async (tensor: Float32Array, shape: readonly number[]) => {
          await this.whileReading(stopIfCancelled)
          return classes.call(session, tensor, shape)
        },
      }),
      release: () => session.release(),
    }
  }
}
