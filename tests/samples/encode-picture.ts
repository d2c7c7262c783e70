/** Code streams for tests, by encoders that are no part of the product, and two plain ones of our own. */
import { createRequire } from 'node:module'
import type * as nativeCodecs from 'dcmjs-codecs'
import { join } from './build-object'

export interface PictureSample {
  readonly rows: number
  readonly columns: number
  readonly samplesPerPixel: number
  readonly bitsAllocated: 8 | 16
  readonly bitsStored: number
  readonly signed: boolean
  /** Little endian, interleaved by pixel. */
  readonly bytes: Uint8Array
}

type Codecs = typeof nativeCodecs
type EncoderName = 'encodeJpeg' | 'encodeJpegLs' | 'encodeJpeg2000' | 'encodeHtJpeg2000'

let codecs: Promise<Codecs> | null = null

async function loadCodecs(): Promise<Codecs> {
  const loaded = createRequire(import.meta.url)('dcmjs-codecs') as Codecs
  await loaded.NativeCodecs.initializeAsync()
  return loaded
}

/** One frame as a code stream. `parameters` are those of dcmjs-codecs. */
export async function encode(picture: PictureSample, encoder: EncoderName, parameters: Record<string, unknown>): Promise<Uint8Array> {
  const { Context, NativeCodecs } = await (codecs ??= loadCodecs())
  // The product's decoder shares the module and drops it when a frame breaks it.
  if (!NativeCodecs.isInitialized()) await NativeCodecs.initializeAsync()
  const context = new Context({
    width: picture.columns,
    height: picture.rows,
    bitsAllocated: picture.bitsAllocated,
    bitsStored: picture.bitsStored,
    samplesPerPixel: picture.samplesPerPixel,
    pixelRepresentation: picture.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: picture.samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2',
    decodedBuffer: encoder === 'encodeJpeg' || encoder === 'encodeJpegLs' ? withoutSign(picture) : picture.bytes,
  })
  return Uint8Array.from(NativeCodecs[encoder](context, parameters).getEncodedBuffer()!)
}

/** JPEG and JPEG-LS know no sign: they take the stored bits as they are, and nothing above them. */
function withoutSign({ bytes, bitsAllocated, bitsStored }: PictureSample): Uint8Array {
  if (bitsAllocated === 8 || bitsStored === 16) return bytes
  const words = new Uint16Array(Uint8Array.from(bytes).buffer)
  return new Uint8Array(words.map((word) => word & (2 ** bitsStored - 1)).buffer)
}

/** RLE Lossless with literal runs and repeats. PS3.5 annex G. */
export function encodeRle({ samplesPerPixel, bitsAllocated, bytes }: PictureSample): Uint8Array {
  const size = bitsAllocated / 8
  const step = samplesPerPixel * size
  const segments: Uint8Array[] = []
  for (let sample = 0; sample < samplesPerPixel; sample++) {
    for (let byte = size - 1; byte >= 0; byte--) {
      segments.push(packBits(bytes.filter((_, index) => index % step === sample * size + byte)))
    }
  }
  const header = new DataView(new ArrayBuffer(64))
  header.setUint32(0, segments.length, true)
  let offset = 64
  segments.forEach((segment, index) => {
    header.setUint32(4 + index * 4, offset, true)
    offset += segment.length
  })
  return join([new Uint8Array(header.buffer), ...segments])
}

function packBits(plain: Uint8Array): Uint8Array {
  const packed: number[] = []
  for (let at = 0; at < plain.length;) {
    let run = 1
    while (run < 128 && plain[at + run] === plain[at]) run++
    if (run >= 3) {
      packed.push(257 - run, plain[at])
      at += run
      continue
    }
    let literal = 1
    while (
      literal < 128 &&
      at + literal < plain.length &&
      !(plain[at + literal] === plain[at + literal + 1] && plain[at + literal] === plain[at + literal + 2])
    )
      literal++
    packed.push(literal - 1, ...plain.subarray(at, at + literal))
    at += literal
  }
  if (packed.length % 2 === 1) packed.push(0)
  return Uint8Array.from(packed)
}

/** A picture with edges, flat parts and noise, the same for the same seed; odd in size, so that nothing falls on a boundary by luck. */
export function samplePicture(form: Omit<PictureSample, 'bytes'>, seed = 1): PictureSample {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, signed } = form
  const bytes = new Uint8Array((rows * columns * samplesPerPixel * bitsAllocated) / 8)
  const view = new DataView(bytes.buffer)
  const range = 2 ** bitsStored
  const lowest = signed ? -range / 2 : 0
  let state = seed
  for (let i = 0; i < rows * columns * samplesPerPixel; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const column = Math.floor(i / samplesPerPixel) % columns
    const row = Math.floor(i / samplesPerPixel / columns)
    const flat = row < rows / 3
    const share = flat ? (i % samplesPerPixel) / 4 : (column / columns + (state / 2 ** 32) * 0.2 + (row > (rows * 2) / 3 ? 0.5 : 0)) % 1
    // The extremes must be there too.
    const value = i === 0 ? lowest : i === 1 ? lowest + range - 1 : lowest + Math.floor(share * range)
    if (bitsAllocated === 8) view.setUint8(i, value & 255)
    else view.setUint16(i * 2, value & 0xffff, true)
  }
  return { ...form, bytes }
}
