/** Overlay planes of an object: graphics of one bit a pixel, in their own elements or in unused bits of the pixels. PS3.3 C.9.2, PS3.5 8.1.2. */
import { DicomError, OverreadError } from '../../contracts/errors'
import { limits } from '../base/limits'
import type { DataSet } from '../dicom/data-set'
import type { DicomObject } from '../dicom/dicom-object'
import { nativeFrame } from '../dicom/frame-fragments'
import { imageAttributes } from './image-attributes'
import { swapBytes } from './sample-bytes'

export interface OverlayPlane {
  /** 0x6000, 0x6002, ... 0x601E. */
  readonly group: number
  readonly rows: number
  readonly columns: number
  /** Where its first pixel lies on the picture, from 0; may lie outside it. */
  readonly firstRow: number
  readonly firstColumn: number
  /** G: graphics, R: region of interest. */
  readonly type: string
  readonly label: string
  readonly description: string
  /** 0 or 1, rows × columns. */
  readonly samples: Uint8Array<ArrayBuffer>
}

/**
 * The overlay planes that belong to a frame; none where the object has none.
 *
 * @param frameIndex from 0
 * @throws DicomError 'dicom.attribute' where a plane lacks its size or its bits, 'dicom.limit'
 */
export function overlayPlanes(object: DicomObject, frameIndex: number): OverlayPlane[] {
  const planes: OverlayPlane[] = []
  for (let group = 0x6000; group <= 0x601e; group += 2) {
    const plane = overlayPlane(object, group, frameIndex)
    if (plane) planes.push(plane)
  }
  return planes
}

/**
 * How many planes the header states for a frame, without reading them. One whose statements cannot be read counts:
 * that it is missing from the picture is to be said.
 */
export function overlayPlaneCount({ dataSet, pixelElement }: DicomObject, frameIndex: number): number {
  let count = 0
  for (let group = 0x6000; group <= 0x601e; group += 2) {
    const tag = (element: number) => ((group << 16) | element) >>> 0
    if (!dataSet.has(tag(0x0010))) continue
    try {
      const held = dataSet.has(tag(0x3000)) || ((dataSet.integer(tag(0x0102)) ?? 0) > 0 && pixelElement !== null)
      if (held && overlayFrameIndex(dataSet, tag, frameIndex) !== null) count++
    } catch (error) {
      if (!(error instanceof OverreadError)) throw error
      count++
    }
  }
  return count
}

/** Bits of planes, lowest bit first, each plane begun on a whole byte. */
export function packPlanes(planes: readonly OverlayPlane[]): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(planes.reduce((sum, { samples }) => sum + Math.ceil(samples.length / 8), 0))
  let start = 0
  for (const { samples } of planes) {
    for (let i = 0; i < samples.length; i++) if (samples[i] !== 0) packed[start + (i >> 3)] |= 1 << (i & 7)
    start += Math.ceil(samples.length / 8)
  }
  return packed
}

/** Which frame of an overlay lies on a frame of the picture; null: none. */
function overlayFrameIndex(dataSet: DataSet, tag: (element: number) => number, frameIndex: number): number | null {
  // An overlay of several frames begins at the stated frame of the picture; one of a single frame lies on all of them.
  const frames = dataSet.integer(tag(0x0015)) ?? 1
  const frame = frames > 1 ? frameIndex - ((dataSet.integer(tag(0x0051)) ?? 1) - 1) : 0
  return frame < 0 || frame >= frames ? null : frame
}

function overlayPlane(object: DicomObject, group: number, frameIndex: number): OverlayPlane | null {
  const { dataSet } = object
  const tag = (element: number) => ((group << 16) | element) >>> 0
  const name = `(${group.toString(16).toUpperCase()},3000)`
  if (!dataSet.has(tag(0x0010))) return null
  const rows = dataSet.integer(tag(0x0010)) ?? 0
  const columns = dataSet.integer(tag(0x0011)) ?? 0
  if (rows < 1 || columns < 1)
    throw new DicomError('dicom.attribute', `the overlay of group ${group.toString(16)} is ${columns} × ${rows} pixels`)
  if (rows * columns > limits.frameSamples)
    throw new DicomError('dicom.limit', `the overlay of group ${group.toString(16)} is ${columns} × ${rows} pixels`)
  const [row = 1, column = 1] = dataSet.numbers(tag(0x0050))
  if (!Number.isSafeInteger(row) || !Number.isSafeInteger(column))
    throw new DicomError('dicom.attribute', `the origin of the overlay of group ${group.toString(16)} is no place`)
  const overlayFrame = overlayFrameIndex(dataSet, tag, frameIndex)
  if (overlayFrame === null) return null
  const bytes = dataSet.bytes(tag(0x3000), limits.tableBytes)
  const position = dataSet.integer(tag(0x0102)) ?? 0
  let samples: Uint8Array<ArrayBuffer>
  if (bytes) samples = unpackBits(bytes, overlayFrame * rows * columns, rows * columns, name)
  else if (position > 0 && object.pixelElement) samples = embeddedBits(object, frameIndex, position, rows * columns)
  else return null
  return {
    group,
    rows,
    columns,
    firstRow: row - 1,
    firstColumn: column - 1,
    type: dataSet.text(tag(0x0040)),
    label: dataSet.text(tag(0x1500)).slice(0, 64),
    description: dataSet.text(tag(0x0022)).slice(0, 64),
    samples,
  }
}

function unpackBits(bytes: Uint8Array, firstBit: number, count: number, name: string): Uint8Array<ArrayBuffer> {
  if (bytes.length * 8 < firstBit + count)
    throw new DicomError('dicom.attribute', `${name} holds ${bytes.length} bytes for ${firstBit + count} pixels`)
  const samples = new Uint8Array(count)
  for (let i = 0, bit = firstBit; i < count; i++, bit++) samples[i] = (bytes[bit >> 3] >> (bit & 7)) & 1
  return samples
}

/** One bit of each stored word, as older objects have it; with compressed pixels that form does not exist. */
function embeddedBits(object: DicomObject, frameIndex: number, position: number, count: number): Uint8Array<ArrayBuffer> {
  const { rows, columns, samplesPerPixel, bitsAllocated } = imageAttributes(object)
  if (object.pixelElement!.length < 0 || bitsAllocated !== 16 || samplesPerPixel !== 1 || position > 15 || rows * columns !== count) {
    throw new DicomError('dicom.attribute', 'an overlay is stated in bits of the pixels, where none can be')
  }
  const { bytes } = nativeFrame(object, frameIndex, count * 16)
  const little = object.dataSet.littleEndian ? bytes : swapBytes(bytes, 2)
  const samples = new Uint8Array(count)
  for (let i = 0; i < count; i++) samples[i] = ((little[i * 2] | (little[i * 2 + 1] << 8)) >> position) & 1
  return samples
}
