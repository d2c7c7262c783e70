/** Grids of voxels in the patient: that of a series, and the one a network reads. */
import type { VolumeModel } from '../../../contracts/model-package'
import { composeAffines, invertAffine, voxelToPatient, type Affine } from '../../geometry/affine'

export type Sides = readonly [slices: number, rows: number, columns: number]

export interface VoxelGrid {
  /** Slowest first, as the values lie. */
  readonly sides: Sides
  /** [column, row, slice] to LPS+ mm. */
  readonly affine: Affine
}

/** Unit steps along the letters, LPS+. */
const directions = { L: [1, 0, 0], R: [-1, 0, 0], P: [0, 1, 0], A: [0, -1, 0], H: [0, 0, 1], F: [0, 0, -1] } as const

/** Grids count as the same below this, in voxels. */
const samePlace = 1e-3

/**
 * The grid that a network reads, its centre on the centre of the series.
 *
 * The centre lies between the two middle voxels of an even side. FreeSurfer takes the later one of the series, which lies
 * elsewhere when the same slices are stored the other way round; no more than half a voxel apart.
 */
export function conformedGrid(
  series: VoxelGrid,
  axes: VolumeModel['input']['axes'],
  conform: VolumeModel['preprocess']['conform'],
): VoxelGrid {
  const { sides, spacingMm } = conform
  const centre = centreOf(series)
  // The axes stand slowest first, the columns of an affine fastest first.
  const steps = [2, 1, 0].map((axis) => directions[axes[axis]].map((step) => step * spacingMm[axis]))
  const halves = [2, 1, 0].map((axis) => (sides[axis] - 1) / 2)
  const row = (of: 0 | 1 | 2) => {
    const along = steps.map((step) => step[of])
    return [...along, centre[of] - along.reduce((sum, step, axis) => sum + step * halves[axis], 0)]
  }
  return { sides, affine: [...row(0), ...row(1), ...row(2), 0, 0, 0, 1] }
}

/** [column, row, slice] of one grid to [column, row, slice] of another, fractions included. */
export function indexMap(from: VoxelGrid, to: VoxelGrid): Affine {
  return composeAffines(invertAffine(to.affine), from.affine)
}

/** Whether every voxel of one grid lies on one of the other: a turned or mirrored form of it at most. */
export function coincide(one: VoxelGrid, other: VoxelGrid): boolean {
  const map = indexMap(one, other)
  const rows = [0, 1, 2].map((axis) => map.slice(axis * 4, axis * 4 + 4))
  const turns = rows.every((row) => row.slice(0, 3).every((step) => [-1, 0, 1].some((whole) => Math.abs(step - whole) < samePlace)))
  const meets = rows.every((row) => Math.abs(row[3] - Math.round(row[3])) < samePlace)
  const [slices, height, width] = one.sides
  const counts = rows.map((row) => [width, height, slices].reduce((sum, side, axis) => sum + Math.abs(Math.round(row[axis])) * side, 0))
  return turns && meets && counts[0] === other.sides[2] && counts[1] === other.sides[1] && counts[2] === other.sides[0]
}

/** Of one voxel, mm³. */
export function voxelVolume({ affine: [a, b, c, , d, e, f, , g, h, i] }: VoxelGrid): number {
  return Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g))
}

export function voxelCount([slices, rows, columns]: Sides): number {
  return slices * rows * columns
}

function centreOf({ sides: [slices, rows, columns], affine }: VoxelGrid) {
  return voxelToPatient(affine, [(columns - 1) / 2, (rows - 1) / 2, (slices - 1) / 2])
}
