/** Owns the port to the engine, away from the page's thread: parses envelopes, reassembles bytes, transfers them to the page. */
import { z } from 'zod'
import { describeError, type ErrorReport } from '../../contracts/errors'
import { fromEngineSchema, requests, type FromEngine, type RequestKind, type ToEngine } from '../../contracts/protocol'
import type { FromWorker, ToWorker } from './messages'
import { plainValues } from './plain-values'
import { BrokenReply, Reassembly } from './reassembly'
import { RequestQueue } from './request-queue'

// The content security policy allows no `new Function`.
z.config({ jitless: true })

/** The worker's global scope, as far as it is used here: the DOM types describe a window's. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
  postMessage(message: FromWorker, transfer?: Transferable[]): void
}
const scope = globalThis as unknown as WorkerScope

const packetSchema = z.union([z.null(), z.strictObject({ message: z.unknown(), bytes: z.array(z.instanceof(Uint8Array)).max(8) })])
const queue = new RequestQueue()
const reassembly = new Reassembly()
let port: MessagePort | null = null

function flush(): void {
  if (!port) return
  for (const { requestId, kind, input } of queue.take()) {
    const message: ToEngine = { requestId, kind, input }
    port.postMessage({ message, bytes: [] })
  }
}

function fail(requestId: number, error: ErrorReport): void {
  if (queue.settle(requestId)) scope.postMessage({ type: 'error', requestId, error: plainValues(error) })
  flush()
}

const misunderstood = (requestId: number) => fail(requestId, { code: 'request.invalid', message: describeError('request.invalid') })

function reply(requestId: number, output: unknown, bytes: Uint8Array<ArrayBuffer> | null): void {
  const kind: RequestKind | null = queue.kindOf(requestId)
  if (kind === null) return
  const whole = bytes && typeof output === 'object' && output !== null ? { ...output, bytes } : output
  const parsed = requests[kind].output.safeParse(whole)
  if (!parsed.success) {
    // The paths and codes alone: a value could name a patient.
    console.warn(
      `reply to ${kind} not understood`,
      parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.code}`),
    )
    misunderstood(requestId)
    return
  }
  if (queue.settle(requestId))
    scope.postMessage({ type: 'reply', requestId, output: plainValues(parsed.data) }, bytes ? [bytes.buffer] : [])
  flush()
}

function receive(message: FromEngine, bytes: readonly Uint8Array[]): void {
  switch (message.type) {
    case 'event':
      scope.postMessage({ type: 'event', payload: plainValues(message.payload) })
      return
    case 'error':
      fail(message.requestId, message.error)
      return
    case 'reply': {
      const { requestId, output, byteLength, parts } = message
      if (parts > 0) reassembly.begin(requestId, output, byteLength, parts)
      else reply(requestId, output, null)
      return
    }
    case 'part': {
      const part = bytes[0]
      const whole = part ? reassembly.add(message.requestId, message.index, part) : null
      if (whole) reply(message.requestId, whole.output, whole.bytes)
    }
  }
}

function closed(from: MessagePort): void {
  if (port !== from) return
  port = null
  reassembly.clear()
  queue.reopen()
  scope.postMessage({ type: 'closed' })
}

function attach(next: MessagePort): void {
  port?.close()
  port = next
  next.onmessage = ({ data }) => {
    const packet = packetSchema.safeParse(data)
    if (!packet.success) return
    if (packet.data === null) {
      closed(next)
      return
    }
    const message = fromEngineSchema.safeParse(packet.data.message)
    if (!message.success) {
      console.warn('a message of the engine was not understood')
      return
    }
    try {
      receive(message.data, packet.data.bytes)
    } catch (error) {
      if (!(error instanceof BrokenReply) || !('requestId' in message.data)) throw error
      misunderstood(message.data.requestId)
    }
  }
  next.addEventListener('close', () => closed(next))
  next.start()
  flush()
}

scope.onmessage = ({ data }) => {
  if (data.type === 'port') attach(data.port)
  else if (data.type === 'cancel') queue.cancel(data.requestId)
  else {
    queue.add(data)
    flush()
  }
}
