/** Writing a file so that it is whole or absent, also after a kill or a power cut. */
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Flushes a folder's own entries; not every platform offers it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

export function temporaryName(folder: string): string {
  return join(folder, randomBytes(12).toString('hex'))
}

/**
 * Writes `parts` one after the other to a file in `temporaryFolder`, syncs it and moves it to
 * `target` on the same file system. Nothing is left behind when it throws.
 */
export function writeAtomically(target: string, parts: readonly Uint8Array[], temporaryFolder = dirname(target)): void {
  const temporary = temporaryName(temporaryFolder)
  const handle = openSync(temporary, 'wx', 0o600)
  try {
    try {
      for (const part of parts) writeFully(handle, part)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(dirname(target))
}

/** A write may take less than it was given. */
export function writeFully(handle: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.byteLength;) done += writeSync(handle, bytes, done)
}
