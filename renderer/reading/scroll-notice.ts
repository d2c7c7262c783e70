/** Tells the engine that the reader turns slices, and not of every single one. */

/** Several times in what the engine takes for a rest, so that one that comes late is none. */
const everyMs = 100

export class ScrollNotice {
  readonly #tell: () => Promise<unknown>
  readonly #now: () => number
  #told = -Infinity

  constructor(tell: () => Promise<unknown>, now: () => number = () => performance.now()) {
    this.#tell = tell
    this.#now = now
  }

  turned(): void {
    const now = this.#now()
    if (now - this.#told < everyMs) return
    this.#told = now
    // A notice that is lost costs some smoothness, nothing else.
    this.#tell().catch(() => {})
  }
}
