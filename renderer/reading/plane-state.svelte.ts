/** The overlay planes of the file itself: fetched for the pictures near the reader, shown unless the reader hides them. */
import type { OverlayPlaneFacts } from '../../contracts/protocol'
import type { FrameReference } from '../../contracts/analysis'
import { Abandoned, type EngineClient } from '../engine/engine-client'
import { urgency } from '../engine/request-queue'
import type { FrameStore } from './frame-store'
import { LeastRecent } from './least-recent'
import { pictureId } from './picture-id'
import { planePixels, splitPlanes } from './plane-pixels'

export interface DrawablePlane {
  readonly facts: OverlayPlaneFacts
  /** Set pixels opaque, all others clear. */
  readonly bitmap: OffscreenCanvas
}

/** All planes of one picture. */
export interface PicturePlanes {
  readonly pictureId: string
  readonly planes: readonly DrawablePlane[]
}

const budgetBytes = 128 * 2 ** 20
/** A plane of more pixels is not drawn: a canvas of it could not be made everywhere. */
const mostPixels = 1 << 26
const picturesAhead = 3

export class PlaneState {
  visible = $state(true)
  /** Rises when planes arrived, or turned out unreadable. */
  arrivals = $state(0)
  readonly #engine: EngineClient
  readonly #studyKey: number
  readonly #planes = new LeastRecent<PicturePlanes>(budgetBytes)
  readonly #unreadable = new Set<string>()
  readonly #loading = new Set<string>()

  constructor(engine: EngineClient, studyKey: number) {
    this.#engine = engine
    this.#studyKey = studyKey
  }

  peek(picture: string): PicturePlanes | null {
    return this.#planes.get(picture)
  }

  /** True where the header states planes that could not be read. */
  unreadable(picture: string): boolean {
    void this.arrivals
    return this.#unreadable.has(picture)
  }

  /** Fetches for the picture at `index` and the next ones whose frames are here and state planes. */
  around(slices: readonly FrameReference[], index: number, direction: 1 | -1, frames: FrameStore): void {
    for (let step = 0; step <= picturesAhead; step++) {
      const slice = slices[index + step * direction]
      if (slice && (frames.peek(slice)?.description.overlayPlanes ?? 0) > 0) void this.#load(slice)
    }
  }

  /** Faults of a lost connection are not for ever. */
  forgetFaults(): void {
    this.#unreadable.clear()
    this.arrivals++
  }

  async #load({ sopInstanceUid, frameIndex }: FrameReference): Promise<void> {
    const id = pictureId({ sopInstanceUid, frameIndex })
    if (this.#planes.has(id) || this.#loading.has(id) || this.#unreadable.has(id)) return
    this.#loading.add(id)
    try {
      const input = { studyKey: this.#studyKey, sopInstanceUid, frameIndex }
      const reply = await this.#engine.request('overlay-planes.get', input, { urgency: urgency.overlay })
      const packed = reply && splitPlanes(reply.planes, reply.bytes)
      if (!packed || packed.some(({ facts }) => facts.rows * facts.columns > mostPixels)) throw new Error('planes')
      const planes = packed.map(({ facts, bits }) => ({ facts, bitmap: bitmapOf(facts, bits) }))
      this.#planes.set(
        id,
        { pictureId: id, planes },
        planes.reduce((sum, { facts }) => sum + facts.rows * facts.columns * 4, 4096),
      )
    } catch (error) {
      // Said in the corner; the picture itself is right without them.
      if (!(error instanceof Abandoned)) this.#unreadable.add(id)
    } finally {
      this.#loading.delete(id)
      this.arrivals++
    }
  }
}

function bitmapOf({ rows, columns }: OverlayPlaneFacts, bits: Uint8Array): OffscreenCanvas {
  const bitmap = new OffscreenCanvas(columns, rows)
  bitmap.getContext('2d')?.putImageData(new ImageData(planePixels(bits, rows, columns), columns, rows), 0, 0)
  return bitmap
}
