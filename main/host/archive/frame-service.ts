/** Frames for windows: decoded by workers, those of the latest studies kept. */
import type { Frame } from '../../../contracts/frame'
import { DicomError } from '../../../contracts/errors'
import type { RequestOutput } from '../../../contracts/protocol'
import type { ArchiveClient } from './archive-client'
import type { WorkerPool } from '../worker-pool'

/** What the engine host keeps of decoded frames. */
const cacheBytes = 256 * 1024 * 1024
/** Of as many studies, so that a day of reading holds no more than its first hour: the one read, and two to go back to. */
const studiesKept = 3

export class FrameService {
  readonly #archive: ArchiveClient
  readonly #pool: WorkerPool
  /** By study, then by frame, what was asked for last at the end of each. */
  readonly #kept = new Map<number, Map<string, Frame>>()
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
    const frames = this.#framesOf(studyKey)
    const kept = frames.get(key)
    if (kept) {
      frames.delete(key)
      frames.set(key, kept)
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
    if (generation === this.#generation) this.#keep(studyKey, key, frame)
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

  /** Those of a study, which is now the latest. */
  #framesOf(studyKey: number): Map<string, Frame> {
    const frames = this.#kept.get(studyKey) ?? new Map<string, Frame>()
    this.#kept.delete(studyKey)
    this.#kept.set(studyKey, frames)
    if (this.#kept.size > studiesKept) this.#forgetStudy(this.#kept.keys().next().value!)
    return frames
  }

  #forgetStudy(studyKey: number): void {
    for (const { samples } of this.#kept.get(studyKey)!.values()) this.#keptBytes -= samples.byteLength
    this.#kept.delete(studyKey)
  }

  #keep(studyKey: number, key: string, frame: Frame): void {
    const frames = this.#kept.get(studyKey)
    // The reader went on to other studies before it was decoded.
    if (!frames || frames.has(key)) return
    frames.set(key, frame)
    this.#keptBytes += frame.samples.byteLength
    for (const older of this.#kept.values()) {
      for (const [oldest, { samples }] of older) {
        if (this.#keptBytes <= cacheBytes || oldest === key) return
        older.delete(oldest)
        this.#keptBytes -= samples.byteLength
      }
    }
  }
}
