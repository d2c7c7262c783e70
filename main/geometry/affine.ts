/** Voxel index → patient, as a 4×4 matrix. */
import type { ImagePlane, PatientPoint } from './image-plane'
import { DicomError } from '../../contracts/errors'

/** Row-major, 16 numbers: [column, row, slice, 1] to LPS+ mm. */
export type Affine = readonly number[]

/**
 * The affine of a volume: its first slice's plane and the step from a slice to the next.
 *
 * @param step LPS+ mm from the first pixel of a slice to that of the next; with a tilted gantry it is not along the normal
 */
export function volumeAffine({ position, orientation, pixelSpacing }: ImagePlane, step: PatientPoint): Affine {
  const [betweenRows, betweenColumns] = pixelSpacing
  if (!(betweenRows > 0 && betweenColumns > 0)) throw new DicomError('plane.spacing')
  const row = (axis: 0 | 1 | 2) => [orientation[axis] * betweenColumns, orientation[axis + 3] * betweenRows, step[axis], position[axis]]
  return [...row(0), ...row(1), ...row(2), 0, 0, 0, 1]
}

/** A voxel index (whole numbers are centres) as a position, LPS+ mm. */
export function voxelToPatient(affine: Affine, [column, row, slice]: readonly [number, number, number]): PatientPoint {
  const along = (axis: 0 | 1 | 2) =>
    affine[axis * 4] * column + affine[axis * 4 + 1] * row + affine[axis * 4 + 2] * slice + affine[axis * 4 + 3]
  return [along(0), along(1), along(2)]
}

/** The inverse, LPS+ mm to voxel index. @throws DicomError 'plane.orientation' where the affine has none */
export function invertAffine(affine: Affine): Affine {
  const [a, b, c, x, d, e, f, y, g, h, i, z] = affine
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
  if (!(Math.abs(determinant) > 1e-12)) throw new DicomError('plane.orientation', 'the affine of the volume cannot be inverted')
  const rows = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ].map((row) => row.map((value) => value / determinant))
  return [...rows.flatMap((row) => [...row, -(row[0] * x + row[1] * y + row[2] * z)]), 0, 0, 0, 1]
}

/** One after the other: first `second`'s map, then `first`'s. */
export function composeAffines(first: Affine, second: Affine): Affine {
  return Array.from({ length: 16 }, (_, place) => {
    const [row, column] = [Math.floor(place / 4), place % 4]
    return [0, 1, 2, 3].reduce((sum, at) => sum + first[row * 4 + at] * second[at * 4 + column], 0)
  })
}
