/** The order of a series' slices in the patient, and whether they make a volume. PS3.3 C.7.6.2. */
import type { FrameGeometry, InstanceFacts } from '../../contracts/dicom-facts'
import { volumeAffine, type Affine } from './affine'
import { distanceAlong, planeNormal, type PatientPoint } from './image-plane'

export interface OrderedSlice {
  readonly sopInstanceUid: string
  /** From 0. */
  readonly frameIndex: number
  /** Along the series' normal, mm from the patient coordinate system's origin; null where unknown. */
  readonly positionMm: number | null
  /** The extent along the normal that the slice stands for: half the gap on each side. Null where unknown or where the two gaps differ. */
  readonly standsForMm: number | null
}

export const orderRemarkCodes = [
  'order.no-position',
  'order.some-positions',
  'order.mixed-orientation',
  'order.mixed-size',
  'order.mixed-spacing',
  'order.mixed-frame-of-reference',
  'order.duplicates',
  'order.gaps',
  'order.tilt',
  'order.shift',
  'order.stated-spacing',
] as const
export type OrderRemarkCode = (typeof orderRemarkCodes)[number]

/** What a reader should know of the series' geometry. */
export interface OrderRemark {
  readonly code: OrderRemarkCode
  readonly sentence: string
}

export interface SeriesOrder {
  readonly slices: readonly OrderedSlice[]
  /** Unit vector along which positions rise; null where no orientation is known or several are. */
  readonly normal: PatientPoint | null
  /** Distances from each slice to the next along the normal, mm; null where unknown. One fewer than slices. */
  readonly gapsMm: readonly (number | null)[]
  /** The distance of the slices where it is the same throughout; from the positions, never from (0018,0050) or (0018,0088). */
  readonly sliceStepMm: number | null
  /** Parallel, equal, evenly spaced slices straight above one another. */
  readonly isVolume: boolean
  /** [column, row, slice] to LPS+ mm where the steps are all the same, also sheared by a tilt; else null. */
  readonly affine: Affine | null
  readonly remarks: readonly OrderRemark[]
}

interface Entry {
  readonly instance: InstanceFacts
  readonly frameIndex: number
  readonly geometry: FrameGeometry | null
  /** Which orientation of the series it has; -1 without one. */
  readonly stack: number
  readonly positionMm: number | null
}

/** Directions count as one within this, about 0.5 degrees. */
const sameDirection = Math.cos((0.5 * Math.PI) / 180)
/** Positions are written with a few decimals: below this two are the same place, mm. */
const samePlaceMm = 0.01

/** Whether two gaps are the same: to 1 % or 0.02 mm, what rounded positions leave. */
function sameGap(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(0.02, 0.01 * Math.max(Math.abs(a), Math.abs(b)))
}

/**
 * Orders all frames of the instances of one series.
 *
 * Along the normal by position; where positions are missing or orientations
 * differ, by stack, then instance number, then frame. Instance numbers follow
 * the scanner's acquisition, which may run any way through the body.
 */
export function orderSeries(instances: readonly InstanceFacts[]): SeriesOrder {
  const remarks: OrderRemark[] = []
  const normals: PatientPoint[] = []
  const entries = instances.flatMap((instance) => entriesOf(instance, normals))
  const located = entries.filter(({ positionMm }) => positionMm !== null).length
  if (located === 0 && entries.length > 1) {
    remarks.push({ code: 'order.no-position', sentence: 'The positions of the pictures are not known; they are ordered by their numbers.' })
  } else if (located > 0 && located < entries.length) {
    remarks.push({
      code: 'order.some-positions',
      sentence: `${entries.length - located} of ${entries.length} pictures have no position; they come last.`,
    })
  }
  if (normals.length > 1)
    remarks.push({ code: 'order.mixed-orientation', sentence: `The series holds pictures of ${normals.length} orientations.` })
  entries.sort(compareEntries)
  const normal = normals.length === 1 ? normals[0] : null
  const gapsMm = entries.slice(1).map((entry, index) => gapBetween(entries[index], entry))
  const slices = entries.map(({ instance, frameIndex, positionMm }, index) => ({
    sopInstanceUid: instance.sopInstanceUid,
    frameIndex,
    positionMm,
    standsForMm: standsFor(gapsMm[index - 1] ?? null, gapsMm[index] ?? null, entries.length),
  }))
  const even = remarkOnGaps(gapsMm, entries, remarks)
  const equal = remarkOnSizes(entries, remarks)
  const stepMm = normal && even && located === entries.length ? median(gapsMm as number[]) : null
  remarkOnStatedSpacing(entries, stepMm, remarks)
  const affine = stepMm !== null && equal ? seriesAffine(entries, normal!, stepMm, remarks) : null
  const straight = !remarks.some(({ code }) => code === 'order.tilt' || code === 'order.shift')
  return { slices, normal, gapsMm, sliceStepMm: stepMm, isVolume: affine !== null && straight, affine, remarks }
}

function entriesOf(instance: InstanceFacts, normals: PatientPoint[]): Entry[] {
  const { image } = instance
  if (!image) return []
  return Array.from({ length: image.numberOfFrames }, (_, frameIndex) => {
    const geometry = image.geometry[frameIndex] ?? (image.geometry.length === 1 ? image.geometry[0] : null)
    if (!geometry?.orientation) return { instance, frameIndex, geometry, stack: -1, positionMm: null }
    const direction = planeNormal(geometry.orientation)
    // The same plane seen from behind is another orientation: its letters differ.
    let stack = normals.findIndex((normal) => distanceAlong(normal, direction) > sameDirection)
    if (stack < 0) stack = normals.push(direction) - 1
    // Frames of a cine share one position, which places none of them.
    const shared = image.numberOfFrames > 1 && image.geometry.length === 1
    const positionMm = geometry.position && !shared ? distanceAlong(normals[stack], geometry.position) : null
    return { instance, frameIndex, geometry, stack, positionMm }
  })
}

function compareEntries(a: Entry, b: Entry): number {
  if (a.stack !== b.stack) return a.stack < 0 ? 1 : b.stack < 0 ? -1 : a.stack - b.stack
  if (a.positionMm === null || b.positionMm === null) {
    if (a.positionMm !== b.positionMm) return a.positionMm === null ? 1 : -1
  } else if (Math.abs(a.positionMm - b.positionMm) >= samePlaceMm) {
    return a.positionMm - b.positionMm
  }
  const numbers = (a.instance.instanceNumber ?? Infinity) - (b.instance.instanceNumber ?? Infinity)
  if (numbers !== 0 && !Number.isNaN(numbers)) return numbers
  if (a.instance !== b.instance) return a.instance.sopInstanceUid < b.instance.sopInstanceUid ? -1 : 1
  return a.frameIndex - b.frameIndex
}

function gapBetween(a: Entry, b: Entry): number | null {
  if (a.stack !== b.stack || a.positionMm === null || b.positionMm === null) return null
  return b.positionMm - a.positionMm
}

function standsFor(before: number | null, after: number | null, slices: number): number | null {
  if (slices < 2) return null
  const known = before ?? after
  if (known === null || known < samePlaceMm) return null
  if (before === null || after === null) return known
  return sameGap(before, after) ? (before + after) / 2 : null
}

/** True where all gaps are known, above zero and the same. */
function remarkOnGaps(gapsMm: readonly (number | null)[], entries: readonly Entry[], remarks: OrderRemark[]): boolean {
  const known = gapsMm.filter((gap) => gap !== null)
  const duplicates = known.filter((gap) => Math.abs(gap) < samePlaceMm).length
  if (duplicates > 0)
    remarks.push({ code: 'order.duplicates', sentence: `${duplicates + 1} or more pictures lie at places that another one has too.` })
  const apart = known.filter((gap) => Math.abs(gap) >= samePlaceMm)
  if (apart.length === 0) return false
  const middle = median(apart)
  const uneven = apart.some((gap) => !sameGap(gap, middle))
  if (uneven) {
    const low = Math.min(...apart).toFixed(2)
    const high = Math.max(...apart).toFixed(2)
    remarks.push({ code: 'order.gaps', sentence: `The distance from slice to slice is not the same: ${low} to ${high} mm.` })
  }
  return !uneven && duplicates === 0 && apart.length === entries.length - 1
}

function remarkOnSizes(entries: readonly Entry[], remarks: OrderRemark[]): boolean {
  const distinct = (key: (entry: Entry) => string) => new Set(entries.map(key)).size
  const sizes = distinct(({ instance: { image } }) => `${image!.columns} × ${image!.rows}`)
  if (sizes > 1) remarks.push({ code: 'order.mixed-size', sentence: `The series holds pictures of ${sizes} sizes.` })
  const spacings = distinct(({ geometry }) => (geometry?.pixelSpacing ?? []).map((value) => value.toFixed(4)).join(' × '))
  if (spacings > 1) remarks.push({ code: 'order.mixed-spacing', sentence: `The series holds pictures of ${spacings} pixel sizes.` })
  const frames = distinct(({ instance }) => instance.series.frameOfReferenceUid)
  if (frames > 1)
    remarks.push({
      code: 'order.mixed-frame-of-reference',
      sentence: `The positions of the pictures refer to ${frames} different frames of reference.`,
    })
  return sizes === 1 && spacings === 1 && frames === 1
}

/** Says so where the slices lie further apart than they are thick: a reader takes the stated thickness for the distance. */
function remarkOnStatedSpacing(entries: readonly Entry[], stepMm: number | null, remarks: OrderRemark[]): void {
  const thickness = entries[0]?.geometry?.sliceThicknessMm ?? null
  if (stepMm === null || thickness === null || sameGap(stepMm, thickness)) return
  const relation = stepMm > thickness ? 'with gaps between them' : 'overlapping'
  remarks.push({
    code: 'order.stated-spacing',
    sentence: `Slices are stated ${thickness.toFixed(2)} mm thick and lie ${stepMm.toFixed(2)} mm apart, ${relation}.`,
  })
}

/** The affine where each slice follows the one before by the same step, else null. Says tilt and shift. */
function seriesAffine(entries: readonly Entry[], normal: PatientPoint, stepMm: number, remarks: OrderRemark[]): Affine | null {
  const first = entries[0].geometry!
  const last = entries[entries.length - 1].geometry!
  if (!first.position || !last.position || !first.orientation || !first.pixelSpacing) return null
  const count = entries.length - 1
  const step = [0, 1, 2].map((axis) => (last.position![axis] - first.position![axis]) / count) as unknown as PatientPoint
  const even = entries.every(({ geometry }, index) => {
    const off = [0, 1, 2].map((axis) => geometry!.position![axis] - first.position![axis] - step[axis] * index)
    return Math.hypot(...off) <= Math.max(0.1, 0.01 * stepMm)
  })
  const tilt = (Math.acos(Math.min(1, distanceAlong(normal, step) / Math.hypot(...step))) * 180) / Math.PI
  if (!even) {
    remarks.push({ code: 'order.shift', sentence: 'The slices are shifted against one another by differing amounts.' })
    return null
  }
  if (tilt > 0.5) {
    remarks.push({
      code: 'order.tilt',
      sentence: `The slices are shifted evenly against one another, as with a gantry tilted by ${tilt.toFixed(1)}°.`,
    })
  }
  return volumeAffine({ position: first.position, orientation: first.orientation, pixelSpacing: first.pixelSpacing }, step)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
