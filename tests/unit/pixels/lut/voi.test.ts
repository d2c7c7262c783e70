import { describe, expect, test } from 'vitest'
import type { Window } from '../../../../contracts/dicom-facts'
import { isValidWindow, rangeWindow, tableFunction, windowFunction } from '../../../../main/pixels/lut/voi'

const window = (center: number, width: number, voiLutFunction: Window['voiLutFunction'] = 'LINEAR'): Window => ({
  center,
  width,
  voiLutFunction,
  explanation: '',
})
/** The standard's examples have outputs of 0 to 255. */
const level = (shown: Window, value: number) => windowFunction(shown)(value) * 255

describe('LINEAR, by the examples of PS3.3 C.11.2.1.2.1', () => {
  test.each([
    { center: 2048, width: 4096, below: 0, above: 4095 },
    { center: 2048, width: 1, below: 2047, above: 2048 },
    { center: 0, width: 100, below: -50, above: 49 },
    { center: 0, width: 1, below: -1, above: 0 },
  ])('c=$center, w=$width: $below is black, $above is white', ({ center, width, below, above }) => {
    expect(level(window(center, width), below)).toBe(0)
    expect(level(window(center, width), above)).toBe(255)
  })
  test('c=2048, w=4096 runs (x / 4095) × 255', () => expect(level(window(2048, 4096), 1000)).toBeCloseTo((1000 / 4095) * 255, 10))
  test('c=0, w=100 runs ((x + 0.5) / 99 + 0.5) × 255', () => expect(level(window(0, 100), 20)).toBeCloseTo((20.5 / 99 + 0.5) * 255, 10))
})

test('LINEAR_EXACT, by the example of C.11.2.1.3.2: the same numbers, half a value apart', () => {
  expect(level(window(2048, 4096, 'LINEAR_EXACT'), 0)).toBe(0)
  expect(level(window(2048, 4096, 'LINEAR_EXACT'), 4096)).toBe(255)
  expect(level(window(0, 100, 'LINEAR_EXACT'), 20)).toBeCloseTo((20 / 100 + 0.5) * 255, 10)
})

test('SIGMOID: half at the centre, e^-4 off at the width', () => {
  const shown = windowFunction(window(50, 20, 'SIGMOID'))
  expect(shown(50)).toBe(0.5)
  expect(shown(70)).toBeCloseTo(1 / (1 + Math.exp(-4)), 12)
})

test.each([
  { shown: window(0, 0), valid: false },
  { shown: window(0, 0.5), valid: false },
  { shown: window(0, 1), valid: true },
  { shown: window(0, 0.5, 'LINEAR_EXACT'), valid: true },
  { shown: window(0, 0, 'SIGMOID'), valid: false },
  { shown: window(NaN, 100), valid: false },
])('a window is valid or not, never bent: %o', ({ shown, valid }) => expect(isValidWindow(shown)).toBe(valid))

test('a table beyond its ends gives its outermost entries', () => {
  const shown = tableFunction({ first: -2, values: Float32Array.of(0.25, 0.5, 0.75) })
  expect([-9, -2, -1, 0, 9].map(shown)).toEqual([0.25, 0.25, 0.5, 0.75, 0.75])
})

test('the whole range goes from black to white; a single value from 0', () => {
  const shown = windowFunction(rangeWindow(-3, 7))
  expect([shown(-3), shown(2), shown(7)]).toEqual([0, 0.5, 1])
  expect(windowFunction(rangeWindow(0, 0))(0)).toBe(0)
  expect(windowFunction(rangeWindow(9, 9))(9)).toBe(1)
  expect(windowFunction(rangeWindow(-9, -9))(-9)).toBe(0)
})
