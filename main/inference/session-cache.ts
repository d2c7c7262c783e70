/** The sessions that stay open, the least lately used closed first. */
import type { EngineSession } from './onnx-session'

/** A network's weights, arenas and compiled kernels stay in memory as long as its session. */
const mostSessions = 3

export class SessionCache<T extends { readonly session: EngineSession }> {
  readonly #open = new Map<string, T>()

  get(key: string): T | undefined {
    const found = this.#open.get(key)
    if (found) {
      this.#open.delete(key)
      this.#open.set(key, found)
    }
    return found
  }

  async add(key: string, entry: T): Promise<void> {
    this.#open.set(key, entry)
    for (const [oldest, { session }] of this.#open) {
      if (this.#open.size <= mostSessions) return
      this.#open.delete(oldest)
      await session.release()
    }
  }
}
