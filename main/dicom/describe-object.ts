/** A data set as a tree for readers: names, VRs and values in words. */
import { OverreadError } from '../../contracts/errors'
import { limits } from '../base/limits'
import type { DataElement, DataSet } from './data-set'
import { attributeName, dictionaryEntry, tagText } from './dictionary'
import type { DicomObject } from './dicom-object'

export interface ElementDescription {
  /** `(0028,0030)` */
  readonly tag: string
  readonly vr: string
  /** Keyword of PS3.6; empty for private and unknown attributes. */
  readonly keyword: string
  /** In words: of PS3.6, or whose private attribute it is; empty for unknown attributes. */
  readonly name: string
  /** Text, numbers joined by backslashes, or what kind of bytes they are. Cut at 256 characters. */
  readonly value: string
  /** Bytes; -1 for encapsulated pixel data. */
  readonly length: number
  /** Where the value begins, bytes; in a deflated object, of the inflated data set. */
  readonly offset: number
  readonly items?: readonly (readonly ElementDescription[])[]
}

export interface ObjectDescription {
  readonly transferSyntax: { readonly uid: string; readonly name: string; readonly statedUid: string }
  readonly warnings: readonly string[]
  readonly meta: readonly ElementDescription[]
  readonly dataSet: readonly ElementDescription[]
}

const valueLimit = 256
const byteVrs = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'UN', 'ox', 'lt'])

/** The whole object, its pixel data named but not read. */
export function describeObject(object: DicomObject): ObjectDescription {
  const dataSet = describeDataSet(object.dataSet)
  if (object.pixelElement) dataSet.push(describeElement(object.dataSet, object.pixelElement))
  return {
    transferSyntax: { uid: object.transferSyntax.uid, name: object.transferSyntax.name, statedUid: object.statedTransferSyntaxUid },
    warnings: object.warnings,
    meta: object.meta ? describeDataSet(object.meta) : [],
    dataSet,
  }
}

function describeDataSet(dataSet: DataSet): ElementDescription[] {
  return [...dataSet.elements.values()].map((element) => describeElement(dataSet, element))
}

function describeElement(dataSet: DataSet, element: DataElement): ElementDescription {
  const { tag, vr, length, offset, items } = element
  const description = {
    tag: tagText(tag),
    vr,
    keyword: dictionaryEntry(tag)?.keyword ?? '',
    name: nameOf(dataSet, tag),
    value: readableValue(dataSet, element),
    length,
    offset,
  }
  return items ? { ...description, items: items.map(describeDataSet) } : description
}

/** Private attributes are named by their creator, which reserves a block of elements. PS3.5 7.8.1. */
function nameOf(dataSet: DataSet, tag: number): string {
  const element = tag & 0xffff
  if (((tag >>> 16) & 1) === 0 || element === 0) return attributeName(tag)
  if (element <= 0xff) return element >= 0x10 ? 'Private Creator' : ''
  const creator = ((tag & 0xffff0000) | (element >>> 8)) >>> 0
  const name = dataSet.element(creator)?.vr === 'LO' ? dataSet.text(creator).slice(0, 64) : ''
  return name === '' ? 'Private, creator not stated' : `Private, ${name}`
}

/** One value that cannot be read leaves the others readable. */
function readableValue(dataSet: DataSet, element: DataElement): string {
  try {
    return describeValue(dataSet, element)
  } catch (error) {
    if (error instanceof OverreadError) return `not readable (${error.message})`
    throw error
  }
}

function describeValue(dataSet: DataSet, { tag, vr, length, items }: DataElement): string {
  if (items) return items.length === 1 ? '1 item' : `${items.length} items`
  if (length < 0) return 'encapsulated'
  if (byteVrs.has(vr)) return `${length} bytes`
  if (length > limits.valueBytes) return `${length} bytes, not read`
  const text = /^(AT|FL|FD|SL|SS|SV|UL|US|UV|xs)$/.test(vr) ? numbersText(dataSet, tag, vr) : dataSet.wholeText(tag)
  return text.length > valueLimit ? `${text.slice(0, valueLimit)}…` : text
}

function numbersText(dataSet: DataSet, tag: number, vr: string): string {
  const numbers = dataSet.numbers(tag).slice(0, valueLimit)
  return numbers.map((number) => (vr === 'AT' ? tagText(number) : String(number))).join('\\')
}
