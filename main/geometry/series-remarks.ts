/** What a reader should know of the geometry of a series, in sentences. */
import type { PatientPoint } from './image-plane'
import { samePlaceMm } from './series-frame'
import type { Entry } from './series-sequence'

export const orderRemarkCodes = [
  'order.no-position',
  'order.some-positions',
  'order.mixed-orientation',
  'order.mixed-size',
  'order.mixed-spacing',
  'order.mixed-frame-of-reference',
  'order.duplicates',
  'order.several-volumes',
  'order.acquisitions',
  'order.missing-parts',
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

const plainFacts: ReadonlySet<OrderRemarkCode> = new Set(['order.stated-spacing', 'order.several-volumes', 'order.acquisitions'])

/** Whether a reader may be misled who does not know it; the others are as common as the series without them. */
export function isCaution({ code }: OrderRemark): boolean {
  return !plainFacts.has(code)
}

/**
 * How far a slice may lie from its place in an even stack, mm. Positions are often written to a tenth of a millimetre, which
 * two neighbouring gaps feel twice; a slice that is missing or out of place shows far above this.
 */
export function placeTolerance(stepMm: number): number {
  return Math.min(0.1, Math.max(0.02, 0.02 * stepMm))
}

/** The step from slice to slice, mm, where all positions are known and lie as an even stack does; else null, and said why. */
export function remarkOnGaps(gapsMm: readonly (number | null)[], entries: readonly Entry[], remarks: OrderRemark[]): number | null {
  const known = gapsMm.filter((gap) => gap !== null)
  const duplicates = known.filter((gap) => gap < samePlaceMm).length
  if (duplicates > 0)
    remarks.push({ code: 'order.duplicates', sentence: `${duplicates} of ${entries.length} pictures lie where another one lies too.` })
  const volumes = new Set(entries.map(({ volume }) => volume)).size
  if (volumes > 1)
    remarks.push({ code: 'order.several-volumes', sentence: `${volumes} volumes of the same place are shown one after the other.` })
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

/** Not where each picture is an acquisition of its own, as a scanner numbers the slices of some sequences. */
export function remarkOnAcquisitions(entries: readonly Entry[], remarks: OrderRemark[]): void {
  const numbers = new Set(entries.map(({ instance }) => instance.acquisitionNumber))
  numbers.delete(null)
  if (numbers.size > 1 && numbers.size <= entries.length / 2)
    remarks.push({ code: 'order.acquisitions', sentence: `The pictures come from ${numbers.size} acquisitions.` })
}

/** Parts of a concatenation that are not here: the frames between those that are would not be missed otherwise. */
export function remarkOnConcatenation(entries: readonly Entry[], remarks: OrderRemark[]): void {
  const parts = new Map<string, { readonly stated: number; readonly here: Set<string> }>()
  for (const { instance } of entries) {
    const { concatenation } = instance
    if (!concatenation) continue
    const known = parts.get(concatenation.uid) ?? { stated: concatenation.parts ?? 0, here: new Set<string>() }
    known.here.add(instance.sopInstanceUid)
    parts.set(concatenation.uid, known)
  }
  for (const { stated, here } of parts.values()) {
    if (stated > here.size)
      remarks.push({ code: 'order.missing-parts', sentence: `${stated - here.size} of ${stated} parts of a divided object are missing.` })
  }
}

export function remarkOnSizes(entries: readonly Entry[], remarks: OrderRemark[]): boolean {
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
export function remarkOnStatedSpacing(entries: readonly Entry[], stepMm: number | null, remarks: OrderRemark[]): void {
  const thickness = entries[0]?.geometry?.sliceThicknessMm ?? null
  if (stepMm === null || thickness === null || Math.abs(stepMm - thickness) <= placeTolerance(thickness)) return
  const relation = stepMm > thickness ? 'with gaps between them' : 'overlapping'
  remarks.push({
    code: 'order.stated-spacing',
    sentence: `Slices are stated ${thickness.toFixed(2)} mm thick and lie ${stepMm.toFixed(2)} mm apart, ${relation}.`,
  })
}

/** Whether the slices lie straight above one another, lean as a whole, or are shifted by differing amounts; the last two are said. */
export function remarkOnShift(entries: readonly Entry[], normal: PatientPoint, remarks: OrderRemark[]): 'straight' | 'tilted' | 'shifted' {
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
