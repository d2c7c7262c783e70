import { describe, expect, test } from 'vitest'
import { directionLetters, edgeLetters, noLetters, oppositeLetters, planeName, uprightView } from '../../../main/geometry/orientation'

const axial = [1, 0, 0, 0, 1, 0]
const coronal = [1, 0, 0, 0, 0, -1]
const sagittal = [0, 1, 0, 0, 0, -1]

const edges = (orientation: readonly number[] | null, view = uprightView, patientOrientation: readonly string[] = []) => {
  const { top, right, bottom, left } = edgeLetters(orientation, view, patientOrientation)
  return [top, right, bottom, left].join(' ')
}

test.each([
  { plane: 'axial', orientation: axial, letters: 'A L P R' },
  { plane: 'coronal', orientation: coronal, letters: 'H L F R' },
  { plane: 'sagittal', orientation: sagittal, letters: 'H P F A' },
])('$plane: top, right, bottom, left', ({ plane, orientation, letters }) => {
  expect(edges(orientation)).toBe(letters)
  expect(planeName(orientation)).toBe(plane)
})

/** Every way a picture can be turned, worked out by turning a sheet with A, L, P, R on its edges. */
test.each([
  { rotation: 90, flipHorizontal: false, flipVertical: false, letters: 'R A L P' },
  { rotation: 180, flipHorizontal: false, flipVertical: false, letters: 'P R A L' },
  { rotation: 270, flipHorizontal: false, flipVertical: false, letters: 'L P R A' },
  { rotation: 0, flipHorizontal: true, flipVertical: false, letters: 'A R P L' },
  { rotation: 0, flipHorizontal: false, flipVertical: true, letters: 'P L A R' },
  { rotation: 0, flipHorizontal: true, flipVertical: true, letters: 'P R A L' },
  { rotation: 90, flipHorizontal: true, flipVertical: false, letters: 'L A R P' },
  { rotation: 270, flipHorizontal: true, flipVertical: false, letters: 'R P L A' },
  { rotation: 90, flipHorizontal: false, flipVertical: true, letters: 'R P L A' },
] as const)('rotated $rotation, flipped $flipHorizontal $flipVertical', ({ letters, ...view }) => expect(edges(axial, view)).toBe(letters))

describe('letters of a direction', () => {
  test.each([
    { direction: [1, 0, 0], letters: 'L' },
    { direction: [-0.8, 0.6, 0], letters: 'RP' },
    { direction: [0.6, 0, -0.8], letters: 'FL' },
    { direction: [0.995, 0.0995, 0], letters: 'L' },
    { direction: [0.7, -0.5, 0.51], letters: 'LHA' },
  ])('$direction is $letters', ({ direction, letters }) => expect(directionLetters(direction)).toBe(letters))

  test('opposites', () => expect(oppositeLetters('LHA')).toBe('RFP'))
})

describe('without an image plane', () => {
  test('a projection takes Patient Orientation', () => expect(edges(null, uprightView, ['L', 'F'])).toBe('H L F R'))
  test('and flips it too', () => expect(edges(null, { ...uprightView, flipHorizontal: true }, ['PL', 'FR'])).toBe('HL AR FR PL'))
  test.each([
    { why: 'nothing stated', stated: [] },
    { why: 'one direction alone', stated: ['L'] },
    { why: 'letters that are none', stated: ['X', 'F'] },
    { why: 'an axis twice', stated: ['LR', 'F'] },
    { why: 'empty values', stated: ['', ''] },
  ])('no letter: $why', ({ stated }) => expect(edgeLetters(null, uprightView, stated)).toEqual(noLetters))
  test('no plane name', () => expect(planeName(null)).toBeNull())
})

test('a plane far from all axes is oblique', () => {
  const half = Math.SQRT1_2
  expect(planeName([1, 0, 0, 0, half, half])).toBe('oblique')
  expect(planeName([1, 0, 0, 0, 0.94, 0.342])).toBe('axial')
})
