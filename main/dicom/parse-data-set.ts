/**
 * Reads a data set element by element, up to the pixel data. PS3.5 section 7.
 *
 * The file is read in windows, so that neither its size nor a stated length decides what is allocated; large values are stepped over.
 */
import { DicomError } from '../../contracts/errors'
import type { ByteSource } from '../base/byte-source'
import { limits } from '../base/limits'
import { DataSet, type DataElement } from './data-set'
import { dictionaryVr, tagText } from './dictionary'

export interface Encoding {
  readonly explicit: boolean
  readonly littleEndian: boolean
}

export interface ParsedDataSet {
  readonly dataSet: DataSet
  /** Pixel Data, Float Pixel Data or Double Float Pixel Data; the parse ends there. Its `length` is -1 where encapsulated. */
  readonly pixelElement: DataElement | null
  /** The first byte after what was parsed. */
  readonly end: number
  readonly warnings: readonly string[]
}

export const pixelDataTag = 0x7fe00010
export const floatPixelDataTag = 0x7fe00008
export const doublePixelDataTag = 0x7fe00009
const itemTag = 0xfffee000
const itemEndTag = 0xfffee00d
const sequenceEndTag = 0xfffee0dd
const undefinedLength = 0xffffffff

/** Explicit VRs whose length takes 32 bits. Those not in the standard yet have this form too. PS3.5 7.1.2. */
const shortVrs = new Set([
  'AE',
  'AS',
  'AT',
  'CS',
  'DA',
  'DS',
  'DT',
  'FL',
  'FD',
  'IS',
  'LO',
  'LT',
  'PN',
  'SH',
  'SL',
  'SS',
  'ST',
  'TM',
  'UI',
  'UL',
  'US',
])

/** VR names by their two bytes, so that no string is made for each element. */
const vrNames: (string | undefined)[] = []
for (let first = 65; first <= 90; first++) {
  for (let second = 65; second <= 90; second++) vrNames[(first << 8) | second] = String.fromCharCode(first, second)
}

/** The part of the source at hand. */
class Window {
  bytes = new Uint8Array(0)
  view = new DataView(this.bytes.buffer)
  start = 0
  /** The first window suffices for most headers; later ones are larger. */
  #step = 16 << 10

  constructor(readonly source: ByteSource) {}

  /** Index in `bytes` of `offset`, with `length` bytes behind it; -1 where the source ends before. */
  at(offset: number, length: number): number {
    const index = offset - this.start
    if (index >= 0 && index + length <= this.bytes.length) return index
    if (offset + length > this.source.size) return -1
    this.bytes = this.source.read(offset, Math.max(length, this.#step)) as Uint8Array<ArrayBuffer>
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
    this.start = offset
    this.#step = 128 << 10
    return this.bytes.length >= length ? 0 : -1
  }
}

/** Values up to this size are kept from the window they were parsed in, bytes. */
const heldBytes = 4096

class Parser {
  readonly window: Window
  readonly warnings: string[] = []
  position: number
  elements = 0
  pixelElement: DataElement | null = null

  constructor(
    readonly source: ByteSource,
    start: number,
  ) {
    this.window = new Window(source)
    this.position = start
  }

  damaged(text: string): DicomError {
    return new DicomError('file.damaged', `${text} at byte ${this.position}`)
  }

  /**
   * Elements up to `end`, or up to an item's end where `end` is null.
   * @returns false where the pixel data ended the parse
   */
  readElements(dataSet: DataSet, encoding: Encoding, end: number | null, depth: number, stop: StopRule): boolean {
    const { littleEndian } = encoding
    const limit = end ?? this.source.size
    while (this.position < limit) {
      const top = depth === 0
      if (limit - this.position < 8) {
        if (!top) throw this.damaged(`an element needs 8 bytes, its item ends in ${limit - this.position}`)
        this.warnings.push(`${limit - this.position} bytes follow the data set`)
        this.position = limit
        return true
      }
      const index = this.window.at(this.position, 8)
      if (index < 0) throw this.damaged('the file ends within an element')
      const { view } = this.window
      const group = view.getUint16(index, littleEndian)
      const tag = ((group << 16) | view.getUint16(index + 2, littleEndian)) >>> 0
      if (stop === 'group' && group !== 2) return true
      if (group === 0xfffe) {
        this.position += 8
        if (tag === itemEndTag && end === null) return true
        // A delimiter that nothing opened: some writers close items of stated length too.
        if (tag === itemEndTag || tag === sequenceEndTag) continue
        throw this.damaged(`${tagText(tag)} where an attribute is expected,`)
      }
      if (top && group === 0) {
        // Zeros behind the data set: what a disk or a network fills up with.
        if (dataSet.elements.size > 0) {
          this.warnings.push(`${limit - this.position} bytes follow the data set`)
          this.position = limit
          return true
        }
      }
      if (++this.elements > limits.elements) throw new DicomError('dicom.limit', `more than ${limits.elements} elements`)
      if (!this.readElement(dataSet, tag, index, encoding, limit, depth, stop)) return false
    }
    if (end === null && depth > 0) throw this.damaged('the file ends within an item of undefined length')
    return true
  }

  /** One element, whose tag is at `index` of the window. False where it is the pixel data. */
  readElement(dataSet: DataSet, tag: number, index: number, encoding: Encoding, limit: number, depth: number, stop: StopRule): boolean {
    const { littleEndian } = encoding
    const start = this.position
    let { view } = this.window
    let vr: string
    let length: number
    let explicitVr = false
    const named = encoding.explicit ? vrNames[view.getUint16(index + 4, false)] : undefined
    if (named !== undefined) {
      vr = named
      explicitVr = true
      if (shortVrs.has(vr)) {
        length = view.getUint16(index + 6, littleEndian)
        this.position += 8
      } else {
        const again = this.window.at(this.position, 12)
        if (again < 0) throw this.damaged(`the file ends within ${tagText(tag)}`)
        ;({ view } = this.window)
        length = view.getUint32(again + 8, littleEndian)
        this.position += 12
      }
    } else {
      // Explicit files with single implicit elements exist: two bytes that are no letters are no VR.
      vr = dictionaryVr(tag)
      length = view.getUint32(index + 4, littleEndian)
      this.position += 8
    }
    // Known attributes that a gateway wrote as UN keep their meaning; their content is implicit little endian. CP-246.
    const nested: Encoding = vr === 'UN' && explicitVr ? { explicit: false, littleEndian: true } : encoding
    if (vr === 'UN' && explicitVr && ((tag >>> 16) & 1) === 0) {
      const known = dictionaryVr(tag)
      if (known === 'SQ' || length !== undefinedLength) vr = known
    }
    const offset = this.position

    if (depth === 0 && stop === 'pixels' && (tag === pixelDataTag || tag === floatPixelDataTag || tag === doublePixelDataTag)) {
      this.pixelElement = { tag, vr, offset, length: length === undefinedLength ? -1 : length, held: null, heldAt: 0, items: null }
      return false
    }
    if (length === undefinedLength) {
      if (tag === pixelDataTag || (vr === 'OB' && explicitVr)) {
        this.skipFragments(littleEndian)
        dataSet.elements.set(tag, { tag, vr, offset, length: -1, held: null, heldAt: 0, items: null })
        return true
      }
      const items = this.readItems(dataSet, nested, null, depth + 1)
      dataSet.elements.set(tag, { tag, vr: 'SQ', offset, length: this.position - offset, held: null, heldAt: 0, items })
      return true
    }
    if (offset + length > limit) {
      throw new DicomError(
        'file.damaged',
        `${tagText(tag)} at byte ${start} states ${length} bytes, ${Math.max(0, limit - offset)} are there`,
      )
    }
    if (vr === 'SQ') {
      const items = this.readItems(dataSet, nested, offset + length, depth + 1)
      dataSet.elements.set(tag, { tag, vr, offset, length, held: null, heldAt: 0, items })
      return true
    }
    const heldAt = length <= heldBytes ? this.window.at(offset, length) : -1
    dataSet.elements.set(tag, { tag, vr, offset, length, held: heldAt < 0 ? null : this.window.bytes, heldAt, items: null })
    this.position = offset + length
    return true
  }

  /** The items of a sequence up to `end`, or up to its delimiter where `end` is null. */
  readItems(parent: DataSet, encoding: Encoding, end: number | null, depth: number): DataSet[] {
    if (depth > limits.sequenceDepth)
      throw new DicomError('dicom.limit', `sequences nested deeper than ${limits.sequenceDepth} at byte ${this.position}`)
    const items: DataSet[] = []
    const { littleEndian } = encoding
    while (end === null || this.position < end) {
      const index = this.window.at(this.position, 8)
      if (index < 0) throw this.damaged('the file ends within a sequence')
      const { view } = this.window
      const tag = ((view.getUint16(index, littleEndian) << 16) | view.getUint16(index + 2, littleEndian)) >>> 0
      const length = view.getUint32(index + 4, littleEndian)
      if (tag === sequenceEndTag) {
        this.position += 8
        // In a sequence of stated length the delimiter is not wanted, but seen.
        if (end === null) return items
        continue
      }
      if (tag !== itemTag) throw this.damaged(`${tagText(tag)} where an item is expected,`)
      this.position += 8
      if (++this.elements > limits.elements) throw new DicomError('dicom.limit', `more than ${limits.elements} elements`)
      const item = new DataSet(this.source, littleEndian, parent)
      let itemEnd = length === undefinedLength ? null : this.position + length
      if (itemEnd !== null && itemEnd > (end ?? this.source.size)) {
        if (end === null) throw this.damaged(`an item states ${length} bytes, more than the file holds,`)
        this.warnings.push(`the item at byte ${this.position - 8} states ${length} bytes, more than its sequence holds`)
        itemEnd = end
      }
      this.readElements(item, encoding, itemEnd, depth, 'nothing')
      items.push(item)
    }
    return items
  }

  /** Steps over encapsulated pixel data that is nested, as in an icon. */
  skipFragments(littleEndian: boolean): void {
    for (let count = 0; count < limits.fragments; count++) {
      const index = this.window.at(this.position, 8)
      if (index < 0) throw this.damaged('the file ends within encapsulated data')
      const { view } = this.window
      const tag = ((view.getUint16(index, littleEndian) << 16) | view.getUint16(index + 2, littleEndian)) >>> 0
      const length = view.getUint32(index + 4, littleEndian)
      this.position += 8
      if (tag === sequenceEndTag) return
      if (tag !== itemTag || length === undefinedLength) throw this.damaged(`${tagText(tag)} where a fragment is expected,`)
      this.position += length
    }
    throw new DicomError('dicom.limit', `more than ${limits.fragments} fragments`)
  }
}

/** What ends the parse besides the end of the source. */
type StopRule = 'pixels' | 'group' | 'nothing'

/**
 * Parses the data set that begins at `start`, up to its pixel data.
 *
 * @throws DicomError 'file.damaged' with the byte where it cannot be read on, 'dicom.limit' beyond the stated bounds.
 */
export function parseDataSet(source: ByteSource, start: number, encoding: Encoding): ParsedDataSet {
  return parse(source, start, encoding, 'pixels')
}

/** Parses the file meta information, group 0002, which is always explicit little endian. PS3.10 7.1. */
export function parseMetaInformation(source: ByteSource, start: number): ParsedDataSet {
  return parse(source, start, { explicit: true, littleEndian: true }, 'group')
}

function parse(source: ByteSource, start: number, encoding: Encoding, stop: StopRule): ParsedDataSet {
  const parser = new Parser(source, start)
  const dataSet = new DataSet(source, encoding.littleEndian, null)
  parser.readElements(dataSet, encoding, source.size, 0, stop)
  return { dataSet, pixelElement: parser.pixelElement, end: parser.position, warnings: parser.warnings }
}
