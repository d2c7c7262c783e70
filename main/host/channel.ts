/** One conversation between two processes or threads of Overread, whatever carries it. */

export type ChannelListener = (message: unknown, bytes: readonly Uint8Array<ArrayBuffer>[]) => void

export interface Channel {
  /** Sends a message of plain data, and byte arrays beside it. Bytes are copied; the sender keeps its own. */
  post(message: unknown, bytes?: readonly Uint8Array[]): void
  onMessage(listener: ChannelListener): void
  /** Called once when the other side has gone or closed. */
  onClose(listener: () => void): void
  close(): void
}

/** What travels: null data is the word for closing, which not every carrier reports by itself. */
interface Packet {
  readonly message: unknown
  readonly bytes: readonly Uint8Array[]
}

interface Carrier {
  send(packet: Packet | null): void
  /** Whatever came: the other side may be a window, which is not trusted. */
  onPacket(listener: (packet: unknown) => void): void
  onGone(listener: () => void): void
  end(): void
}

function channelOver(carrier: Carrier): Channel {
  const messageListeners: ChannelListener[] = []
  const closeListeners: (() => void)[] = []
  const waiting: Packet[] = []
  let closed = false

  const gone = () => {
    if (closed) return
    closed = true
    carrier.end()
    for (const listener of closeListeners) listener()
  }
  const deliver = (packet: Packet) => {
    for (const listener of messageListeners) listener(packet.message, packet.bytes.map(asBytes))
  }
  carrier.onPacket((packet) => {
    if (closed) return
    if (packet === null) gone()
    else if (!isPacket(packet)) return
    else if (messageListeners.length === 0) waiting.push(packet)
    else deliver(packet)
  })
  carrier.onGone(gone)

  return {
    post(message, bytes = []) {
      if (!closed) carrier.send({ message, bytes })
    },
    onMessage(listener) {
      messageListeners.push(listener)
      for (const packet of waiting.splice(0)) deliver(packet)
    },
    onClose(listener) {
      if (closed) queueMicrotask(listener)
      else closeListeners.push(listener)
    },
    close() {
      if (closed) return
      carrier.send(null)
      gone()
    },
  }
}

/** The arrays may be of another realm, so they are asked for their name. */
function isPacket(data: unknown): data is Packet {
  if (typeof data !== 'object' || data === null || !('message' in data) || !('bytes' in data)) return false
  return Array.isArray(data.bytes) && data.bytes.every((part) => Object.prototype.toString.call(part) === '[object Uint8Array]')
}

/**
 * Carriers give back Buffers or foreign views; everyone else sees plain byte arrays, each with a buffer of its own: that of
 * `child_process` is its read buffer, which the next message needs and which two arrays of one message share.
 */
function asBytes(value: Uint8Array): Uint8Array<ArrayBuffer> {
  if (value.byteLength !== value.buffer.byteLength) return Uint8Array.from(value)
  return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength)
}

/** What both ends of `child_process.fork` with `serialization: 'advanced'` share. */
interface ForkEnd {
  send?(message: unknown, callback?: (error: Error | null) => void): boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'disconnect' | 'exit', listener: () => void): unknown
  disconnect?(): void
  readonly connected?: boolean
}

/** A forked child seen from its parent, or `process` seen from within the child. */
export function forkChannel(end: ForkEnd): Channel {
  return channelOver({
    send: (packet) => {
      if (end.connected !== false) end.send?.(packet, () => {})
    },
    onPacket: (listener) => end.on('message', (packet) => listener(packet)),
    onGone: (listener) => {
      end.on('disconnect', listener)
      end.on('exit', listener)
    },
    end: () => {
      if (end.connected) end.disconnect?.()
    },
  })
}

/** What worker_threads' MessagePort, Worker and parentPort share. */
interface PortEnd {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'close' | 'exit', listener: () => void): unknown
  close?(): void
}

/** A `MessagePort` of worker_threads, a `Worker`, or a worker's `parentPort`. */
export function threadChannel(end: PortEnd): Channel {
  return channelOver({
    send: (packet) => end.postMessage(packet),
    onPacket: (listener) => end.on('message', (packet) => listener(packet)),
    onGone: (listener) => {
      end.on('close', listener)
      end.on('exit', listener)
    },
    end: () => end.close?.(),
  })
}

/** Electron's MessagePortMain and a utility process's parentPort: messages arrive wrapped in an event. */
interface UtilityEnd {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start?(): void
  close?(): void
}

/** Takes no ArrayBuffer in a transfer list: it would arrive as null. */
export function utilityChannel(end: UtilityEnd): Channel {
  const channel = channelOver({
    send: (packet) => end.postMessage(packet),
    onPacket: (listener) => end.on('message', (event) => listener(event.data)),
    onGone: (listener) => end.on('close', listener),
    end: () => end.close?.(),
  })
  end.start?.()
  return channel
}
