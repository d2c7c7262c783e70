/** Where the bytes of each frame lie: native, or in fragments with basic, extended or empty offset table. PS3.5 8.2 and A.4. */
import { DicomError } from '../../contracts/errors'
import { limits } from '../base/limits'
import type { DicomObject } from './dicom-object'
import { sniffCodeStream } from './sniff-code-stream'

/** A range of the source. */
export interface Fragment {
  readonly offset: number
  readonly length: number
}

interface FragmentTable {
  /** [offset, length] of each fragment, of the whole object. */
  readonly offsets: Float64Array
  readonly lengths: Float64Array
  /** The first fragment of each frame, and one entry more: the end. */
  readonly frames: Int32Array
}

const tables = new WeakMap<DicomObject, FragmentTable>()

/**
 * The compressed bytes of one frame, its fragments joined.
 *
 * @param frameIndex from 0
 * @throws DicomError 'pixels.frame', 'pixels.size' where fragments and frames do not match, 'file.damaged', 'dicom.limit'
 */
export function encapsulatedFrame(object: DicomObject, frameIndex: number, numberOfFrames: number): Uint8Array {
  const table = fragmentTable(object, numberOfFrames)
  const first = table.frames[frameIndex]
  const end = table.frames[frameIndex + 1]
  if (first === undefined || end === undefined || end <= first)
    throw new DicomError('pixels.frame', `frame ${frameIndex + 1} of ${numberOfFrames}`)
  if (end === first + 1) return readFragment(object, table, first)
  let total = 0
  for (let index = first; index < end; index++) total += table.lengths[index]
  if (total > limits.frameBytes)
    throw new DicomError('dicom.limit', `frame ${frameIndex + 1} has ${total} bytes, at most ${limits.frameBytes} are read`)
  const joined = new Uint8Array(total)
  let at = 0
  for (let index = first; index < end; index++) {
    joined.set(readFragment(object, table, index), at)
    at += table.lengths[index]
  }
  return joined
}

function readFragment(object: DicomObject, table: FragmentTable, index: number): Uint8Array {
  const length = table.lengths[index]
  if (length > limits.frameBytes)
    throw new DicomError('dicom.limit', `a fragment has ${length} bytes, at most ${limits.frameBytes} are read`)
  return object.source.read(table.offsets[index], length)
}

/**
 * The bytes of one native frame.
 *
 * @param frameBits bits of one frame; frames of 1-bit pixels need not begin on a byte. PS3.5 8.1.1.
 * @returns the bytes and the first bit within them
 * @throws DicomError 'pixels.size' where the object ends before the frame does
 */
export function nativeFrame(
  object: DicomObject,
  frameIndex: number,
  frameBits: number,
): { readonly bytes: Uint8Array; readonly firstBit: number } {
  const element = object.pixelElement!
  const startBit = frameIndex * frameBits
  const start = Math.floor(startBit / 8)
  const end = Math.ceil((startBit + frameBits) / 8)
  const there = Math.max(0, Math.min(element.length, object.source.size - element.offset))
  if (end > there) throw new DicomError('pixels.size', `frame ${frameIndex + 1} needs ${end} bytes of pixel data, ${there} are there`)
  return { bytes: object.source.read(element.offset + start, end - start), firstBit: startBit - start * 8 }
}

function fragmentTable(object: DicomObject, numberOfFrames: number): FragmentTable {
  let table = tables.get(object)
  if (!table) tables.set(object, (table = readFragmentTable(object, numberOfFrames)))
  return table
}

function readFragmentTable(object: DicomObject, numberOfFrames: number): FragmentTable {
  const { source } = object
  const offsets: number[] = []
  const lengths: number[] = []
  /** Fragment index by the offset of its item, counted as the basic offset table does. */
  const byOffset = new Map<number, number>()
  const start = object.pixelElement!.offset
  const basic = readItem(object, start)
  if (!basic) throw new DicomError('pixels.size', 'the pixel data are empty')
  const base = start + 8 + basic.length
  let position = base
  for (;;) {
    if (offsets.length > limits.fragments) throw new DicomError('dicom.limit', `more than ${limits.fragments} fragments`)
    const item = readItem(object, position)
    if (!item) break
    if (item.offset + item.length > source.size) {
      // The last fragment is cut off: its frame will fail by its own code stream, the others are whole.
      if (item.offset >= source.size) break
      byOffset.set(position - base, offsets.length)
      offsets.push(item.offset)
      lengths.push(source.size - item.offset)
      break
    }
    byOffset.set(position - base, offsets.length)
    offsets.push(item.offset)
    lengths.push(item.length)
    position = item.offset + item.length
  }
  if (offsets.length === 0) throw new DicomError('pixels.size', 'the pixel data hold no fragment')
  return {
    offsets: Float64Array.from(offsets),
    lengths: Float64Array.from(lengths),
    frames: Int32Array.from(
      framesByTable(extendedOffsets(object), numberOfFrames, byOffset, offsets.length) ??
        framesByTable(basicOffsets(object, start + 8, basic.length), numberOfFrames, byOffset, offsets.length) ??
        framesByContent(object, numberOfFrames, offsets, lengths),
    ),
  }
}

/** The item at `position`; null at the sequence delimiter or at the end of a file that lacks it. */
function readItem(object: DicomObject, position: number): Fragment | null {
  const bytes = object.source.read(position, 8)
  if (bytes.length < 8) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8)
  const group = view.getUint16(0, true)
  const element = view.getUint16(2, true)
  if (group === 0xfffe && element === 0xe000) {
    const length = view.getUint32(4, true)
    if (length === 0xffffffff) throw new DicomError('file.damaged', `a fragment of undefined length at byte ${position}`)
    return { offset: position + 8, length }
  }
  if (group === 0xfffe && element === 0xe0dd) return null
  throw new DicomError('file.damaged', `no fragment at byte ${position}, where one is expected`)
}

/** (7FE0,0001), 64 bits an offset. PS3.3 C.7.6.3.1.8. */
function extendedOffsets(object: DicomObject): number[] {
  const bytes = object.dataSet.bytes(0x7fe00001, limits.tableBytes)
  if (!bytes) return []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length >> 3 }, (_, index) => Number(view.getBigUint64(index * 8, true)))
}

function basicOffsets(object: DicomObject, offset: number, length: number): number[] {
  if (length > limits.tableBytes) throw new DicomError('dicom.limit', `the basic offset table states ${length} bytes`)
  const bytes = object.source.read(offset, length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getUint32(index * 4, true))
}

/** Frames by an offset table, where it names as many fragments as there are frames, rising from 0; else null. */
function framesByTable(
  table: readonly number[],
  numberOfFrames: number,
  byOffset: ReadonlyMap<number, number>,
  fragments: number,
): number[] | null {
  if (table.length !== numberOfFrames) return null
  const frames = table.map((offset) => byOffset.get(offset) ?? -1)
  const rising = frames.every((first, index) => (index === 0 ? first === 0 : first > frames[index - 1]))
  return rising ? [...frames, fragments] : null
}

/** Frames without a table: one fragment each, all of one frame, or beginning where a code stream begins. */
function framesByContent(object: DicomObject, numberOfFrames: number, offsets: readonly number[], lengths: readonly number[]): number[] {
  const fragments = offsets.length
  if (numberOfFrames === 1) return [0, fragments]
  if (fragments === numberOfFrames) return Array.from({ length: fragments + 1 }, (_, index) => index)
  const starts: number[] = []
  for (let index = 0; index < fragments; index++) {
    const head = object.source.read(offsets[index], Math.min(lengths[index], 4096))
    if (sniffCodeStream(head) !== null) starts.push(index)
  }
  if (starts.length === numberOfFrames && starts[0] === 0) return [...starts, fragments]
  throw new DicomError('pixels.size', `${fragments} fragments cannot be told apart into ${numberOfFrames} frames`)
}
