/** Other values in an object that is written already, in explicit little endian and at the top of its data set. */
import { join } from './build-object'

/** @throws Error where the element is not there, or not once */
export function replaceText(bytes: Uint8Array, tag: number, vr: string, value: string): Uint8Array {
  const head = Buffer.from([(tag >>> 16) & 0xff, tag >>> 24, tag & 0xff, (tag >>> 8) & 0xff, vr.charCodeAt(0), vr.charCodeAt(1)])
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = file.indexOf(head)
  if (at < 0 || file.indexOf(head, at + 1) >= 0) throw new Error(`${tag.toString(16)} is not there once`)
  const encoded = Buffer.from(value, 'utf8')
  const content = encoded.length % 2 === 0 ? encoded : Buffer.concat([encoded, Buffer.from(' ')])
  const length = Buffer.alloc(2)
  length.writeUInt16LE(content.length)
  return join([file.subarray(0, at + 6), length, content, file.subarray(at + 8 + file.readUInt16LE(at + 6))])
}
