/** The markers of a JPEG or JPEG-LS code stream, read before a decoder sees it. ITU-T T.81 annex B, T.87 annex C. */
import { damagedStream } from './codec'

export interface JpegHeader {
  /** The frame header's marker: 0xC0 baseline, 0xC1 extended, 0xC2 progressive, 0xC3 lossless, 0xF7 JPEG-LS. */
  readonly process: number
  readonly precision: number
  readonly rows: number
  readonly columns: number
  /** Identifier and sampling factors of each component. */
  readonly components: readonly { readonly id: number; readonly horizontal: number; readonly vertical: number }[]
  /** The transform of an Adobe APP14 marker: 0 none, 1 YCbCr; null without one. */
  readonly adobeTransform: number | null
  readonly jfif: boolean
  /** Whether the process loses information: all with a DCT; a lossless one with a point transform; JPEG-LS with a NEAR above 0. */
  readonly lossy: boolean
  /** The bytes up to and with the end-of-image marker. */
  readonly end: number
}

/**
 * Reads the header and walks over all scans to the end marker.
 *
 * Decoders fill what a truncated picture lacks with grey and say nothing, so the
 * end marker must be there, and each restart marker in its order.
 *
 * @throws DicomError 'pixels.code-stream'
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw damagedStream('the picture does not begin as JPEG does')
  let at = 2
  let frame: Pick<JpegHeader, 'process' | 'precision' | 'rows' | 'columns' | 'components'> | null = null
  let adobeTransform: number | null = null
  let jfif = false
  let scans = 0
  let lossyScan = false
  for (;;) {
    if (at + 2 > bytes.length) throw damagedStream('the compressed picture is truncated: its end marker is missing')
    if (bytes[at] !== 0xff) throw damagedStream(`no JPEG marker at byte ${at}`)
    const marker = bytes[at + 1]
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === 0xd9) {
      if (!frame || scans === 0) throw damagedStream('the JPEG stream holds no picture')
      return { ...frame, adobeTransform, jfif, lossy: lossyScan || isDct(frame.process), end: at + 2 }
    }
    const length = (bytes[at + 2] << 8) | bytes[at + 3]
    const body = at + 4
    const next = at + 2 + length
    if (!(length >= 2) || next > bytes.length) throw damagedStream(`the compressed picture is truncated in the segment at byte ${at}`)
    if ((marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) || marker === 0xf7) {
      if (frame) throw damagedStream('the JPEG stream holds a second frame header')
      const count = bytes[body + 5]
      if (length < 8 + 3 * count || count === 0) throw damagedStream('the JPEG frame header is too short')
      frame = {
        process: marker,
        precision: bytes[body],
        rows: (bytes[body + 1] << 8) | bytes[body + 2],
        columns: (bytes[body + 3] << 8) | bytes[body + 4],
        components: Array.from({ length: count }, (_, index) => {
          const entry = body + 6 + 3 * index
          return { id: bytes[entry], horizontal: bytes[entry + 1] >> 4, vertical: bytes[entry + 1] & 15 }
        }),
      }
    } else if (marker === 0xee && length >= 14 && bytes[body] === 0x41 && bytes[body + 1] === 0x64 && bytes[body + 2] === 0x6f) {
      adobeTransform = bytes[body + 11]
    } else if (
      marker === 0xe0 &&
      bytes[body] === 0x4a &&
      bytes[body + 1] === 0x46 &&
      bytes[body + 2] === 0x49 &&
      bytes[body + 3] === 0x46
    ) {
      jfif = true
    }
    at = next
    if (marker === 0xda) {
      if (!frame) throw damagedStream('a JPEG scan comes before the frame header')
      scans++
      lossyScan ||= isLossyScan(bytes, body, next, frame.process)
      at = skipScan(bytes, at, frame.process === 0xf7)
    }
  }
}

/** All processes but the lossless ones. ITU-T T.81 table B.1. */
function isDct(process: number): boolean {
  return ![0xc3, 0xc7, 0xcb, 0xcf, 0xf7].includes(process)
}

/**
 * Whether a scan of a lossless process or of JPEG-LS drops what it codes: by a point transform, or by NEAR. Its header
 * ends in Ss, Se, Ah and Al; in JPEG-LS in NEAR, ILV, and Al. ITU-T T.81 B.2.3, T.87 C.2.3.
 */
function isLossyScan(bytes: Uint8Array, body: number, next: number, process: number): boolean {
  if (next - body < 6) throw damagedStream('a JPEG scan header is too short')
  return (bytes[next - 1] & 15) !== 0 || (process === 0xf7 && bytes[next - 3] !== 0)
}

/** The marker that ends the entropy-coded data at `at`. In JPEG-LS a byte below 0x80 behind 0xFF is data. */
function skipScan(bytes: Uint8Array, at: number, jpegLs: boolean): number {
  let restart = 0
  for (;;) {
    at = bytes.indexOf(0xff, at)
    if (at < 0 || at + 1 >= bytes.length) throw damagedStream('the compressed picture is truncated: its end marker is missing')
    const follower = bytes[at + 1]
    if (jpegLs ? follower < 0x80 : follower === 0) {
      at += 2
    } else if (follower === 0xff) {
      at++
    } else if (follower >= 0xd0 && follower <= 0xd7) {
      if (follower !== 0xd0 + restart) throw damagedStream(`a JPEG restart marker is out of order at byte ${at}`)
      restart = (restart + 1) & 7
      at += 2
    } else {
      return at
    }
  }
}

/**
 * The colour form that a three-component code stream declares: by its Adobe marker, its component letters or JFIF; null where it says nothing.
 * Subsampled chroma is YCbCr whatever else is said.
 */
export function jpegColour({ components, adobeTransform, jfif }: JpegHeader): 'RGB' | 'YBR_FULL' | null {
  if (components.length !== 3) return null
  const [first, second, third] = components
  if (first.horizontal > second.horizontal || first.vertical > second.vertical) return 'YBR_FULL'
  if (adobeTransform !== null) return adobeTransform === 0 ? 'RGB' : 'YBR_FULL'
  if (first.id === 0x52 && second.id === 0x47 && third.id === 0x42) return 'RGB'
  return jfif ? 'YBR_FULL' : null
}
