/** UIDs under the root 2.25, which needs no registration. PS3.5 B.2. */
import { createHash, randomBytes } from 'node:crypto'

/** The same text always gives the same UID: 122 bits of its SHA-256 in the form of a UUID of version 8. */
export function uidFromText(text: string): string {
  return uidOf(createHash('sha256').update(text).digest().subarray(0, 16), 0x80)
}

/** A new UID: a random UUID of version 4. */
export function newUid(): string {
  return uidOf(randomBytes(16), 0x40)
}

function uidOf(bytes: Buffer, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | version
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`
}
