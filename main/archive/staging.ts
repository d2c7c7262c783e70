/** Bringing bytes into an archive's `tmp/`, hashed and synced. Runs in workers, several at a time, without the database. */
import { createHash } from 'node:crypto'
import { closeSync, fsync, fsyncSync, openSync, readSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { deflateRawSync } from 'node:zlib'
import { OverreadError } from '../../contracts/errors'
import { bytesSource, type ByteSource } from '../base/byte-source'
import { temporaryName, writeFully } from '../base/atomic-write'
import { freeBytes } from '../base/free-space'
import { chunkBytes, sha256 } from '../base/hashing'
import { layoutOf, temporaryPath } from './layout'
import { vanishedOr } from './location'
import { storageError } from './storage-error'

/** A file in `tmp/`, ready to be moved to its place. */
export interface StagedFile {
  /** Bare name in `tmp/`. */
  readonly temporary: string
  readonly sha256: string
  /** SHA-256 of each 4 MiB, in order; at least one. */
  readonly chunks: readonly string[]
  readonly size: number
}

/** Left free on the disk, so that the database can still be written and closed. */
export const reservedBytes = 64 * 1024 * 1024

/**
 * Copies a file, or bytes, into the archive's `tmp/`. A file is read by 4 MiB, never whole.
 *
 * @throws OverreadError 'file.unreadable', 'archive.disk-full', 'archive.vanished' or 'archive.unwritable'. Nothing is left behind.
 */
export function stageFile(source: string | Uint8Array | ByteSource, archiveFolder: string): StagedFile {
  return staging(archiveFolder, (target) => copyHashed(source, target))
}

/**
 * As `stageFile`: the bytes are copied when this returns, and on disk when its promise is kept. The next file can be
 * read meanwhile, and the disk takes several at once sooner than one after the other.
 */
export async function stageFileSoon(source: string | Uint8Array | ByteSource, archiveFolder: string): Promise<StagedFile> {
  const { path, target, written } = writeTemporary(archiveFolder, (handle) => copyHashed(source, handle))
  try {
    // Not before what the caller stages in the same breath is written too: a file cannot be made while the disk is synced.
    await null
    await sync(target)
  } catch (error) {
    rmSync(path, { force: true })
    throw storageError(error)
  } finally {
    closeSync(target)
  }
  return { ...written, temporary: basename(path) }
}

const sync = promisify(fsync)

function copyHashed(source: string | Uint8Array | ByteSource, target: number): Omit<StagedFile, 'temporary'> {
  const whole = createHash('sha256')
  const chunks: string[] = []
  let size = 0
  const take = (chunk: Uint8Array): void => {
    // Of a file of one chunk, as most are, the chunk's hash is the whole's.
    if (chunks.length > 0 || chunk.length === chunkBytes) whole.update(chunk)
    chunks.push(sha256(chunk))
    size += chunk.length
    writeFully(target, chunk)
  }
  if (typeof source === 'string') readChunks(source, take)
  else {
    const bytes = source instanceof Uint8Array ? bytesSource(source) : source
    for (let start = 0; start < bytes.size; start += chunkBytes) take(bytes.read(start, chunkBytes))
  }
  if (chunks.length === 0) take(new Uint8Array(0))
  return { sha256: size < chunkBytes ? chunks[0] : whole.digest('hex'), chunks, size }
}

/**
 * Deflates an overlay into `tmp/`. The hash is of the deflated bytes, as a check of the
 * archive reads them.
 */
export function stageOverlay(bytes: Uint8Array, archiveFolder: string): Omit<StagedFile, 'chunks'> {
  return staging(archiveFolder, (target) => {
    // Level 1: on maps of a film of 1,000 pixels within an eighth of what level 6 gives, and faster.
    const deflated = deflateRawSync(bytes, { level: 1 })
    writeFully(target, deflated)
    return { sha256: sha256(deflated), size: deflated.length }
  })
}

/** Takes away what was staged and will not be stored. */
export function discardStaged(archiveFolder: string, names: readonly string[]): void {
  const layout = layoutOf(archiveFolder)
  for (const name of names) rmSync(temporaryPath(layout, name), { force: true })
}

function staging<T extends object>(archiveFolder: string, write: (target: number) => T): T & { temporary: string } {
  const { path, target, written } = writeTemporary(archiveFolder, write)
  try {
    fsyncSync(target)
  } catch (error) {
    rmSync(path, { force: true })
    throw storageError(error)
  } finally {
    closeSync(target)
  }
  return { ...written, temporary: basename(path) }
}

/** A file in `tmp/`, written, not yet synced and still open. Nothing is left behind when it throws. */
function writeTemporary<T>(archiveFolder: string, write: (target: number) => T): { path: string; target: number; written: T } {
  const layout = layoutOf(archiveFolder)
  const path = temporaryName(layout.temporary)
  try {
    if (freeBytes(layout.temporary) < reservedBytes) throw new OverreadError('archive.disk-full')
    const target = openSync(path, 'wx', 0o600)
    try {
      return { path, target, written: write(target) }
    } catch (error) {
      closeSync(target)
      throw error
    }
  } catch (error) {
    rmSync(path, { force: true })
    throw storageError(vanishedOr(error, layout))
  }
}

function readChunks(path: string, take: (chunk: Uint8Array) => void): void {
  const buffer = new Uint8Array(chunkBytes)
  const source = reading(() => openSync(path, 'r'))
  try {
    for (;;) {
      let filled = 0
      // A read may give less than was asked for; only 0 is the end.
      for (let count = -1; filled < chunkBytes && count !== 0; filled += count) {
        count = reading(() => readSync(source, buffer, filled, chunkBytes - filled, null))
      }
      if (filled > 0) take(buffer.subarray(0, filled))
      if (filled < chunkBytes) return
    }
  } finally {
    closeSync(source)
  }
}

function reading<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw new OverreadError('file.unreadable', String((error as NodeJS.ErrnoException).code ?? ''), { cause: error })
  }
}
