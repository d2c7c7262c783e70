/** How much can still be written where a folder lies. */
import { statfsSync } from 'node:fs'

/** Bytes an ordinary user may still write to the file system of `folder`; infinite where it cannot be told. */
export function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
