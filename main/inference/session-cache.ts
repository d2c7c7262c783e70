/** The sessions that stay open, the least lately used closed first. */
import type { EngineSession } from './onnx-session'

export interface SessionBounds {
  readonly sessions: number
  readonly residentBytes: number
  /** Resident bytes of this process now. */
  readonly readResident: () => number
}

/** A network's weights, arenas and compiled kernels stay in memory as long as its session. */
export class SessionCache<T extends { readonly session: EngineSession }> {
  readonly #open = new Map<string, T>()

  constructor(private readonly bounds: SessionBounds) {}

  get(key: string): T | undefined {
    const found = this.#open.get(key)
    if (found) {
      this.#open.delete(key)
      this.#open.set(key, found)
    }
    return found
  }

  /** Takes the place of one with the same key. */
  async add(key: string, entry: T): Promise<void> {
    await this.remove(key)
    this.#open.set(key, entry)
    await this.trim()
  }

  /** Closes what is beyond the bounds. Arenas grow in runs, so it is called after each; the last session used stays. */
  async trim(): Promise<void> {
    const { sessions, residentBytes, readResident } = this.bounds
    while (this.#open.size > 1 && (this.#open.size > sessions || readResident() > residentBytes)) {
      await this.remove(this.#open.keys().next().value!)
    }
  }

  /** Closes it; nothing where it is not there. */
  async remove(key: string): Promise<void> {
    const entry = this.#open.get(key)
    this.#open.delete(key)
    await entry?.session.release()
  }
}
