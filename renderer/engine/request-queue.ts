/** Which requests go to the engine when: bounded where bytes come back, newest wanted first. */
import type { RequestKind } from '../../contracts/protocol'

/** Lower runs first. */
export const urgency = { wanted: 0, overlay: 1, ahead: 2, thumbnail: 3 } as const
export type Urgency = (typeof urgency)[keyof typeof urgency]

export interface QueuedRequest {
  readonly requestId: number
  readonly kind: RequestKind
  readonly input: unknown
  readonly urgency: Urgency
}

const kindsWithBytes: ReadonlySet<RequestKind> = new Set<RequestKind>([
  'frame.get',
  'thumbnail.get',
  'overlay.get',
  'overlay-planes.get',
  'layers.maps',
  'layers.overlay',
])
const bytesInFlight = 4

export class RequestQueue {
  readonly #waiting: QueuedRequest[] = []
  readonly #inFlight = new Map<number, QueuedRequest>()
  readonly #abandoned = new Set<number>()

  add(request: QueuedRequest): void {
    this.#waiting.push(request)
  }

  /** True when the request was never sent. One already sent keeps its place until its reply, which nobody awaits. */
  cancel(requestId: number): boolean {
    const index = this.#waiting.findIndex((request) => request.requestId === requestId)
    if (index >= 0) {
      this.#waiting.splice(index, 1)
      return true
    }
    if (this.#inFlight.has(requestId)) this.#abandoned.add(requestId)
    return false
  }

  /** Takes what may be sent now. */
  take(): QueuedRequest[] {
    const taken: QueuedRequest[] = []
    let places = bytesInFlight - [...this.#inFlight.values()].filter(({ kind }) => kindsWithBytes.has(kind)).length
    const order = this.#waiting.map((request, place) => ({ request, place }))
    order.sort((a, b) => a.request.urgency - b.request.urgency || b.place - a.place)
    for (const { request } of order) {
      const heavy = kindsWithBytes.has(request.kind)
      if (heavy && places === 0) continue
      if (heavy) places--
      taken.push(request)
    }
    // Writes and cheap reads keep the order in which they were asked for.
    const cheap = taken.filter(({ kind }) => !kindsWithBytes.has(kind)).sort((a, b) => a.requestId - b.requestId)
    const sent = [...cheap, ...taken.filter(({ kind }) => kindsWithBytes.has(kind))]
    for (const request of sent) {
      this.#waiting.splice(this.#waiting.indexOf(request), 1)
      this.#inFlight.set(request.requestId, request)
    }
    return sent
  }

  /** The request a reply belongs to, or null when nobody awaits it. Frees its place. */
  settle(requestId: number): QueuedRequest | null {
    const request = this.#inFlight.get(requestId)
    this.#inFlight.delete(requestId)
    if (this.#abandoned.delete(requestId)) return null
    return request ?? null
  }

  kindOf(requestId: number): RequestKind | null {
    return this.#inFlight.get(requestId)?.kind ?? null
  }

  /** The port closed: what was under way is asked again. Reads repeat; writes carry an id that makes them one. */
  reopen(): void {
    for (const [requestId, request] of this.#inFlight) {
      if (!this.#abandoned.has(requestId)) this.#waiting.push(request)
    }
    this.#inFlight.clear()
    this.#abandoned.clear()
  }
}
