/** What tells pictures of one series apart besides their place: echo, b-value, component, time. PS3.3 C.7.6.16, C.8.13. */
import type { Concatenation, FrameKind } from '../../contracts/dicom-facts'
import type { DataSet } from './data-set'
import { functionalGroup } from './frame-geometry'

const textLimit = 256

/** One entry a frame of an enhanced object; undefined where no frame differs from another. */
export function frameKinds(dataSet: DataSet, frames: number): FrameKind[] | undefined {
  if (frames < 2 || dataSet.items(0x52009230).length === 0) return undefined
  const kinds = Array.from({ length: frames }, (_, frameIndex) => frameKind(dataSet, frameIndex))
  const first = JSON.stringify(kinds[0])
  return kinds.some((kind) => JSON.stringify(kind) !== first) ? kinds : undefined
}

function frameKind(dataSet: DataSet, frameIndex: number): FrameKind {
  const group = (sequence: number) => functionalGroup(dataSet, frameIndex, sequence)
  const content = group(0x00209111)
  const cardiac = group(0x00189118)
  return {
    stackId: (content?.text(0x00209056) ?? '').slice(0, textLimit),
    dimensionIndex: (content?.numbers(0x00209157) ?? []).filter(Number.isSafeInteger).slice(0, 32),
    echoTimeMs: group(0x00189114)?.number(0x00189082) ?? null,
    bValue: group(0x00189117)?.number(0x00189087) ?? null,
    component: componentOf(dataSet, frameIndex),
    temporalPosition: content?.integer(0x00209128) ?? null,
    triggerDelayMs: cardiac?.number(0x00209153) ?? null,
  }
}

/** MR Image Frame Type, or that of CT and PET: Complex Image Component, and Frame Type from its third value on; of a segmentation, the segment. */
function componentOf(dataSet: DataSet, frameIndex: number): string {
  const segment = functionalGroup(dataSet, frameIndex, 0x0062000a)?.integer(0x0062000b) ?? null
  if (segment !== null) return `segment ${segment}`
  for (const sequence of [0x00189226, 0x00189329, 0x00189751]) {
    const type = functionalGroup(dataSet, frameIndex, sequence)
    if (type) return [...type.texts(0x00089007).slice(2), type.text(0x00089208)].filter(Boolean).join(' ').slice(0, textLimit)
  }
  return ''
}

/**
 * The b-value of a classic object, s/mm²: (0018,9087), else where the manufacturer keeps it. Null where it is not stated.
 * Siemens (0019,xx0C), Philips (2001,xx03), GE (0043,xx39), which adds a thousand million to mark its kind.
 */
export function diffusionBValue(dataSet: DataSet): number | null {
  const stated = dataSet.number(0x00189087)
  if (stated !== null) return valid(stated)
  const siemens = privateTag(dataSet, 0x0019, 0x0c, 'SIEMENS MR HEADER')
  if (siemens !== null) return valid(privateNumber(dataSet, siemens))
  const philips = privateTag(dataSet, 0x2001, 0x03, 'Philips Imaging DD 001')
  if (philips !== null) return valid(privateNumber(dataSet, philips))
  const ge = privateTag(dataSet, 0x0043, 0x39, 'GEMS_PARM_01')
  const marked = ge === null ? null : privateNumber(dataSet, ge)
  return marked === null ? null : valid(marked >= 1e9 ? marked % 1e9 : marked)
}

/** b-values reach some tens of thousands; anything else is no b-value. */
function valid(value: number | null): number | null {
  return value !== null && value >= 0 && value <= 100_000 ? value : null
}

/** The tag of a private element in the block that its creator reserved; null where it is not there. PS3.5 7.8.1. */
function privateTag(dataSet: DataSet, group: number, element: number, creator: string): number | null {
  for (let block = 0x10; block <= 0xff; block++) {
    const reservation = ((group << 16) | block) >>> 0
    if (!dataSet.has(reservation) || dataSet.text(reservation) !== creator) continue
    const tag = ((group << 16) | (block << 8) | element) >>> 0
    return dataSet.has(tag) ? tag : null
  }
  return null
}

/** The first number of a private element, which may be written as text, binary or, in implicit encoding, without a VR. */
function privateNumber(dataSet: DataSet, tag: number): number | null {
  const element = dataSet.element(tag)
  const bytes = element && element.length <= 64 ? dataSet.bytes(tag) : null
  if (!element || !bytes) return null
  if (element.vr !== 'UN') return dataSet.number(tag)
  const text = String.fromCharCode(...bytes).replace(/\0+$/, '')
  if (/^[-+0-9.eE\\ ]+$/.test(text)) return Number(text.split('\\')[0])
  if (bytes.length !== 4) return null
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, dataSet.littleEndian)
}

/** The place of an object among the parts of a concatenation; null where it is none. PS3.3 C.7.6.16.1. */
export function concatenation(dataSet: DataSet): Concatenation | null {
  const uid = dataSet.text(0x00209161)
  const frameOffset = dataSet.integer(0x00209228) ?? 0
  if (!/^[0-9A-Za-z._-]{1,64}$/.test(uid) || frameOffset < 0) return null
  return { uid, part: dataSet.integer(0x00209162), parts: dataSet.integer(0x00209163), frameOffset }
}
