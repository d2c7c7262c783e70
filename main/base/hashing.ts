/** SHA-256 of bytes and of files, whole and by chunk. */
import { createHash } from 'node:crypto'

/** A range read of an archived file checks the chunks it touches. */
export const chunkBytes = 4 * 1024 * 1024

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
