import { expect, test } from 'vitest'
import { invertAffine, volumeAffine, voxelToPatient } from '../../../main/geometry/affine'
import { pixelToPatient, type ImagePlane } from '../../../main/geometry/image-plane'

const sagittal: ImagePlane = { position: [5, -80, 60], orientation: [0, 1, 0, 0, 0, -1], pixelSpacing: [2, 0.5] }
/** A gantry tilt: each slice lies lower than the one before. */
const step = [1.5, 0, -0.4] as const

test('a voxel of the first slice lies where the image plane puts its pixel', () => {
  const affine = volumeAffine(sagittal, step)
  expect(voxelToPatient(affine, [7, 3, 0])).toEqual(pixelToPatient(sagittal, [7, 3]))
  expect(voxelToPatient(affine, [0, 0, 2])).toEqual([8, -80, 59.2])
})

test('the inverse leads back, with unequal spacings and a tilt', () => {
  const affine = volumeAffine(sagittal, step)
  const back = voxelToPatient(invertAffine(affine), voxelToPatient(affine, [7.5, -3, 11]))
  ;[7.5, -3, 11].forEach((expected, axis) => expect(back[axis]).toBeCloseTo(expected, 10))
})

test('refuses what has no inverse, and a spacing of zero', () => {
  expect(() => invertAffine(volumeAffine(sagittal, [0, 0, 0]))).toThrow(/cannot be inverted/)
  expect(() => volumeAffine({ ...sagittal, pixelSpacing: [2, 0] }, step)).toThrow()
})
