/** A data set as parsed: its elements by tag, with readers for their values. Values stay in the file until asked for. PS3.5 section 7. */
import { DicomError } from '../../contracts/errors'
import type { ByteSource } from '../base/byte-source'
import { limits } from '../base/limits'
import { characterSet, defaultCharacterSet, undividedVrs, type CharacterSet } from './character-set'
import { tagText } from './dictionary'

export interface DataElement {
  /** Group in the upper, element in the lower 16 bits. */
  readonly tag: number
  /** Two letters; in implicit encoding from the dictionary, whose `xs`, `ox` and `lt` stay. */
  readonly vr: string
  /** Where the value begins in the source, bytes. */
  readonly offset: number
  /** Length of the value, bytes; -1 for encapsulated pixel data. */
  readonly length: number
  /** The value's bytes where the parser still held them, else null: then they are read from the source. */
  readonly held: Uint8Array | null
  readonly heldAt: number
  /** Of a sequence. */
  readonly items: readonly DataSet[] | null
}

const textNumberVrs = new Set(['DS', 'IS'])
/** VRs to which (0008,0005) applies. PS3.5 6.1.2.2. */
const extensibleVrs = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT', 'UN'])

export class DataSet {
  readonly elements = new Map<number, DataElement>()
  #characterSet: CharacterSet | null = null

  constructor(
    readonly source: ByteSource,
    readonly littleEndian: boolean,
    readonly parent: DataSet | null,
  ) {}

  has(tag: number): boolean {
    return this.elements.has(tag)
  }

  element(tag: number): DataElement | undefined {
    return this.elements.get(tag)
  }

  /** (0008,0005) of this data set or of the one it is nested in. */
  get characterSet(): CharacterSet {
    return (this.#characterSet ??= this.has(0x00080005)
      ? characterSet(this.texts(0x00080005))
      : (this.parent?.characterSet ?? defaultCharacterSet))
  }

  /**
   * The bytes of a value, or null where the element is missing or a sequence.
   * @throws DicomError 'dicom.limit' for a value above `limit` bytes, 'file.damaged' for one beyond the end.
   */
  bytes(tag: number, limit: number = limits.valueBytes): Uint8Array | null {
    const element = this.elements.get(tag)
    if (!element || element.items || element.length < 0) return null
    const { held, heldAt, length, offset } = element
    if (held) return held.subarray(heldAt, heldAt + length)
    if (length > limit) throw new DicomError('dicom.limit', `${tagText(tag)} states ${length} bytes, at most ${limit} are read`)
    const bytes = this.source.read(offset, length)
    if (bytes.length < length)
      throw new DicomError('file.damaged', `${tagText(tag)} at byte ${offset} states ${length} bytes, ${bytes.length} are there`)
    return bytes
  }

  /** The value as text, decoded, without the padding; not divided. Empty where missing. */
  wholeText(tag: number): string {
    const element = this.elements.get(tag)
    if (!element || element.items || element.length <= 0) return ''
    const { vr, held, heldAt, length } = element
    const undivided = undividedVrs.has(vr)
    const bytes = held ?? this.bytes(tag)!
    let start = held ? heldAt : 0
    let end = start + length
    // Leading blanks count in long texts alone; a NUL is how UIDs, and by mistake other texts, are padded.
    while (end > start && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end--
    if (!undivided) while (start < end && bytes[start] === 0x20) start++
    // Nearly all text is short and plain, and reading it is most of the work of indexing a file.
    if (end - start <= 1024 && isPlain(bytes, start, end))
      return String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[])
    const text = (extensibleVrs.has(vr) ? this.characterSet : defaultCharacterSet).decode(bytes.subarray(start, end), vr)
    return undivided ? text : trimValue(text)
  }

  /** The values of a text, each without padding. Empty where missing. */
  texts(tag: number): string[] {
    const whole = this.wholeText(tag)
    if (whole === '') return []
    if (!whole.includes('\\') || undividedVrs.has(this.elements.get(tag)!.vr)) return [whole]
    return whole.split('\\').map(trimValue)
  }

  /** The first value of a text, or an empty string. */
  text(tag: number): string {
    const whole = this.wholeText(tag)
    const end = whole.indexOf('\\')
    return end < 0 || undividedVrs.has(this.elements.get(tag)!.vr) ? whole : trimValue(whole.slice(0, end))
  }

  /**
   * The values of a number, whatever VR it has. A text that is no number gives NaN in its place.
   * @param signed for `US or SS`, which implicit encoding leaves open
   */
  numbers(tag: number, signed = false): number[] {
    const element = this.elements.get(tag)
    if (!element) return []
    const { vr } = element
    if (textNumberVrs.has(vr) || extensibleVrs.has(vr)) {
      return this.texts(tag).map((value) => (value === '' ? NaN : Number(value)))
    }
    const bytes = this.bytes(tag, limits.tableBytes)
    return bytes ? binaryNumbers(bytes, vr, this.littleEndian, signed) : []
  }

  /** The first value of a number; null where missing, empty or no number. */
  number(tag: number, signed = false): number | null {
    const value = this.numbers(tag, signed)[0]
    return value !== undefined && Number.isFinite(value) ? value : null
  }

  /** The first value, where it is a whole number. */
  integer(tag: number): number | null {
    const value = this.number(tag)
    return value !== null && Number.isSafeInteger(value) ? value : null
  }

  /** The items of a sequence; none where it is missing or empty. */
  items(tag: number): readonly DataSet[] {
    return this.elements.get(tag)?.items ?? []
  }
}

function trimValue(value: string): string {
  return value.replace(/^ +|[ \0]+$/g, '')
}

/** Whether bytes mean the same in every character set: printable ASCII, no escape. The tilde is an overline in one of them. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] < 0x20 || bytes[at] > 0x7d) return false
  return true
}

function binaryNumbers(bytes: Uint8Array, vr: string, littleEndian: boolean, signed: boolean): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = binarySizes[vr] ?? 1
  const values: number[] = []
  for (let at = 0; at + size <= bytes.length; at += size) values.push(binaryNumber(view, at, vr, littleEndian, signed))
  return values
}

const binarySizes: Readonly<Record<string, number>> = {
  US: 2, SS: 2, OW: 2, xs: 2, ox: 2, lt: 2, UL: 4, SL: 4, FL: 4, OF: 4, OL: 4, AT: 4, FD: 8, OD: 8, UV: 8, SV: 8, OV: 8,
} // prettier-ignore

function binaryNumber(view: DataView, at: number, vr: string, littleEndian: boolean, signed: boolean): number {
  switch (vr) {
    case 'US':
    case 'OW':
    case 'ox':
    case 'lt':
      return view.getUint16(at, littleEndian)
    case 'xs':
      return signed ? view.getInt16(at, littleEndian) : view.getUint16(at, littleEndian)
    case 'SS':
      return view.getInt16(at, littleEndian)
    case 'UL':
    case 'OL':
      return view.getUint32(at, littleEndian)
    case 'SL':
      return view.getInt32(at, littleEndian)
    case 'AT':
      return ((view.getUint16(at, littleEndian) << 16) | view.getUint16(at + 2, littleEndian)) >>> 0
    case 'FL':
    case 'OF':
      return view.getFloat32(at, littleEndian)
    case 'FD':
    case 'OD':
      return view.getFloat64(at, littleEndian)
    case 'UV':
    case 'OV':
      return Number(view.getBigUint64(at, littleEndian))
    case 'SV':
      return Number(view.getBigInt64(at, littleEndian))
    default:
      return view.getUint8(at)
  }
}
