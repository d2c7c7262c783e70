/** Frames for windows: decoded by workers, the latest kept. */
import type { Frame } from '../../../contracts/frame'
import { DicomError } from '../../../contracts/errors'
import type { RequestOutput } from '../../../contracts/protocol'
import type { ArchiveClient } from './archive-client'
import type { WorkerPool } from '../worker-pool'

/** What the engine host keeps of decoded frames. */
const cacheBytes = 256 * 1024 * 1024

export class FrameService {
  readonly #archive: ArchiveClient
  readonly #pool: WorkerPool
  readonly #kept = new Map<string, Frame>()
  readonly #running = new Map<string, Promise<Frame>>()
  #keptBytes = 0
  #generation = 0

  constructor(archive: ArchiveClient, pool: WorkerPool) {
    this.#archive = archive
    this.#pool = pool
  }

  /** Modality values of one frame. @throws DicomError what the pixel pipeline finds. */
  async get(studyKey: number, sopInstanceUid: string, frameIndex: number): Promise<Frame> {
    const key = `${studyKey} ${sopInstanceUid} ${frameIndex}`
    const kept = this.#kept.get(key)
    if (kept) {
      this.#kept.delete(key)
      this.#kept.set(key, kept)
      return kept
    }
    let running = this.#running.get(key)
    if (!running) {
      const begun = this.#decode(studyKey, sopInstanceUid, frameIndex).finally(() => {
        if (this.#running.get(key) === begun) this.#running.delete(key)
      })
      running = begun
      this.#running.set(key, running)
    }
    const generation = this.#generation
    const frame = await running
    if (generation === this.#generation) this.#keep(key, frame)
    return frame
  }

  /** Under a corrected header the same pixels mean something else. */
  forget(): void {
    this.#generation++
    this.#kept.clear()
    this.#running.clear()
    this.#keptBytes = 0
  }

  /** The overlay planes that the file lays on a frame; null: none. @throws DicomError what reading them finds. */
  async overlayPlanes(studyKey: number, sopInstanceUid: string, frameIndex: number): Promise<RequestOutput<'overlay-planes.get'>> {
    const object = await this.#archive.instanceLocation(studyKey, sopInstanceUid)
    return this.#pool.run('overlay-planes.read', { object, frameIndex })
  }

  async #decode(studyKey: number, sopInstanceUid: string, frameIndex: number): Promise<Frame> {
    const object = await this.#archive.instanceLocation(studyKey, sopInstanceUid)
    const frame = await this.#pool.run('frame.decode', { object, frameIndex, stage: 'modality' })
    if (frame.samples.length !== frame.description.rows * frame.description.columns * frame.description.samplesPerPixel) {
      throw new DicomError('pixels.size')
    }
    return frame
  }

  #keep(key: string, frame: Frame): void {
    if (this.#kept.has(key)) return
    this.#kept.set(key, frame)
    this.#keptBytes += frame.samples.byteLength
    for (const [oldest, { samples }] of this.#kept) {
      if (this.#keptBytes <= cacheBytes || this.#kept.size === 1) return
      this.#kept.delete(oldest)
      this.#keptBytes -= samples.byteLength
    }
  }
}
