/** One window's conversation with the engine: requests in, replies in parts, events. */
import {
  fromEngineSchema,
  partBytes,
  requests,
  toEngineSchema,
  type EngineEvent,
  type FromEngine,
  type RequestKind,
} from '../../contracts/protocol'
import { OverreadError, reportOf } from '../../contracts/errors'
import type { Channel } from './channel'
import type { Handlers } from './handlers'

/** Serves `channel` until it closes. Returns what sends an event to this window. */
export function serveSession(
  channel: Channel,
  handlers: Handlers,
  logFault: (kind: string, error: unknown) => void,
): (event: EngineEvent) => void {
  channel.onMessage((message) => {
    const parsed = toEngineSchema.safeParse(message)
    // Without a request id there is nobody to answer.
    if (!parsed.success) return logFault('envelope', new OverreadError('request.invalid'))
    const { requestId, kind, input } = parsed.data
    void answer(handlers, kind, input).then(
      (output) => reply(channel, requestId, output),
      (error: unknown) => {
        const report = reportOf(error)
        if (report.code === 'internal') logFault(kind, error)
        channel.post({ type: 'error', requestId, error: report } satisfies FromEngine)
      },
    )
  })
  return (payload) => channel.post(fromEngineSchema.parse({ type: 'event', payload }))
}

async function answer(handlers: Handlers, kind: RequestKind, input: unknown): Promise<unknown> {
  const parsed = requests[kind].input.safeParse(input)
  if (!parsed.success) throw new OverreadError('request.invalid', kind)
  return handlers[kind](parsed.data as never)
}

/** A sender's thread stands still while a message is copied, so bytes go in parts. */
function reply(channel: Channel, requestId: number, output: unknown): void {
  const { plain, bytes } = withoutBytes(output)
  const parts = Math.ceil(bytes.byteLength / partBytes)
  channel.post({ type: 'reply', requestId, output: plain, byteLength: bytes.byteLength, parts } satisfies FromEngine)
  for (let index = 0; index < parts; index++) {
    const part = bytes.subarray(index * partBytes, (index + 1) * partBytes)
    channel.post({ type: 'part', requestId, index } satisfies FromEngine, [part])
  }
}

function withoutBytes(output: unknown): { plain: unknown; bytes: Uint8Array } {
  if (output === null || typeof output !== 'object' || !('bytes' in output) || !(output.bytes instanceof Uint8Array)) {
    return { plain: output, bytes: new Uint8Array(0) }
  }
  const { bytes, ...plain } = output
  return { plain, bytes }
}
