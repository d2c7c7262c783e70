/** How many tensors are with the compute process at once: the next lies ready when a run ends, and no more pile up. */
const slots = 2

export class RunSlots {
  #free = slots
  readonly #waiting: (() => void)[] = []

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}
