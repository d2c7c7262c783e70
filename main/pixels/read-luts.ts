/** The tables, windows and palettes that a frame's header carries, in the form that the pure stages take. PS3.3 C.11, C.7.6.3.1.5. */
import type { Window } from '../../contracts/dicom-facts'
import { DicomError } from '../../contracts/errors'
import { limits } from '../base/limits'
import type { DataSet } from '../dicom/data-set'
import { tagText } from '../dicom/dictionary'
import type { DicomObject } from '../dicom/dicom-object'
import { functionalGroup } from '../dicom/frame-geometry'
import type { ImageAttributes } from './image-attributes'
import type { Palette } from './lut/colour'
import { identityLut, type ModalityLut } from './lut/modality'
import { isValidWindow } from './lut/voi'
import { swapBytes } from './sample-bytes'

const explanationLimit = 1024

/** The modality LUT of a frame: of its functional group, else of the object. */
export function modalityLut({ dataSet }: DicomObject, frameIndex: number, { signed }: ImageAttributes): ModalityLut {
  const transformation = functionalGroup(dataSet, frameIndex, 0x00289145) ?? dataSet
  const slope = transformation.number(0x00281053)
  const intercept = transformation.number(0x00281052)
  const sequence = dataSet.items(0x00283000)[0]
  // Of the two, which exclude one another, the table wins as in the standard's order of attributes.
  if (sequence && transformation === dataSet) {
    const { first, entries } = readTable(sequence, 0x00283002, 0x00283006, signed)
    return { kind: 'table', table: { first, values: entries } }
  }
  if (slope === null && intercept === null) {
    // RT Dose scales its grid by an attribute of its own. PS3.3 C.8.8.3.
    const dose = dataSet.number(0x3004000e)
    return dose !== null && dose > 0 ? { kind: 'rescale', rescale: { slope: dose, intercept: 0 } } : identityLut
  }
  // A slope of 0 would make the picture one grey; it stands in files whose maker meant "none".
  return { kind: 'rescale', rescale: { slope: slope === null || slope === 0 ? 1 : slope, intercept: intercept ?? 0 } }
}

/** The valid windows of a frame, in the file's order. */
export function frameWindows({ dataSet }: DicomObject, frameIndex: number): Window[] {
  const group = functionalGroup(dataSet, frameIndex, 0x00289132) ?? dataSet
  const centers = group.numbers(0x00281050)
  const widths = group.numbers(0x00281051)
  const explanations = group.texts(0x00281055)
  const stated = group.text(0x00281056).toUpperCase()
  const voiLutFunction = stated === 'SIGMOID' || stated === 'LINEAR_EXACT' ? stated : 'LINEAR'
  const windows: Window[] = []
  for (let index = 0; index < Math.min(centers.length, widths.length, 64); index++) {
    const window: Window = {
      center: centers[index],
      width: widths[index],
      voiLutFunction,
      explanation: (explanations[index] ?? '').slice(0, explanationLimit),
    }
    if (isValidWindow(window)) windows.push(window)
  }
  return windows
}

/** The VOI LUTs of a frame as tables of 0 to 1. @param signed whether the values they apply to can be negative */
export function frameVoiLuts(
  { dataSet }: DicomObject,
  frameIndex: number,
  signed: boolean,
): { explanation: string; first: number; values: Float32Array<ArrayBuffer> }[] {
  const group = functionalGroup(dataSet, frameIndex, 0x00289132) ?? dataSet
  return group
    .items(0x00283010)
    .slice(0, 64)
    .map((item) => {
      const { first, entries, bits } = readTable(item, 0x00283002, 0x00283006, signed)
      const scale = 1 / (2 ** bits - 1)
      return {
        explanation: item.wholeText(0x00283003).slice(0, explanationLimit),
        first,
        values: Float32Array.from(entries, (entry) => Math.min(1, entry * scale)),
      }
    })
}

/**
 * A table by its descriptor: number of entries (0 stands for 65,536), first value mapped, bits of an entry.
 * Entries of 8 bits may stand each in a byte or each in a word. PS3.3 C.11.1.1.1.
 */
function readTable(
  dataSet: DataSet,
  descriptorTag: number,
  dataTag: number,
  signed: boolean,
): { first: number; entries: Uint16Array; bits: number } {
  const { count, first, bits } = readDescriptor(dataSet, descriptorTag, signed)
  const bytes = tableBytes(dataSet, dataTag, bits)
  if (!bytes) throw new DicomError('dicom.attribute', `${tagText(dataTag)} LUT Data is missing`)
  const entries = new Uint16Array(count)
  if (bytes.length >= count * 2) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let i = 0; i < count; i++) entries[i] = view.getUint16(i * 2, true)
  } else if (bytes.length >= count && bits <= 8) {
    entries.set(bytes.subarray(0, count))
  } else {
    throw new DicomError('dicom.attribute', `${tagText(dataTag)} holds ${bytes.length} bytes for ${count} entries of ${bits} bits`)
  }
  return { first, entries, bits }
}

/** A table's bytes in little endian order: in big endian, entries of a byte change places too, as they lie two in a word. */
function tableBytes(dataSet: DataSet, tag: number, bits: number): Uint8Array | null {
  const bytes = dataSet.bytes(tag, limits.tableBytes)
  if (!bytes || dataSet.littleEndian || (bits <= 8 && dataSet.element(tag)!.vr === 'OB')) return bytes
  return swapBytes(bytes, 2)
}

function readDescriptor(dataSet: DataSet, tag: number, signed: boolean): { count: number; first: number; bits: number } {
  const [count, first, bits] = dataSet.numbers(tag)
  if (bits === undefined) throw new DicomError('dicom.attribute', `${tagText(tag)} LUT Descriptor is missing`)
  if (bits < 1 || bits > 16) throw new DicomError('dicom.attribute', `${tagText(tag)} states ${bits} bits an entry`)
  // The first value takes its sign from the pixels, the others never have one, whichever VR the writer chose.
  return { count: (count & 0xffff) === 0 ? 65536 : count & 0xffff, first: signed ? (first << 16) >> 16 : first & 0xffff, bits }
}

const paletteTags = [
  { descriptor: 0x00281101, data: 0x00281201, segmented: 0x00281221 },
  { descriptor: 0x00281102, data: 0x00281202, segmented: 0x00281222 },
  { descriptor: 0x00281103, data: 0x00281203, segmented: 0x00281223 },
] as const

/** The palette of a PALETTE COLOR picture, its entries brought to 8 bits. PS3.3 C.7.9. */
export function readPalette({ dataSet }: DicomObject, { signed }: ImageAttributes): Palette {
  const [red, green, blue] = paletteTags.map(({ descriptor, data, segmented }) => {
    const { count, first, bits } = readDescriptor(dataSet, descriptor, signed)
    const expanded = dataSet.has(segmented) ? expandSegments(dataSet, segmented, count, bits) : null
    return { first, entries: expanded ?? readTable(dataSet, descriptor, data, signed).entries }
  })
  // Some writers put 8-bit colours into 16-bit entries: then none is above 255, in none of the three.
  const wide = [red, green, blue].some(({ entries }) => entries.some((entry) => entry > 255))
  const toBytes = ({ entries }: { readonly entries: Uint16Array }) => Uint8Array.from(entries, (entry) => (wide ? entry >> 8 : entry))
  return { first: red.first, red: toBytes(red), green: toBytes(green), blue: toBytes(blue) }
}

/** More than a palette of 65,536 entries can use. */
const mostSegments = 1 << 17

/** Segments of a palette: discrete, linear, and copies of earlier ones. PS3.3 C.7.9.2. */
function expandSegments(dataSet: DataSet, tag: number, count: number, bits: number): Uint16Array {
  const bytes = tableBytes(dataSet, tag, bits)!
  const wide = bits > 8
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const wordCount = wide ? bytes.length >> 1 : bytes.length
  const word = (index: number) => (wide ? view.getUint16(index * 2, true) : bytes[index])
  const entries = new Uint16Array(count)
  let filled = 0
  let expanded = 0
  const put = (value: number) => {
    if (filled < count) entries[filled++] = value
  }
  const damaged = () => new DicomError('dicom.attribute', `${tagText(tag)} holds a segment that runs over its end`)
  /** Expands `segments` segments from the word at `start`; a copy may not hold a copy. */
  const expand = (start: number, segments: number, copy: boolean): void => {
    let at = start
    for (let done = 0; done < segments && filled < count && at + 1 < wordCount; done++) {
      // Segments may be empty, and copied: without a bound few bytes keep the loop busy for hours.
      if (++expanded > mostSegments) throw new DicomError('dicom.limit', `${tagText(tag)} holds more than ${mostSegments} segments`)
      const kind = word(at)
      const length = word(at + 1)
      if (kind === 0) {
        if (at + 2 + length > wordCount) throw damaged()
        for (let i = 0; i < length; i++) put(word(at + 2 + i))
        at += 2 + length
      } else if (kind === 1) {
        if (at + 3 > wordCount || filled === 0) throw damaged()
        const from = entries[filled - 1]
        const to = word(at + 2)
        for (let i = 1; i <= length; i++) put(Math.round(from + ((to - from) * i) / length))
        at += 3
      } else if (kind === 2 && !copy) {
        const words16 = wide ? 2 : 4
        if (at + 2 + words16 > wordCount) throw damaged()
        const offset = wide
          ? word(at + 2) + word(at + 3) * 65536
          : word(at + 2) + word(at + 3) * 256 + word(at + 4) * 65536 + word(at + 5) * 16777216
        expand(wide ? offset >> 1 : offset, length, true)
        at += 2 + words16
      } else {
        throw damaged()
      }
    }
  }
  expand(0, Infinity, false)
  if (filled < count) throw new DicomError('dicom.attribute', `${tagText(tag)} expands to ${filled} of ${count} entries`)
  return entries
}

/** The padding of a frame as stored values, low and high, or null. PS3.3 C.7.5.1.1.2. */
export function storedPadding({ dataSet }: DicomObject, { signed, bitsAllocated }: ImageAttributes): [number, number] | null {
  // Of float pixels: (0028,0122), (0028,0124) and their doubles.
  const value = dataSet.number(0x00280120, signed) ?? dataSet.number(0x00280122) ?? dataSet.number(0x00280123)
  if (value === null) return null
  const limit = dataSet.number(0x00280121, signed) ?? dataSet.number(0x00280124) ?? dataSet.number(0x00280125) ?? value
  // The VR, US or SS, is often not the one that the pixels' sign asks for.
  const asPixels = (number: number) =>
    !Number.isInteger(number) || bitsAllocated > 16 ? number : signed ? (number << 16) >> 16 : number & 0xffff
  const [a, b] = [asPixels(value), asPixels(limit)]
  return [Math.min(a, b), Math.max(a, b)]
}
