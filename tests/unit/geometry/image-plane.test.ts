import { expect, test } from 'vitest'
import { distanceAlong, patientToPixel, pixelToPatient, planeNormal, type ImagePlane } from '../../../main/geometry/image-plane'

// Coronal; rows 2 mm apart, columns 0.5 mm: a swap of the two fails cases two and three.
const coronal: ImagePlane = { position: [-100, 20, 50], orientation: [1, 0, 0, 0, 0, -1], pixelSpacing: [2, 0.5] }
/** Turned by 30 degrees about the patient's long axis. */
const oblique: ImagePlane = { position: [3, -7, 11], orientation: [0.8660254037844387, 0.5, 0, 0, 0, -1], pixelSpacing: [3, 0.25] }

test.each([
  { pixel: [0, 0], patient: [-100, 20, 50], why: 'the first pixel centre is IPP' },
  { pixel: [4, 0], patient: [-98, 20, 50], why: 'columns step 0.5 mm towards the patient left' },
  { pixel: [0, 3], patient: [-100, 20, 44], why: 'rows step 2 mm towards the feet' },
] as const)('$why', ({ pixel, patient }) => {
  expect(pixelToPatient(coronal, pixel)).toEqual(patient)
  expect(patientToPixel(coronal, patient)).toEqual(pixel)
})

test.each([
  [0, 0],
  [17, 4],
  [-0.5, 255.5],
] as const)('an oblique plane: pixel %d, %d goes there and back', (column, row) => {
  const back = patientToPixel(oblique, pixelToPatient(oblique, [column, row]))
  expect(back[0]).toBeCloseTo(column, 10)
  expect(back[1]).toBeCloseTo(row, 10)
})

test('a point beside the plane has its foot on it', () => {
  expect(patientToPixel(coronal, [-98, 999, 44])).toEqual([4, 3])
})

test('the normal of the usual axial slice points to the head, of the coronal one to the back', () => {
  expect(planeNormal([1, 0, 0, 0, 1, 0])).toEqual([0, 0, 1])
  expect(planeNormal(coronal.orientation).map((value) => value + 0)).toEqual([0, 1, 0])
  expect(distanceAlong([0, 1, 0], coronal.position)).toBe(20)
})

test.each([
  [0, 0.5],
  [2, -1],
  [NaN, 1],
] as const)('refuses a spacing of %d and %d and names the attribute', (betweenRows, betweenColumns) => {
  const plane = { ...coronal, pixelSpacing: [betweenRows, betweenColumns] as const }
  expect(() => pixelToPatient(plane, [0, 0])).toThrow(/\(0028,0030\)/)
  expect(() => patientToPixel(plane, [0, 0, 0])).toThrow(/\(0028,0030\)/)
})
