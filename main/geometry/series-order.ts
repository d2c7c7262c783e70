/** The order of a series' slices in the patient, and whether they make a volume. PS3.3 C.7.6.2. */
import type { InstanceFacts } from '../../contracts/dicom-facts'
import { volumeAffine, type Affine } from './affine'
import type { PatientPoint } from './image-plane'
import { isCine, samePlaceMm, seriesFrames, type SeriesFrame } from './series-frame'
import {
  placeTolerance,
  remarkOnAcquisitions,
  remarkOnConcatenation,
  remarkOnGaps,
  remarkOnShift,
  remarkOnSizes,
  remarkOnStatedSpacing,
  type OrderRemark,
} from './series-remarks'
import { inSequence, type Entry } from './series-sequence'

export interface OrderedSlice {
  readonly sopInstanceUid: string
  /** From 0. */
  readonly frameIndex: number
  /** Along the series' normal, mm from the patient coordinate system's origin; null where unknown. */
  readonly positionMm: number | null
  /** The extent along the normal that the slice stands for: half the gap on each side. Null where unknown or where the two gaps differ. */
  readonly standsForMm: number | null
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

/** Orders all frames of the instances of one series, as `orderFrames` does. */
export function orderSeries(instances: readonly InstanceFacts[]): SeriesOrder {
  return orderFrames(seriesFrames(instances))
}

/**
 * Orders pictures that are shown as one stack.
 *
 * Along the normal by position; where positions are missing or orientations
 * differ, by stack, then dimension index, instance number and frame. Instance numbers follow
 * the scanner's acquisition, which may run any way through the body. Where several volumes lie
 * at one place and it is known which picture belongs to which, they follow one another.
 */
export function orderFrames(frames: readonly SeriesFrame[]): SeriesOrder {
  const remarks: OrderRemark[] = []
  const { entries, normals } = inSequence(frames)
  const located = entries.filter(({ positionMm }) => positionMm !== null).length
  if (located === 0 && entries.length > 1 && !entries.every(isCine)) {
    remarks.push({ code: 'order.no-position', sentence: 'The positions of the pictures are not known; they are ordered by their numbers.' })
  } else if (located > 0 && located < entries.length) {
    remarks.push({
      code: 'order.some-positions',
      sentence: `${entries.length - located} of ${entries.length} pictures have no position; they come last.`,
    })
  }
  if (normals.length > 1)
    remarks.push({ code: 'order.mixed-orientation', sentence: `The series holds pictures of ${normals.length} orientations.` })
  const normal = normals.length === 1 ? normals[0] : null
  const gapsMm = entries.slice(1).map((entry, index) => gapBetween(entries[index], entry))
  const evenStepMm = remarkOnGaps(gapsMm, entries, remarks)
  remarkOnAcquisitions(entries, remarks)
  remarkOnConcatenation(entries, remarks)
  const slices = entries.map(({ instance, frameIndex, positionMm }, index) => ({
    sopInstanceUid: instance.sopInstanceUid,
    frameIndex,
    positionMm,
    standsForMm: evenStepMm ?? standsFor(gapsMm[index - 1] ?? null, gapsMm[index] ?? null),
  }))
  const equal = remarkOnSizes(entries, remarks)
  const stepMm = normal ? evenStepMm : null
  remarkOnStatedSpacing(entries, stepMm, remarks)
  const shape = normal && isOneStack(gapsMm) ? remarkOnShift(entries, normal, remarks) : 'shifted'
  const affine = stepMm !== null && equal && shape !== 'shifted' ? seriesAffine(entries) : null
  return { slices, normal, gapsMm, sliceStepMm: stepMm, isVolume: affine !== null && shape === 'straight', affine, remarks }
}

/** Whether positions rise from the first picture to the last. */
function isOneStack(gapsMm: readonly (number | null)[]): boolean {
  return gapsMm.every((gap) => gap !== null) && gapsMm.some((gap) => gap! >= samePlaceMm)
}

function gapBetween(a: Entry, b: Entry): number | null {
  if (a.stack !== b.stack || a.volume !== b.volume || a.positionMm === null || b.positionMm === null) return null
  return b.positionMm - a.positionMm
}

/** Half the gap on each side of a slice of an uneven stack; at the ends, the one gap there is. */
function standsFor(before: number | null, after: number | null): number | null {
  const known = before ?? after
  if (known === null || known < samePlaceMm) return null
  if (before === null || after === null) return known
  return Math.abs(before - after) <= 2 * placeTolerance(known) ? (before + after) / 2 : null
}

/** The affine of an evenly spaced stack. */
function seriesAffine(entries: readonly Entry[]): Affine | null {
  const first = entries[0].geometry!
  const last = entries[entries.length - 1].geometry!
  if (!first.position || !last.position || !first.orientation || !first.pixelSpacing) return null
  const step = [0, 1, 2].map((axis) => (last.position![axis] - first.position![axis]) / (entries.length - 1)) as unknown as PatientPoint
  return volumeAffine({ position: first.position, orientation: first.orientation, pixelSpacing: first.pixelSpacing }, step)
}
