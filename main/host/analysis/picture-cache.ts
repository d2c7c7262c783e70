/** Decoded pictures of one analysis, within a bound: a frame is decoded once while it is held. */
import type { DecodedPicture } from '../tasks/analysis-decode'

/** Networks that read the same stage share its pictures. */
export class StagedPictures {
  readonly #caches = new Map<string, PictureCache>()

  of(stage: string): PictureCache {
    const known = this.#caches.get(stage) ?? new PictureCache()
    this.#caches.set(stage, known)
    return known
  }
}

const mostBytes = 256 * 1024 * 1024

interface Held {
  readonly picture: Promise<DecodedPicture>
  /** 0 until it is decoded. */
  byteLength: number
}

export class PictureCache {
  readonly #held = new Map<number, Held>()
  #bytes = 0

  /** The picture of slice `index`, decoded by `decode` where it is not held. A failure is kept too: it would be the same again. */
  get(index: number, decode: () => Promise<DecodedPicture>): Promise<DecodedPicture> {
    const known = this.#held.get(index)
    if (known) {
      this.#held.delete(index)
      this.#held.set(index, known)
      return known.picture
    }
    const held: Held = { picture: decode(), byteLength: 0 }
    this.#held.set(index, held)
    held.picture.then(
      ({ byteLength }) => {
        held.byteLength = byteLength
        this.#bytes += byteLength
        this.#makeRoom()
      },
      () => {},
    )
    return held.picture
  }

  #makeRoom(): void {
    for (const [index, { byteLength }] of this.#held) {
      if (this.#bytes <= mostBytes) return
      if (byteLength === 0) continue
      this.#held.delete(index)
      this.#bytes -= byteLength
    }
  }
}
