/** What a pixel of a picture measures, by its header or by the word of who runs the evaluation. */
import type { FrameGeometry } from '../../../contracts/dicom-facts'
import type { EvaluationSettings } from '../../evaluation/evaluation'
import type { LengthUnit } from '../../evaluation/segmentation'
import { sliceExtent } from '../../inference/volume'

export interface PixelMeasure {
  /** [between rows, between columns] in the unit. */
  readonly spacing: readonly [number, number]
  readonly unit: LengthUnit
  /** Null where an area or the distance of the slices is not known. */
  readonly pixelMl: number | null
  readonly volumeAssumed: boolean
}

/** @param positions of the stack's slices along its normal, mm */
export function pixelMeasure(
  geometry: FrameGeometry | null,
  positions: readonly (number | null)[],
  index: number,
  assumed: EvaluationSettings['assumedSpacing'],
): PixelMeasure {
  // A length on the detector is none in the patient.
  const inPatient = geometry?.spacingOrigin === 'patient' || geometry?.spacingOrigin === 'calibrated'
  const stated = inPatient ? geometry.pixelSpacing : null
  const spacing = stated ?? (assumed ? ([assumed[0], assumed[1]] as const) : null)
  if (!spacing) return { spacing: [1, 1], unit: 'px', pixelMl: null, volumeAssumed: false }
  const extent = sliceExtent(positions, index)
  // Uneven gaps: the middle of what the slice may stand for.
  const depth = extent ? (extent[0] + extent[1]) / 2 : (assumed?.[2] ?? null)
  return {
    spacing,
    unit: stated ? 'mm' : 'mm-assumed',
    pixelMl: depth === null ? null : (spacing[0] * spacing[1] * depth) / 1000,
    volumeAssumed: depth !== null && (!stated || !extent),
  }
}
