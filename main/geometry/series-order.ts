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

/**
 * How far a slice may lie from its place in an even stack, mm. Positions are often written to a tenth of a millimetre, which
 * two neighbouring gaps feel twice; a slice that is missing or out of place shows far above this.
 */
function placeTolerance(stepMm: number): number {
  return Math.min(0.1, Math.max(0.02, 0.02 * stepMm))
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
  const evenStepMm = remarkOnGaps(gapsMm, entries, remarks)
  const slices = entries.map(({ instance, frameIndex, positionMm }, index) => ({
    sopInstanceUid: instance.sopInstanceUid,
    frameIndex,
    positionMm,
    standsForMm: evenStepMm ?? standsFor(gapsMm[index - 1] ?? null, gapsMm[index] ?? null),
  }))
  const equal = remarkOnSizes(entries, remarks)
  const stepMm = normal ? evenStepMm : null
  remarkOnStatedSpacing(entries, stepMm, remarks)
  const stacked = normal && located === entries.length && entries.length > 1 && gapsMm.some((gap) => gap! >= samePlaceMm)
  const shape = stacked ? remarkOnShift(entries, normal, remarks) : 'shifted'
  const affine = stepMm !== null && equal && shape !== 'shifted' ? seriesAffine(entries) : null
  return { slices, normal, gapsMm, sliceStepMm: stepMm, isVolume: affine !== null && shape === 'straight', affine, remarks }
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

/** Half the gap on each side of a slice of an uneven stack; at the ends, the one gap there is. */
function standsFor(before: number | null, after: number | null): number | null {
  const known = before ?? after
  if (known === null || known < samePlaceMm) return null
  if (before === null || after === null) return known
  return Math.abs(before - after) <= 2 * placeTolerance(known) ? (before + after) / 2 : null
}

/** The step from slice to slice, mm, where all positions are known and lie as an even stack does; else null, and said why. */
function remarkOnGaps(gapsMm: readonly (number | null)[], entries: readonly Entry[], remarks: OrderRemark[]): number | null {
  const known = gapsMm.filter((gap) => gap !== null)
  const duplicates = known.filter((gap) => gap < samePlaceMm).length
  if (duplicates > 0)
    remarks.push({ code: 'order.duplicates', sentence: `${duplicates} of ${entries.length} pictures lie where another one lies too.` })
  const apart = known.filter((gap) => gap >= samePlaceMm)
  if (apart.length === 0) return null
  const stepMm = apart.reduce((sum, gap) => sum + gap, 0) / apart.length
  let offMm = 0
  const uneven = apart.some((gap) => Math.abs((offMm += gap - stepMm)) > placeTolerance(stepMm))
  if (uneven) {
    const low = Math.min(...apart).toFixed(2)
    const high = Math.max(...apart).toFixed(2)
    remarks.push({ code: 'order.gaps', sentence: `The distance from slice to slice is not the same: ${low} to ${high} mm.` })
  }
  return !uneven && apart.length === entries.length - 1 ? stepMm : null
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
  if (stepMm === null || thickness === null || Math.abs(stepMm - thickness) <= placeTolerance(thickness)) return
  const relation = stepMm > thickness ? 'with gaps between them' : 'overlapping'
  remarks.push({
    code: 'order.stated-spacing',
    sentence: `Slices are stated ${thickness.toFixed(2)} mm thick and lie ${stepMm.toFixed(2)} mm apart, ${relation}.`,
  })
}

/** Whether the slices lie straight above one another, lean as a whole, or are shifted by differing amounts; the last two are said. */
function remarkOnShift(entries: readonly Entry[], normal: PatientPoint, remarks: OrderRemark[]): 'straight' | 'tilted' | 'shifted' {
  const first = entries[0]
  const last = entries[entries.length - 1]
  const origin = first.geometry!.position!
  const height = last.positionMm! - first.positionMm!
  // The shift within the plane for each mm along the normal, over the whole stack.
  const lean = [0, 1, 2].map((axis) => (last.geometry!.position![axis] - origin[axis]) / height - normal[axis])
  const off = entries.map(({ geometry, positionMm }) =>
    Math.hypot(
      ...[0, 1, 2].map(
        (axis) => geometry!.position![axis] - origin[axis] - (normal[axis] + lean[axis]) * (positionMm! - first.positionMm!),
      ),
    ),
  )
  if (Math.max(...off) > 0.1) {
    remarks.push({ code: 'order.shift', sentence: 'The slices are shifted against one another by differing amounts.' })
    return 'shifted'
  }
  const tilt = (Math.atan(Math.hypot(...lean)) * 180) / Math.PI
  if (tilt <= 0.5) return 'straight'
  remarks.push({
    code: 'order.tilt',
    sentence: `The slices are shifted evenly against one another, as with a gantry tilted by ${tilt.toFixed(1)}°.`,
  })
  return 'tilted'
}

/** The affine of an evenly spaced stack. */
function seriesAffine(entries: readonly Entry[]): Affine | null {
  const first = entries[0].geometry!
  const last = entries[entries.length - 1].geometry!
  if (!first.position || !last.position || !first.orientation || !first.pixelSpacing) return null
  const step = [0, 1, 2].map((axis) => (last.position![axis] - first.position![axis]) / (entries.length - 1)) as unknown as PatientPoint
  return volumeAffine({ position: first.position, orientation: first.orientation, pixelSpacing: first.pixelSpacing }, step)
}
