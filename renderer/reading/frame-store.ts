/** The frames this window holds: at most 1 GiB, fetched around the reader's place in the direction of scrolling. */
import type { FrameReference } from '../../contracts/analysis'
import { describeError, type ErrorReport } from '../../contracts/errors'
import type { Frame, FrameDescription, Samples, SampleType } from '../../contracts/frame'
import { Abandoned, EngineFault, type EngineClient } from '../engine/engine-client'
import { urgency } from '../engine/request-queue'
import { LeastRecent } from './least-recent'
import { pictureId } from './picture-id'

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<SampleType, unknown>

const refused = (code: 'pixels.size' | 'internal'): ErrorReport => ({ code, message: describeError(code) })

/** The samples of a reply; null when their number is not what the description says. */
export function samplesOf(description: FrameDescription, bytes: Uint8Array<ArrayBufferLike>): Samples | null {
  const length = description.rows * description.columns * description.samplesPerPixel
  const type = arrays[description.type]
  if (bytes.byteLength !== length * type.BYTES_PER_ELEMENT) return null
  const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice()
  return new type(aligned.buffer as ArrayBuffer, aligned.byteOffset, length) as Samples
}

/** 1 GiB, or a quarter of the machine's memory where that is less. */
export function cacheBudget(machineGiB: number | undefined): number {
  return Math.min(1, (machineGiB ?? 8) / 4) * 2 ** 30
}

const framesAhead = 12
const framesBehind = 3

export class FrameStore {
  readonly #engine: EngineClient
  readonly #studyKey: number
  readonly #frames: LeastRecent<Frame>
  readonly #faults = new Map<string, ErrorReport>()
  readonly #loading = new Map<string, { readonly promise: Promise<Frame>; readonly abort: AbortController; wanted: boolean }>()

  constructor(engine: EngineClient, studyKey: number, budgetBytes: number) {
    this.#engine = engine
    this.#studyKey = studyKey
    this.#frames = new LeastRecent(budgetBytes)
  }

  /** The frame where it is here already. */
  peek(reference: FrameReference): Frame | null {
    return this.#frames.get(pictureId(reference))
  }

  /** Why a frame cannot be shown, once that is known. */
  fault(reference: FrameReference): ErrorReport | null {
    return this.#faults.get(pictureId(reference)) ?? null
  }

  /** Fetches a frame the reader waits for. Rejects with an EngineFault, or Abandoned when it was given up for a newer one. */
  get(reference: FrameReference): Promise<Frame> {
    const frame = this.peek(reference)
    if (frame) return Promise.resolve(frame)
    return this.#load(reference, true)
  }

  /**
   * Fetches around a place, nearest first, further in the direction of scrolling; what was
   * asked for elsewhere and not sent yet is taken back.
   */
  around(slices: readonly FrameReference[], index: number, direction: 1 | -1): void {
    const wanted = new Set<string>()
    const order: FrameReference[] = []
    const push = (at: number) => {
      const slice = slices[at]
      if (!slice) return
      wanted.add(pictureId(slice))
      order.push(slice)
    }
    push(index)
    for (let step = 1; step <= framesAhead; step++) {
      push(index + step * direction)
      if (step <= framesBehind) push(index - step * direction)
    }
    for (const [id, load] of this.#loading) {
      if (!wanted.has(id)) load.abort.abort()
    }
    // The queue sends the newest of an urgency first, so the nearest is asked for last.
    for (const slice of order.reverse()) {
      const id = pictureId(slice)
      if (!this.#frames.has(id) && !this.#faults.has(id) && !this.#loading.has(id)) this.#load(slice, false).catch(() => {})
    }
  }

  /** Faults of a lost connection or a repaired file are not for ever. */
  forgetFaults(): void {
    this.#faults.clear()
  }

  #load(reference: FrameReference, wanted: boolean): Promise<Frame> {
    const id = pictureId(reference)
    const known = this.#loading.get(id)
    if (known && (known.wanted || !wanted)) return known.promise
    // One fetched ahead is asked for again, now urgently; the slower of the two is given up.
    known?.abort.abort()
    const abort = new AbortController()
    const promise = this.#fetch(reference, id, wanted, abort.signal)
    const entry = { promise, abort, wanted }
    this.#loading.set(id, entry)
    const settled = () => {
      if (this.#loading.get(id) === entry) this.#loading.delete(id)
    }
    promise.then(settled, settled)
    return promise
  }

  async #fetch(reference: FrameReference, id: string, wanted: boolean, signal: AbortSignal): Promise<Frame> {
    const input = { studyKey: this.#studyKey, sopInstanceUid: reference.sopInstanceUid, frameIndex: reference.frameIndex }
    try {
      const reply = await this.#engine.request('frame.get', input, { urgency: wanted ? urgency.wanted : urgency.ahead, signal })
      const samples = samplesOf(reply.description, reply.bytes)
      if (!samples) throw new EngineFault(refused('pixels.size'))
      const frame: Frame = { description: reply.description, samples }
      this.#frames.set(id, frame, samples.byteLength)
      return frame
    } catch (error) {
      if (!(error instanceof Abandoned)) this.#faults.set(id, error instanceof EngineFault ? error.report : refused('internal'))
      throw error
    }
  }
}
