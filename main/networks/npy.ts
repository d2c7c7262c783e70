/** Reading and writing NumPy's `.npy`, the form of a package's golden case. Version 1 and 2, C order, little endian. */
import { OverreadError } from '../../contracts/errors'

const types = {
  '|u1': Uint8Array,
  '|i1': Int8Array,
  '<u2': Uint16Array,
  '<i2': Int16Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
} as const

export type NpyValues =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>

export interface NpyArray {
  readonly shape: readonly number[]
  readonly values: NpyValues
}

/**
 * @throws OverreadError 'model.weights' where the bytes are no such file or fewer than the shape needs.
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  const version = bytes[6] ?? 0
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(1, 6)) !== 'NUMPY' || version < 1 || version > 2)
    throw notNpy('no .npy header')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerStart = version === 1 ? 10 : 12
  const headerLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  const start = headerStart + headerLength
  if (headerLength > 65536 || start > bytes.length) throw notNpy('the header is cut')
  const header = new TextDecoder('latin1').decode(bytes.subarray(headerStart, start))
  const type = /'descr':\s*'([^']{3})'/.exec(header)?.[1] as keyof typeof types | undefined
  const shapeText = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1]
  if (type === undefined || !Object.hasOwn(types, type) || shapeText === undefined || !/'fortran_order':\s*False/.test(header)) {
    throw notNpy('a form that Overread does not read')
  }
  const shape = shapeText
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number)
  const count = shape.reduce((product, side) => product * side, 1)
  const Values = types[type]
  const byteLength = count * Values.BYTES_PER_ELEMENT
  if (!Number.isSafeInteger(byteLength) || byteLength > bytes.length - start) throw notNpy('fewer values than its shape says')
  // A copy, as the values need not lie on a boundary of their size; `slice` of a Buffer would be none.
  const copy = new Uint8Array(byteLength)
  copy.set(bytes.subarray(start, start + byteLength))
  return { shape, values: new Values(copy.buffer) }
}

function notNpy(detail: string): OverreadError {
  return new OverreadError('model.weights', `golden case: ${detail}`)
}

/** A file of floats: NumPy's format 1.0, a dictionary padded so that the data begin at a multiple of 64. */
export function npyParts(shape: readonly number[], values: Float32Array): Uint8Array[] {
  const prefix = 10
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const described = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sides}), }`
  const length = Math.ceil((prefix + described.length + 1) / 64) * 64 - prefix
  const header = Buffer.alloc(prefix + length, ' ')
  header.write('\x93NUMPY\x01\x00', 0, 'latin1')
  header.writeUInt16LE(length, 8)
  header.write(described, prefix, 'latin1')
  header.write('\n', prefix + length - 1, 'latin1')
  return [header, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]
}
