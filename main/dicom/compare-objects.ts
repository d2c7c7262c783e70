/** Whether two objects of one SOP Instance UID hold the same picture, and what their headers say differently. */
import type { HeaderChange } from '../../contracts/worklist'
import type { ByteSource } from '../base/byte-source'
import { limits } from '../base/limits'
import type { DataElement, DataSet } from './data-set'
import { describeObject } from './describe-object'
import { attributeName, tagText } from './dictionary'
import type { DicomObject } from './dicom-object'

export interface ObjectComparison {
  /** The stored pixels are the same byte by byte, or neither has any. */
  readonly samePixels: boolean
  /** In the order of their tags; empty where the headers say the same, however they are written. */
  readonly changed: readonly HeaderChange[]
}

/**
 * What archives and writers change without touching what an object says: the character set of texts that stay the same,
 * where it can be fetched, which medium it lay on, its icon, padding and signatures. Group lengths too.
 */
const administrative = new Set([
  0x00080001, 0x00080005, 0x00080054, 0x00080056, 0x00880130, 0x00880140, 0x00880200, 0xfffafffa, 0xfffcfffc,
]) // prettier-ignore
const textVrs = new Set(['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'LO', 'LT', 'PN', 'SH', 'ST', 'TM', 'UC', 'UI', 'UR', 'UT'])
const readAtOnce = 1 << 20
const valueLimit = 64

/** @throws DicomError, OverreadError 'file.unreadable' where one of them cannot be read. */
export function compareObjects(before: DicomObject, after: DicomObject): ObjectComparison {
  const tags = changedTags(before.dataSet, after.dataSet)
  return { samePixels: samePixels(before, after), changed: tags.length > 0 ? described(tags, before, after) : [] }
}

function described(tags: readonly number[], before: DicomObject, after: DicomObject): HeaderChange[] {
  const [was, is] = [before, after].map((object) => new Map(describeObject(object).dataSet.map(({ tag, value }) => [tag, value])))
  return tags.map((number) => {
    const tag = tagText(number)
    const text = (values: ReadonlyMap<string, string>) => (values.get(tag) ?? '').slice(0, valueLimit)
    return { tag, name: attributeName(number), before: text(was), after: text(is) }
  })
}

function changedTags(before: DataSet, after: DataSet): number[] {
  const tags = new Set([...before.elements.keys(), ...after.elements.keys()])
  return [...tags]
    .filter((tag) => (tag & 0xffff) !== 0 && !administrative.has(tag) && !sameElement(before, after, tag))
    .sort((a, b) => a - b)
}

function sameElement(before: DataSet, after: DataSet, tag: number): boolean {
  const [first, second] = [before.element(tag), after.element(tag)]
  if (!first || !second) return false
  if (first.items || second.items) {
    const [some, others] = [before.items(tag), after.items(tag)]
    return some.length === others.length && some.every((item, index) => changedTags(item, others[index]).length === 0)
  }
  if (textVrs.has(first.vr) && textVrs.has(second.vr) && Math.max(first.length, second.length) <= limits.valueBytes)
    return before.wholeText(tag) === after.wholeText(tag)
  return sameValue(before.source, first, after.source, second)
}

function sameValue(source: ByteSource, element: DataElement, otherSource: ByteSource, other: DataElement): boolean {
  if (element.length < 0 || other.length < 0)
    return element.length === other.length && sameFragments(source, element.offset, otherSource, other.offset)
  // A value of odd length is padded.
  const length = Math.min(element.length, other.length)
  if (Math.max(element.length, other.length) - length > 1) return false
  return sameBytes(source, element.offset, otherSource, other.offset, length)
}

function samePixels(before: DicomObject, after: DicomObject): boolean {
  const [first, second] = [before.pixelElement, after.pixelElement]
  if (!first || !second) return first === second
  return first.tag === second.tag && sameValue(before.source, first, after.source, second)
}

/** Fragments one by one; the offset table, which stands before them, may be written or left empty. PS3.5 A.4. */
function sameFragments(source: ByteSource, offset: number, otherSource: ByteSource, otherOffset: number): boolean {
  const [one, other] = [fragments(source, offset), fragments(otherSource, otherOffset)]
  for (;;) {
    const [first, second] = [one.next(), other.next()]
    if (first.done || second.done) return first.done === second.done
    if (first.value.length !== second.value.length) return false
    if (!sameBytes(source, first.value.offset, otherSource, second.value.offset, first.value.length)) return false
  }
}

function* fragments(source: ByteSource, offset: number): Generator<{ offset: number; length: number }> {
  let table = true
  for (let at = offset, count = 0; count < limits.fragments; count++) {
    const head = source.read(at, 8)
    if (head.length < 8) return
    const view = new DataView(head.buffer, head.byteOffset, 8)
    if (view.getUint16(0, true) !== 0xfffe || view.getUint16(2, true) !== 0xe000) return
    const length = view.getUint32(4, true)
    if (!table) yield { offset: at + 8, length }
    table = false
    at += 8 + length
  }
}

function sameBytes(source: ByteSource, offset: number, otherSource: ByteSource, otherOffset: number, length: number): boolean {
  for (let done = 0; done < length; done += readAtOnce) {
    const step = Math.min(readAtOnce, length - done)
    const bytes = source.read(offset + done, step)
    if (Buffer.compare(bytes, otherSource.read(otherOffset + done, step)) !== 0) return false
  }
  return true
}
