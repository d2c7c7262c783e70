/** A frame's stored values: what the file holds, decoded, nothing mapped. PS3.5 section 8. */
import { DicomError } from '../../contracts/errors'
import type { Samples } from '../../contracts/frame'
import { encapsulatedFrame, nativeFrame } from '../dicom/frame-fragments'
import type { DicomObject } from '../dicom/dicom-object'
import { sniffCodeStream } from '../dicom/sniff-code-stream'
import { transferSyntax, type FrameCodec } from '../dicom/transfer-syntaxes'
import type { Decoder, DecodedPicture } from './codecs/codec'
import { imageAttributes, storableRange, type ImageAttributes } from './image-attributes'
import { limits } from '../base/limits'
import { sampleRange } from './lut/sample-range'
import { interleavePlanes, samplesOfBytes, swapBytes } from './sample-bytes'

export interface StoredFrame {
  readonly attributes: ImageAttributes
  /** Interleaved by pixel, rows × columns × samplesPerPixel; bits beyond those stored are cleared or hold the sign. */
  readonly samples: Samples
  /** The colour form that the samples have now, which a decoder may have changed. */
  readonly photometricInterpretation: string
  /** Least and greatest sample, where they were seen on the way. */
  readonly range: readonly [min: number, max: number] | null
  /** Whether the code stream itself says that information was lost; null where it cannot tell. */
  readonly lossy: boolean | null
}

/** Each decoder is imported when the first frame of its kind is wanted. */
const loaders: Readonly<Partial<Record<FrameCodec, () => Promise<{ load(): Promise<Decoder> }>>>> = {
  rle: () => import('./codecs/rle'),
  jpeg: () => import('./codecs/jpeg'),
  'jpeg-ls': () => import('./codecs/jpeg-ls'),
  'jpeg-2000': () => import('./codecs/jpeg-2000'),
  htj2k: () => import('./codecs/htj2k'),
  'deflated-frame': () => import('./codecs/deflated-frame'),
}

/** Loads all decoders, so that the first frame does not wait for one; one after the other, so that a frame that comes meanwhile is not behind them all. */
export async function warmCodecs(): Promise<void> {
  for (const importCodec of Object.values(loaders)) await (await importCodec()).load()
}

/** Hears when the bytes of a frame are read, and only the decoding is left. */
export type WhenRead = () => void

/**
 * @param frameIndex from 0
 * @throws DicomError 'pixels.*', 'dicom.*', 'file.not-an-image'
 */
export async function storedFrame(object: DicomObject, frameIndex: number, whenRead: WhenRead = () => {}): Promise<StoredFrame> {
  const attributes = imageAttributes(object)
  if (!(Number.isInteger(frameIndex) && frameIndex >= 0 && frameIndex < attributes.numberOfFrames)) {
    throw new DicomError('pixels.frame', `frame ${frameIndex + 1} of ${attributes.numberOfFrames}`)
  }
  const read = object.pixelElement!.length < 0 ? encapsulated : native
  return read(object, attributes, frameIndex, whenRead)
}

async function encapsulated(
  object: DicomObject,
  attributes: ImageAttributes,
  frameIndex: number,
  whenRead: WhenRead,
): Promise<StoredFrame> {
  const { codec, name } = object.transferSyntax
  if (codec === 'unsupported') throw new DicomError('pixels.transfer-syntax', name)
  const bytes = encapsulatedFrame(object, frameIndex, attributes.numberOfFrames)
  whenRead()
  if (codec === 'native') return nativeSamples(attributes, object, bytes, 0)
  // A stream of another kind than stated is decoded by what it is; none of them can be taken for another.
  const sniffed = sniffCodeStream(bytes)
  const kind = sniffed === null || codec === 'deflated-frame' ? codec : transferSyntax(sniffed).codec
  const load = loaders[kind]
  if (!load) throw new DicomError('pixels.transfer-syntax', transferSyntax(sniffed ?? '').name)
  // A few bytes that state a huge picture are refused before a decoder allocates for it.
  const samples = attributes.rows * attributes.columns * attributes.samplesPerPixel
  if (samples > limits.smallFrameSamples && samples > bytes.length * limits.samplesPerCompressedByte) {
    throw new DicomError('pixels.size', `${bytes.length} compressed bytes cannot hold ${attributes.columns} × ${attributes.rows} pixels`)
  }
  const decoder = await (await load()).load()
  return decodedFrame(attributes, kind, await decoder.decode(bytes, attributes), !object.transferSyntax.lossy)
}

/** A decoder's picture in the form that the header states. */
function decodedFrame(attributes: ImageAttributes, kind: FrameCodec, picture: DecodedPicture, lossless: boolean): StoredFrame {
  const { photometricInterpretation: stated, samplesPerPixel, planarConfiguration } = attributes
  const withoutTransform = stated === 'YBR_FULL_422' ? 'YBR_FULL' : stated === 'YBR_RCT' || stated === 'YBR_ICT' ? 'RGB' : stated
  const raw = kind === 'rle' || kind === 'deflated-frame'
  // JPEG 2000 states a sign of its own. Where it says signed and the header does not, the values are below zero
  // nevertheless; where it says unsigned and the header signed, its bits are a two's complement.
  const signed = attributes.signed || (!raw && picture.signed)
  // A deflated frame is a native one within, by plane or by pixel. PS3.5 A.4.14.
  const byPlane = kind === 'deflated-frame' && samplesPerPixel === 3 && planarConfiguration === 1
  const samples = byPlane ? interleavePlanes(picture.samples, 3) : picture.samples
  return {
    attributes: signed === attributes.signed ? attributes : { ...attributes, signed },
    ...(raw ? placeBits(attributes, samples) : { samples: placeValues(attributes, signed, picture, lossless), range: null }),
    photometricInterpretation: samplesPerPixel === 1 ? stated : (picture.colour ?? withoutTransform),
    lossy: picture.lossy,
  }
}

/** A decoder's values in the type that the header's bits allocated and sign ask for. */
function placeValues(attributes: ImageAttributes, signed: boolean, picture: DecodedPicture, lossless: boolean): Samples {
  const { bitsAllocated, bitsStored, highBit } = attributes
  const width = Math.max(8, bitsAllocated)
  if (picture.bits > width)
    throw new DicomError('pixels.size', `the compressed picture has ${picture.bits} bits, the header allocates ${bitsAllocated}`)
  let { samples } = picture
  if (samples.BYTES_PER_ELEMENT * 8 !== width) {
    const wider =
      width === 8 ? new Uint8Array(samples.length) : width === 16 ? new Uint16Array(samples.length) : new Uint32Array(samples.length)
    wider.set(samples)
    samples = wider
  }
  samples = withSign(samples, signed)
  // A stream that reaches up to a high bit above holds whole words: the stored bits lie higher, and other things around
  // them. What a lossy one makes of a value at the top of its range is not such a thing. PS3.5 8.1.1.
  const shift = picture.bits > highBit ? highBit + 1 - bitsStored : 0
  // Decoders of the JPEG family know no sign: the bits stored hold a two's complement. PS3.5 8.2.
  if (signed && !picture.signed && bitsStored < width) {
    const empty = 32 - bitsStored
    for (let i = 0; i < samples.length; i++) samples[i] = ((samples[i] >> shift) << empty) >> empty
  } else if (!signed && (shift > 0 || (lossless && picture.bits > bitsStored))) {
    const stored = 2 ** bitsStored - 1
    for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] >> shift) & stored
  } else if (shift > 0) {
    for (let i = 0; i < samples.length; i++) samples[i] >>= shift
  }
  return samples
}

function native(object: DicomObject, attributes: ImageAttributes, frameIndex: number, whenRead: WhenRead): StoredFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometricInterpretation } = attributes
  const subsampled = isSubsampled(photometricInterpretation) && samplesPerPixel === 3
  const samples = subsampled ? rows * columns * 2 : rows * columns * samplesPerPixel
  if (subsampled && (bitsAllocated !== 8 || columns % 2 !== 0))
    throw new DicomError('pixels.format', `${photometricInterpretation} of ${bitsAllocated} bits and ${columns} columns`)
  const { bytes, firstBit } = nativeFrame(object, frameIndex, samples * bitsAllocated)
  whenRead()
  return nativeSamples(attributes, object, bytes, firstBit, frameIndex)
}

function isSubsampled(photometricInterpretation: string): boolean {
  return photometricInterpretation === 'YBR_FULL_422' || photometricInterpretation === 'YBR_PARTIAL_422'
}

function nativeSamples(attributes: ImageAttributes, object: DicomObject, frame: Uint8Array, firstBit: number, frameIndex = 0): StoredFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated, signed, floating } = attributes
  let { photometricInterpretation } = attributes
  const pixels = rows * columns
  let bytes = frame
  const subsampled = isSubsampled(photometricInterpretation) && samplesPerPixel === 3
  if (!object.dataSet.littleEndian) {
    const frameBits = pixels * (subsampled ? 2 : samplesPerPixel) * bitsAllocated
    bytes = littleEndianBytes(object, bitsAllocated, frame, frameIndex * frameBits)
  }
  let samples: Samples
  if (bitsAllocated === 1) {
    samples = new Uint8Array(pixels * samplesPerPixel)
    for (let i = 0, bit = firstBit; i < samples.length; i++, bit++) samples[i] = (bytes[bit >> 3] >> (bit & 7)) & 1
  } else {
    samples = samplesOfBytes(bytes, bitsAllocated, signed, floating)
    if (subsampled) {
      samples = expandSubsampled(samples as Uint8Array<ArrayBuffer>, pixels)
      if (photometricInterpretation === 'YBR_FULL_422') photometricInterpretation = 'YBR_FULL'
    } else if (samplesPerPixel === 3 && attributes.planarConfiguration === 1) {
      samples = interleavePlanes(samples, 3)
    }
    if (samples.length < pixels * samplesPerPixel)
      throw new DicomError('pixels.size', `frame ${frameIndex + 1} holds ${samples.length} samples of ${pixels * samplesPerPixel}`)
    if (samples.length > pixels * samplesPerPixel) samples = samples.slice(0, pixels * samplesPerPixel) as Samples
  }
  const placed = floating ? { samples, range: null } : placeBits(attributes, samples)
  return { attributes, ...placed, photometricInterpretation, lossy: null }
}

/**
 * Big endian bytes turned. Pixels of 8 bits in OW stand in 16-bit words, of which the bytes change places;
 * larger ones are turned as a whole. PS3.5 8.1.1 and annex D of its 2016 edition.
 */
function littleEndianBytes(object: DicomObject, bitsAllocated: number, frame: Uint8Array, firstBit: number): Uint8Array {
  if (bitsAllocated > 8) return swapBytes(frame, (bitsAllocated / 8) as 2 | 4 | 8)
  const element = object.pixelElement!
  if (element.vr === 'OB') return frame
  const start = Math.floor(firstBit / 8)
  // Words are counted from the start of the value, and a frame may begin within one.
  const lead = start % 2
  const length = lead + frame.length + ((lead + frame.length) % 2)
  return swapBytes(object.source.read(element.offset + start - lead, length), 2).subarray(lead, lead + frame.length)
}

/** Y1 Y2 Cb Cr for two pixels of a row, each with both chroma samples. PS3.3 C.7.6.3.1.2. */
function expandSubsampled(packed: Uint8Array, pixels: number): Uint8Array<ArrayBuffer> {
  const samples = new Uint8Array(pixels * 3)
  for (let from = 0, to = 0; to < samples.length; from += 4, to += 6) {
    samples[to] = packed[from]
    samples[to + 3] = packed[from + 1]
    samples[to + 1] = samples[to + 4] = packed[from + 2]
    samples[to + 2] = samples[to + 5] = packed[from + 3]
  }
  return samples
}

/**
 * Samples with the stored bits alone: shifted down from the high bit, what lies above them cleared or, in
 * signed pixels, filled with the sign. Overlays and other things may lie in the unused bits. PS3.5 8.1.1.
 */
function placeBits(
  { bitsStored, bitsAllocated, highBit, signed }: ImageAttributes,
  samples: Samples,
): Pick<StoredFrame, 'samples' | 'range'> {
  const typed = withSign(samples, signed)
  const width = typed.BYTES_PER_ELEMENT * 8
  const shift = highBit + 1 - bitsStored
  if (bitsAllocated === 1 || bitsStored >= width) return { samples: typed, range: null }
  if (shift === 0) {
    // Mostly the unused bits are what they should be, and the range is wanted anyway.
    const range = sampleRange(typed)
    const [least, greatest] = storableRange({ signed, bitsStored })
    if (range[0] >= least && range[1] <= greatest) return { samples: typed, range }
  }
  const up = 32 - bitsStored - shift
  const down = 32 - bitsStored
  if (signed) for (let i = 0; i < typed.length; i++) typed[i] = (typed[i] << up) >> down
  else for (let i = 0; i < typed.length; i++) typed[i] = (typed[i] << up) >>> down
  return { samples: typed, range: null }
}

function withSign(samples: Samples, signed: boolean): Samples {
  const { buffer, byteOffset, length } = samples
  switch (samples.constructor) {
    case Uint8Array:
      return signed ? new Int8Array(buffer, byteOffset, length) : samples
    case Int8Array:
      return signed ? samples : new Uint8Array(buffer, byteOffset, length)
    case Uint16Array:
      return signed ? new Int16Array(buffer, byteOffset, length) : samples
    case Int16Array:
      return signed ? samples : new Uint16Array(buffer, byteOffset, length)
    case Uint32Array:
      return signed ? new Int32Array(buffer, byteOffset, length) : samples
    case Int32Array:
      return signed ? samples : new Uint32Array(buffer, byteOffset, length)
    default:
      return samples
  }
}
