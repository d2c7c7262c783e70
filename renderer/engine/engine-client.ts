/** The engine as the page sees it: requests with one reply each, events, and a connection that heals itself. */
import { withAdvice, type ErrorReport } from '../../contracts/errors'
import type { EngineEvent, RequestInput, RequestKind, RequestOutput } from '../../contracts/protocol'
import { portMessageType, type ShellApi } from '../../contracts/shell'
import type { FromWorker, ToWorker } from './messages'
import { urgency, type Urgency } from './request-queue'

/** A fault the engine reported, with its code. */
export class EngineFault extends Error {
  override readonly name = 'EngineFault'
  constructor(readonly report: ErrorReport) {
    super(withAdvice(report))
  }
}

/** The request was taken back before it was sent, or its answer is no longer wanted. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned'
}

const reconnectAfterMs = 200

interface Pending {
  resolve(output: unknown): void
  reject(error: Error): void
}

export interface RequestOptions {
  readonly urgency?: Urgency
  readonly signal?: AbortSignal
}

type EventListener = (event: EngineEvent) => void

export class EngineClient {
  readonly #worker: Worker
  readonly #shell: ShellApi
  readonly #pending = new Map<number, Pending>()
  readonly #listeners = new Set<EventListener>()
  readonly #reconnected = new Set<() => void>()
  #nextId = 0
  #connections = 0

  constructor(shell: ShellApi, worker: Worker) {
    this.#shell = shell
    this.#worker = worker
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data)
    window.addEventListener('message', (event: MessageEvent<unknown>) => this.#takePort(event))
    shell.connect()
  }

  request<K extends RequestKind>(kind: K, input: RequestInput<K>, options: RequestOptions = {}): Promise<RequestOutput<K>> {
    const requestId = this.#nextId++
    const { signal } = options
    if (signal?.aborted) return Promise.reject(new Abandoned())
    return new Promise((resolve, reject) => {
      this.#pending.set(requestId, { resolve: resolve as (output: unknown) => void, reject })
      this.#tell({ type: 'request', requestId, kind, input, urgency: options.urgency ?? urgency.wanted })
      signal?.addEventListener('abort', () => this.#abandon(requestId), { once: true })
    })
  }

  onEvent(listener: EventListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Called after a lost connection came back: events were missed, so what is shown is read again. */
  onReconnect(listener: () => void): () => void {
    this.#reconnected.add(listener)
    return () => this.#reconnected.delete(listener)
  }

  #tell(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer)
  }

  #abandon(requestId: number): void {
    const pending = this.#pending.get(requestId)
    if (!pending) return
    this.#pending.delete(requestId)
    this.#tell({ type: 'cancel', requestId })
    pending.reject(new Abandoned())
  }

  #takePort(event: MessageEvent<unknown>): void {
    const [port] = event.ports
    const { data } = event
    if (event.source !== window || !port || typeof data !== 'object' || data === null) return
    if (!('type' in data) || data.type !== portMessageType) return
    this.#tell({ type: 'port', port }, [port])
    if (this.#connections++ > 0) for (const listener of this.#reconnected) listener()
  }

  #receive(message: FromWorker): void {
    if (message.type === 'event') {
      for (const listener of this.#listeners) listener(message.payload)
    } else if (message.type === 'closed') {
      // Not at once: an engine that dies at each start would otherwise be asked without pause.
      setTimeout(() => this.#shell.connect(), reconnectAfterMs)
    } else {
      const pending = this.#pending.get(message.requestId)
      this.#pending.delete(message.requestId)
      if (message.type === 'reply') pending?.resolve(message.output)
      else pending?.reject(new EngineFault(message.error))
    }
  }
}
