/** Random access to the bytes of one object, so that a file of 4 GB is never read whole. Synchronous: it runs in worker threads. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { OverreadError } from '../../contracts/errors'
import { chunkBytes } from './hashing'

export interface ByteSource {
  /** Bytes in all. */
  readonly size: number
  /**
   * Bytes from `offset` on; fewer than `length` only at the end. The result may
   * be a view of a shared buffer: it is not to be written to.
   */
  read(offset: number, length: number): Uint8Array
}

export interface FileSource extends ByteSource {
  close(): void
}

/** Verified chunks kept, so that neighbouring reads verify nothing twice. */
const chunksKept = 2

/** Bytes in memory. */
export function bytesSource(memory: Uint8Array): ByteSource {
  // A Node Buffer's `slice` copies nothing, unlike that of the type it claims to be.
  const bytes = new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength)
  return {
    size: bytes.length,
    read: (offset, length) =>
      offset >= bytes.length || length <= 0 ? new Uint8Array(0) : bytes.subarray(offset, Math.min(bytes.length, offset + length)),
  }
}

/**
 * A file, read on demand.
 *
 * With `verifyChunk` reads go by whole chunks of 4 MiB, and each chunk passes it
 * before a byte of it is handed out; it throws where the chunk is not what was stored.
 *
 * @throws OverreadError 'file.unreadable' where the file cannot be opened or read.
 */
export function fileSource(path: string, options: { verifyChunk?: (index: number, bytes: Uint8Array) => void } = {}): FileSource {
  const descriptor = reading(() => openSync(path, 'r'))
  const stat = reading(() => fstatSync(descriptor))
  if (!stat.isFile()) {
    closeSync(descriptor)
    throw new OverreadError('file.unreadable', 'not a regular file')
  }
  const { size } = stat
  let open = true

  const readRange = (offset: number, length: number): Uint8Array => {
    if (!open) throw new OverreadError('file.unreadable', 'the file was closed')
    const wanted = Math.max(0, Math.min(length, size - offset))
    const bytes = new Uint8Array(wanted)
    let done = 0
    while (done < wanted) {
      const count = reading(() => readSync(descriptor, bytes, done, wanted - done, offset + done))
      // The file shrank while it was open.
      if (count === 0) throw new OverreadError('file.unreadable', `the file ends at byte ${offset + done}, expected ${size}`)
      done += count
    }
    return bytes
  }

  return {
    size,
    read: options.verifyChunk ? verifiedReader(readRange, size, options.verifyChunk) : readRange,
    close() {
      if (open) closeSync(descriptor)
      open = false
    },
  }
}

function verifiedReader(
  readRange: (offset: number, length: number) => Uint8Array,
  size: number,
  verifyChunk: (index: number, bytes: Uint8Array) => void,
) {
  const kept = new Map<number, Uint8Array>()
  const chunk = (index: number): Uint8Array => {
    const known = kept.get(index)
    if (known) return known
    const bytes = readRange(index * chunkBytes, chunkBytes)
    verifyChunk(index, bytes)
    if (kept.size >= chunksKept) kept.delete(kept.keys().next().value!)
    kept.set(index, bytes)
    return bytes
  }
  return (offset: number, length: number): Uint8Array => {
    const end = Math.min(size, offset + length)
    if (offset >= end) return new Uint8Array(0)
    const first = Math.floor(offset / chunkBytes)
    const last = Math.floor((end - 1) / chunkBytes)
    if (first === last) return chunk(first).subarray(offset - first * chunkBytes, end - first * chunkBytes)
    const bytes = new Uint8Array(end - offset)
    for (let index = first; index <= last; index++) {
      const start = index * chunkBytes
      const part = chunk(index).subarray(Math.max(0, offset - start), Math.min(chunkBytes, end - start))
      bytes.set(part, Math.max(0, start - offset))
    }
    return bytes
  }
}

function reading<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new OverreadError('file.unreadable', code ?? '', { cause: error })
  }
}
