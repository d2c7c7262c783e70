/** Writes PNG files for tests, rightly or wrongly on purpose. Not the product's reader. ISO/IEC 15948. */
import { deflateSync } from 'node:zlib'
import { join } from './build-object'

export interface SamplePng {
  readonly columns: number
  readonly rows: number
  readonly depth?: number
  readonly colourType?: number
  readonly interlace?: number
  /** Rows one after the other, without the byte before each: packed bits, bytes, or 16 bits big endian. */
  readonly bytes?: Uint8Array
  /** In place of what `bytes` would be compressed to. */
  readonly compressed?: Uint8Array
  /** Between header and picture. */
  readonly chunks?: readonly (readonly [type: string, data: Uint8Array])[]
}

export function buildPng({ columns, rows, depth = 8, colourType = 0, interlace = 0, ...content }: SamplePng): Uint8Array {
  const header = new DataView(new ArrayBuffer(13))
  header.setUint32(0, columns)
  header.setUint32(4, rows)
  for (const [index, value] of [depth, colourType, 0, 0, interlace].entries()) header.setUint8(8 + index, value)
  const stride = Math.ceil((columns * depth) / 8)
  const bytes = content.bytes ?? new Uint8Array(rows * stride)
  const filtered = Array.from({ length: rows }, (_, row) => join([Uint8Array.of(0), bytes.subarray(row * stride, (row + 1) * stride)]))
  return join([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', new Uint8Array(header.buffer)),
    ...(content.chunks ?? []).map(([type, data]) => chunk(type, data)),
    chunk('IDAT', content.compressed ?? new Uint8Array(deflateSync(join(filtered)))),
    chunk('IEND', new Uint8Array(0)),
  ])
}

/** 16-bit grey values as they lie in a file. */
export function bigEndian(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2))
  for (const [index, value] of values.entries()) view.setUint16(index * 2, value)
  return new Uint8Array(view.buffer)
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = join([Buffer.from(type, 'latin1'), data])
  const [length, checksum] = [new DataView(new ArrayBuffer(4)), new DataView(new ArrayBuffer(4))]
  length.setUint32(0, data.length)
  checksum.setUint32(0, crc32(named))
  return join([new Uint8Array(length.buffer), named, new Uint8Array(checksum.buffer)])
}

function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff
  for (const byte of bytes) {
    remainder ^= byte
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0)
  }
  return ~remainder >>> 0
}
