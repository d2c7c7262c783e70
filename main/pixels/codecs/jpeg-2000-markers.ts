/** The main header of a JPEG 2000 code stream, and whether all its tile-parts are there. ITU-T T.800 annex A. */
import { damagedStream } from './codec'

export interface Jpeg2000Header {
  readonly rows: number
  readonly columns: number
  readonly components: number
  /** Of the first component. */
  readonly bits: number
  readonly signed: boolean
  /** Whether components differ in depth, sign or sampling. */
  readonly uneven: boolean
  /** Whether every wavelet that its headers name can be reversed without loss (5/3). */
  readonly reversible: boolean
  /** Whether the multiple component transform is used: then decoders give RGB. */
  readonly componentTransform: boolean
}

const maximumTileParts = 1 << 16

/**
 * Reads SIZ and COD and steps over the tile-parts.
 *
 * OpenJPEG decodes what there is of a truncated stream and reports success, so completeness is checked here.
 * Trailing bytes are let pass, a missing end marker too where the last tile-part states its length and is whole.
 *
 * @throws DicomError 'pixels.code-stream'
 */
export function readJpeg2000Header(bytes: Uint8Array): Jpeg2000Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 51 || view.getUint16(0) !== 0xff4f || view.getUint16(2) !== 0xff51)
    throw damagedStream('the picture does not begin as a JPEG 2000 code stream does')
  const components = view.getUint16(40)
  if (components < 1 || view.getUint16(4) < 38 + 3 * components || 42 + 3 * components > bytes.length)
    throw damagedStream('the JPEG 2000 size marker is too short')
  const columns = view.getUint32(8) - view.getUint32(16)
  const rows = view.getUint32(12) - view.getUint32(20)
  const depth = bytes[42]
  let uneven = false
  for (let index = 0; index < components; index++) {
    const at = 42 + 3 * index
    if (bytes[at] !== depth || bytes[at + 1] !== 1 || bytes[at + 2] !== 1) uneven = true
  }
  const tilesAcross = Math.ceil((view.getUint32(8) - view.getUint32(32)) / view.getUint32(24))
  const tilesDown = Math.ceil((view.getUint32(12) - view.getUint32(36)) / view.getUint32(28))
  const tiles = tilesAcross * tilesDown
  if (!(tiles >= 1 && tiles <= 65535)) throw damagedStream(`the JPEG 2000 size marker asks for ${tiles} tiles`)

  let at = 4 + view.getUint16(4)
  let reversible = true
  let componentTransform = false
  let coding = false
  const seen = new Uint8Array(tiles)
  let tilesSeen = 0
  for (let parts = 0; parts < maximumTileParts;) {
    if (at + 2 > bytes.length) {
      // All tiles ended exactly where the bytes do: complete but for the end marker.
      if (tilesSeen === tiles && at === bytes.length) break
      throw damagedStream('the compressed picture is truncated: its end marker is missing')
    }
    const marker = view.getUint16(at)
    if (marker === 0xffd9) break
    if (at + 4 > bytes.length) throw damagedStream('the compressed picture is truncated in a marker')
    const length = view.getUint16(at + 2)
    if (marker === 0xff52 && at + 14 <= bytes.length) {
      coding = true
      componentTransform = bytes[at + 8] === 1
    }
    if (isIrreversible(bytes, at, marker, components)) reversible = false
    if (marker !== 0xff90) {
      if (marker < 0xff00 || length < 2) {
        if (tilesSeen === tiles) break
        throw damagedStream(`no JPEG 2000 marker at byte ${at}`)
      }
      at += 2 + length
      continue
    }
    if (at + 12 > bytes.length) throw damagedStream('the compressed picture is truncated in a tile header')
    parts++
    const tile = view.getUint16(at + 4)
    if (tile >= tiles) throw damagedStream(`a JPEG 2000 tile-part belongs to tile ${tile} of ${tiles}`)
    if (!seen[tile]) {
      seen[tile] = 1
      tilesSeen++
    }
    const partLength = view.getUint32(at + 6)
    if (hasIrreversibleStyle(bytes, at + 12, components)) reversible = false
    if (partLength === 0) {
      // The last tile-part reaches to the end marker, which must be there; behind it padding at most.
      let last = bytes.length - 1
      while (last > at && bytes[last] === 0) last--
      if (bytes[last] !== 0xd9 || bytes[last - 1] !== 0xff)
        throw damagedStream('the compressed picture is truncated: its end marker is missing')
      break
    }
    if (partLength < 14 || at + partLength > bytes.length) throw damagedStream(`the compressed picture is truncated in tile ${tile}`)
    at += partLength
  }
  if (!coding) throw damagedStream('the JPEG 2000 coding style marker is missing')
  if (tilesSeen < tiles) throw damagedStream(`the compressed picture holds ${tilesSeen} of ${tiles} tiles`)
  return { rows, columns, components, bits: (depth & 0x7f) + 1, signed: (depth & 0x80) !== 0, uneven, reversible, componentTransform }
}

/** Whether the marker segment at `at` is a coding style, of all components or of one, with the 9/7 wavelet. ITU-T T.800 A.6.1, A.6.2. */
function isIrreversible(bytes: Uint8Array, at: number, marker: number, components: number): boolean {
  if (marker === 0xff52) return bytes[at + 13] !== 1
  return marker === 0xff53 && bytes[at + (components < 257 ? 10 : 11)] !== 1
}

/** Whether a tile-part's own header, from `at` up to its data, names the 9/7 wavelet. */
function hasIrreversibleStyle(bytes: Uint8Array, at: number, components: number): boolean {
  while (at + 4 <= bytes.length) {
    const marker = (bytes[at] << 8) | bytes[at + 1]
    const length = (bytes[at + 2] << 8) | bytes[at + 3]
    if (marker === 0xff93 || marker < 0xff00 || length < 2) return false
    if (isIrreversible(bytes, at, marker, components)) return true
    at += 2 + length
  }
  return false
}

/** A copy whose components are declared unsigned: it decodes to the same values, raised by half their range. ITU-T T.800 G.1. */
export function declaredUnsigned(bytes: Uint8Array, { components }: Jpeg2000Header): Uint8Array {
  const copy = Uint8Array.from(bytes)
  for (let index = 0; index < components; index++) copy[42 + 3 * index] &= 0x7f
  return copy
}

/** The code stream within a JP2 file: some writers put one into a frame although PS3.5 A.4.4 forbids it. */
export function withoutJp2Boxes(bytes: Uint8Array): Uint8Array {
  if (!(bytes[0] === 0 && bytes[4] === 0x6a && bytes[5] === 0x50)) return bytes
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at)
    if (view.getUint32(at + 4) === 0x6a703263) return bytes.subarray(at + 8, length === 0 ? bytes.length : at + length)
    if (length < 8) break
    at += length
  }
  throw damagedStream('the JP2 file in the frame holds no code stream')
}
