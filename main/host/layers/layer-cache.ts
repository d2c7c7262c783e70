/** What was computed for a picture whose layers are looked at, up to a number of bytes, the oldest going first. */
import type { QuantisedMaps } from '../../inference/layers/layer-maps'

const mostBytes = 64 * 2 ** 20

export class LayerCache {
  readonly #kept = new Map<string, QuantisedMaps>()
  #bytes = 0

  constructor(private readonly most: number = mostBytes) {}

  get(key: string): QuantisedMaps | null {
    const found = this.#kept.get(key)
    if (!found) return null
    this.#kept.delete(key)
    this.#kept.set(key, found)
    return found
  }

  put(key: string, maps: QuantisedMaps): void {
    this.#remove(key)
    this.#kept.set(key, maps)
    this.#bytes += maps.levels.byteLength
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.most || this.#kept.size === 1) return
      this.#remove(oldest)
    }
  }

  clear(): void {
    this.#kept.clear()
    this.#bytes = 0
  }

  #remove(key: string): void {
    this.#bytes -= this.#kept.get(key)?.levels.byteLength ?? 0
    this.#kept.delete(key)
  }
}
