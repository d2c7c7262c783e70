/** The image plane of one frame: where its pixels lie in the patient. PS3.3 C.7.6.2. */
import { DicomError } from '../../contracts/errors'

/** Pixel index: whole numbers are pixel centres; (0, 0) is the first pixel. */
export type PixelPoint = readonly [column: number, row: number] & { readonly space?: 'pixel' }
/** Position in the patient coordinate system (LPS+), mm. */
export type PatientPoint = readonly [x: number, y: number, z: number] & { readonly space?: 'patient' }

export interface ImagePlane {
  /** IPP: centre of the first pixel, mm. */
  readonly position: PatientPoint
  /** IOP, six numbers: unit vector along a row, then down a column. */
  readonly orientation: readonly number[]
  /** Pixel Spacing, mm, in the file's order. */
  readonly pixelSpacing: readonly [betweenRows: number, betweenColumns: number]
}

/**
 * Maps a pixel index to the patient, by Equation C.7.6.2.1-1.
 *
 * A step of one column moves along the row vector by the spacing *between
 * columns*, Pixel Spacing's second value (PS3.3 10.7.1.3). Taking the first
 * shows no error until a file with non-square pixels arrives.
 *
 * @throws DicomError 'plane.spacing' unless both spacings are above zero. There
 * is no default: assuming 1 mm would invent a measurement.
 */
export function pixelToPatient(plane: ImagePlane, [column, row]: PixelPoint): PatientPoint {
  const [betweenRows, betweenColumns] = checkedSpacing(plane)
  const along = (axis: 0 | 1 | 2) =>
    plane.position[axis] + plane.orientation[axis] * betweenColumns * column + plane.orientation[axis + 3] * betweenRows * row
  return [along(0), along(1), along(2)]
}

/**
 * Maps a position in the patient to the pixel index of its foot on the plane; the inverse of `pixelToPatient`.
 *
 * @throws DicomError 'plane.spacing' as above
 */
export function patientToPixel(plane: ImagePlane, point: PatientPoint): PixelPoint {
  const [betweenRows, betweenColumns] = checkedSpacing(plane)
  const along = (first: 0 | 3) =>
    (point[0] - plane.position[0]) * plane.orientation[first] +
    (point[1] - plane.position[1]) * plane.orientation[first + 1] +
    (point[2] - plane.position[2]) * plane.orientation[first + 2]
  return [along(0) / betweenColumns, along(3) / betweenRows]
}

/** The plane's unit normal: row vector × column vector. For an axial slice in the usual position it points to the head. */
export function planeNormal(orientation: readonly number[]): PatientPoint {
  const [a, b, c, d, e, f] = orientation
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d]
  const length = Math.hypot(...normal)
  return [normal[0] / length, normal[1] / length, normal[2] / length]
}

/** How far a position lies along a normal, mm from the patient coordinate system's origin. */
export function distanceAlong(normal: PatientPoint, point: PatientPoint): number {
  return normal[0] * point[0] + normal[1] * point[1] + normal[2] * point[2]
}

function checkedSpacing({ pixelSpacing }: ImagePlane): readonly [number, number] {
  const [betweenRows, betweenColumns] = pixelSpacing
  if (!(betweenRows > 0 && betweenColumns > 0)) {
    throw new DicomError('plane.spacing', `(0028,0030) Pixel Spacing is ${betweenRows}\\${betweenColumns}, expected two values above 0`)
  }
  return pixelSpacing
}
