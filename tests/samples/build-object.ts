/** Writes DICOM objects for tests, rightly or wrongly on purpose. Not the product's writer, and no code of its reader. PS3.5 section 7. */
import { deflateRawSync } from 'node:zlib'

export type SampleValue = string | readonly number[] | Uint8Array | readonly SampleElement[][]
export type SampleElement = readonly [tag: number, vr: string, value: SampleValue]

export interface SampleForm {
  readonly transferSyntax?: string
  readonly preamble?: boolean
  readonly meta?: boolean
  readonly explicit?: boolean
  readonly littleEndian?: boolean
  readonly deflated?: boolean
  /** Sequences and items without stated length. */
  readonly undefinedLengths?: boolean
}

export const syntaxes = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  bigEndian: '1.2.840.10008.1.2.2',
  jpegBaseline: '1.2.840.10008.1.2.4.50',
  jpegExtended: '1.2.840.10008.1.2.4.51',
  jpegLossless: '1.2.840.10008.1.2.4.57',
  jpegLosslessFirstOrder: '1.2.840.10008.1.2.4.70',
  jpegLsLossless: '1.2.840.10008.1.2.4.80',
  jpegLsNear: '1.2.840.10008.1.2.4.81',
  jpeg2000Lossless: '1.2.840.10008.1.2.4.90',
  jpeg2000: '1.2.840.10008.1.2.4.91',
  jpegXl: '1.2.840.10008.1.2.4.110',
  htj2kLossless: '1.2.840.10008.1.2.4.201',
  rle: '1.2.840.10008.1.2.5',
  deflatedFrame: '1.2.840.10008.1.2.8.1',
} as const

const longVrs = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'SQ', 'UC', 'UN', 'UR', 'UT', 'SV', 'UV'])
const sizes: Readonly<Record<string, number>> = { US: 2, SS: 2, OW: 2, UL: 4, SL: 4, FL: 4, OF: 4, FD: 8, OD: 8, AT: 4 }

/** The bytes of an object. Elements are written in the order given. */
export function buildObject(elements: readonly SampleElement[], form: SampleForm = {}): Uint8Array {
  const transferSyntax = form.transferSyntax ?? syntaxes.explicit
  const explicit = form.explicit ?? transferSyntax !== syntaxes.implicit
  const littleEndian = form.littleEndian ?? transferSyntax !== syntaxes.bigEndian
  const body = writeElements(elements, explicit, littleEndian, form.undefinedLengths ?? false)
  const parts: Uint8Array[] = []
  if (form.preamble ?? true) parts.push(new Uint8Array(128), Uint8Array.from([0x44, 0x49, 0x43, 0x4d]))
  if (form.meta ?? true) {
    const meta = writeElements(
      [
        [0x00020001, 'OB', Uint8Array.of(0, 1)],
        [0x00020010, 'UI', transferSyntax],
      ],
      true,
      true,
      false,
    )
    parts.push(writeElement([0x00020000, 'UL', [meta.length]], true, true, false), meta)
  }
  parts.push((form.deflated ?? transferSyntax === syntaxes.deflated) ? deflateRawSync(body) : body)
  return join(parts)
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

function writeElements(
  elements: readonly SampleElement[],
  explicit: boolean,
  littleEndian: boolean,
  undefinedLengths: boolean,
): Uint8Array {
  return join(elements.map((element) => writeElement(element, explicit, littleEndian, undefinedLengths)))
}

function writeElement([tag, vr, value]: SampleElement, explicit: boolean, littleEndian: boolean, undefinedLengths: boolean): Uint8Array {
  const sequence = vr === 'SQ'
  const open = (sequence && undefinedLengths) || (tag === 0x7fe00010 && vr === 'encapsulated')
  const content = sequence
    ? writeItems(value as readonly SampleElement[][], explicit, littleEndian, undefinedLengths)
    : valueBytes(vr, value, littleEndian)
  const writtenVr = vr === 'encapsulated' ? 'OB' : vr
  const long = explicit && longVrs.has(writtenVr)
  const head = new DataView(new ArrayBuffer(long ? 12 : 8))
  head.setUint16(0, tag >>> 16, littleEndian)
  head.setUint16(2, tag & 0xffff, littleEndian)
  const length = open ? 0xffffffff : content.length
  if (explicit) {
    head.setUint8(4, writtenVr.charCodeAt(0))
    head.setUint8(5, writtenVr.charCodeAt(1))
    if (long) head.setUint32(8, length, littleEndian)
    else head.setUint16(6, length, littleEndian)
  } else {
    head.setUint32(4, length, littleEndian)
  }
  const parts = [new Uint8Array(head.buffer), content]
  if (open && sequence) parts.push(delimiter(0xe0dd, littleEndian))
  return join(parts)
}

function writeItems(items: readonly SampleElement[][], explicit: boolean, littleEndian: boolean, undefinedLengths: boolean): Uint8Array {
  return join(
    items.flatMap((item) => {
      const content = writeElements(item, explicit, littleEndian, undefinedLengths)
      const head = itemHead(undefinedLengths ? 0xffffffff : content.length, littleEndian)
      return undefinedLengths ? [head, content, delimiter(0xe00d, littleEndian)] : [head, content]
    }),
  )
}

function itemHead(length: number, littleEndian = true): Uint8Array {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint16(0, 0xfffe, littleEndian)
  view.setUint16(2, 0xe000, littleEndian)
  view.setUint32(4, length, littleEndian)
  return new Uint8Array(view.buffer)
}

function delimiter(element: number, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint16(0, 0xfffe, littleEndian)
  view.setUint16(2, element, littleEndian)
  return new Uint8Array(view.buffer)
}

function valueBytes(vr: string, value: SampleValue, littleEndian: boolean): Uint8Array {
  if (value instanceof Uint8Array) return vr === 'encapsulated' || value.length % 2 === 0 ? value : join([value, Uint8Array.of(0)])
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'latin1')
    return bytes.length % 2 === 0 ? new Uint8Array(bytes) : join([bytes, Uint8Array.of(vr === 'UI' ? 0 : 0x20)])
  }
  const numbers = value as readonly number[]
  const size = sizes[vr] ?? 1
  const view = new DataView(new ArrayBuffer(numbers.length * size))
  numbers.forEach((number, index) => {
    const at = index * size
    if (vr === 'US' || vr === 'OW') view.setUint16(at, number, littleEndian)
    else if (vr === 'SS') view.setInt16(at, number, littleEndian)
    else if (vr === 'UL') view.setUint32(at, number, littleEndian)
    else if (vr === 'SL') view.setInt32(at, number, littleEndian)
    else if (vr === 'FL' || vr === 'OF') view.setFloat32(at, number, littleEndian)
    else if (vr === 'FD' || vr === 'OD') view.setFloat64(at, number, littleEndian)
    else if (vr === 'AT') view.setUint32(at, littleEndian ? ((number << 16) | (number >>> 16)) >>> 0 : number, littleEndian)
    else view.setUint8(at, number)
  })
  return new Uint8Array(view.buffer)
}

/** Encapsulated pixel data: offset table, fragments padded to even length, delimiter. PS3.5 A.4. */
export function encapsulate(fragments: readonly Uint8Array[], offsetTable: readonly number[] = []): Uint8Array {
  const parts = [itemHead(offsetTable.length * 4), valueBytes('UL', offsetTable, true)]
  for (const fragment of fragments) {
    const even = fragment.length % 2 === 0 ? fragment : join([fragment, Uint8Array.of(0)])
    parts.push(itemHead(even.length), even)
  }
  return join([...parts, delimiter(0xe0dd, true)])
}

export interface SamplePicture {
  readonly rows: number
  readonly columns: number
  readonly samplesPerPixel?: number
  readonly photometric?: string
  readonly bitsAllocated: number
  readonly bitsStored?: number
  readonly highBit?: number
  readonly signed?: boolean
  readonly planar?: number
  readonly frames?: number
}

/** The identity and the Image Pixel module of a picture. `extra` replaces or adds elements. */
export function pictureElements(picture: SamplePicture, pixels: SampleElement, extra: readonly SampleElement[] = []): SampleElement[] {
  const bitsStored = picture.bitsStored ?? picture.bitsAllocated
  const elements: SampleElement[] = [
    [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'],
    [0x00080018, 'UI', '2.25.1003'],
    [0x0020000d, 'UI', '2.25.1001'],
    [0x0020000e, 'UI', '2.25.1002'],
    [0x00280002, 'US', [picture.samplesPerPixel ?? 1]],
    [0x00280004, 'CS', picture.photometric ?? 'MONOCHROME2'],
    ...(picture.planar === undefined ? [] : ([[0x00280006, 'US', [picture.planar]]] as SampleElement[])),
    ...(picture.frames === undefined ? [] : ([[0x00280008, 'IS', String(picture.frames)]] as SampleElement[])),
    [0x00280010, 'US', [picture.rows]],
    [0x00280011, 'US', [picture.columns]],
    [0x00280100, 'US', [picture.bitsAllocated]],
    [0x00280101, 'US', [bitsStored]],
    [0x00280102, 'US', [picture.highBit ?? bitsStored - 1]],
    [0x00280103, 'US', [picture.signed ? 1 : 0]],
    pixels,
  ]
  const replaced = new Map([...elements, ...extra].map((element) => [element[0], element]))
  return [...replaced.values()].sort(([a], [b]) => a - b)
}
