import { describe, expect, test } from 'vitest'
import { preparePlane } from '../../../main/inference/preprocess'
import type { GreySamples } from '../../../main/inference/picture'
import type { Plane } from '../../../main/inference/plane'
import type { PreprocessStep } from '../../../contracts/model-package'
import { cropValid } from '../../../main/inference/steps/crop-valid'
import { flip } from '../../../main/inference/steps/flip'
import { orient } from '../../../main/inference/steps/orient'
import { pad } from '../../../main/inference/steps/pad'
import { resize } from '../../../main/inference/steps/resize'
import { clip, scale, standardise } from '../../../main/inference/steps/values'

const planeOf = (rows: number, columns: number, values: GreySamples): Plane => ({ values, trace: { rows, columns, entries: [] } })
// 2 rows of 3: no symmetry hides a swap.
const small = planeOf(2, 3, Int16Array.of(1, 2, 3, 4, 5, 6))
const valuesOf = (plane: Plane) => [...plane.values]

describe('orient', () => {
  const wanted = { row: 'L', column: 'P' } as const
  test.each([
    { directions: { row: 'L', column: 'P' }, expected: [1, 2, 3, 4, 5, 6], entries: 0 },
    { directions: { row: 'R', column: 'P' }, expected: [3, 2, 1, 6, 5, 4], entries: 1 },
    { directions: { row: 'L', column: 'A' }, expected: [4, 5, 6, 1, 2, 3], entries: 1 },
    { directions: { row: 'P', column: 'L' }, expected: [1, 4, 2, 5, 3, 6], entries: 1 },
    { directions: { row: 'A', column: 'R' }, expected: [6, 3, 5, 2, 4, 1], entries: 3 },
  ] as const)('rows to $directions.row, columns to $directions.column', ({ directions, expected, entries }) => {
    const turned = orient(small, wanted, directions)
    expect(valuesOf(turned)).toEqual(expected)
    expect(turned.trace.entries).toHaveLength(entries)
  })
  test('does nothing where the directions are unknown', () => expect(orient(small, wanted, null)).toBe(small))
  test('does nothing to another plane', () => expect(orient(small, wanted, { row: 'A', column: 'F' })).toBe(small))
})

describe('resize', () => {
  test('averages by area where it shrinks, with shares of pixels', () =>
    expect(valuesOf(resize(planeOf(1, 3, Float32Array.of(3, 6, 9)), { rows: 1, columns: 2 }))).toEqual([4, 8]))
  test('is linear between centres where it grows, clamped at the edge', () =>
    expect(valuesOf(resize(planeOf(2, 1, Uint8Array.of(0, 4)), { rows: 4, columns: 1 }))).toEqual([0, 1, 3, 4]))
  test('treats each axis by itself', () =>
    expect(valuesOf(resize(planeOf(1, 4, Uint8Array.of(0, 2, 4, 6)), { rows: 2, columns: 2 }))).toEqual([1, 5, 1, 5]))
  test('keeps the mean when it shrinks by any odd amount', () => {
    const values = Float64Array.from({ length: 97 * 61 }, (_, index) => (index * 7919) % 1013)
    const shrunk = resize(planeOf(97, 61, values), { rows: 13, columns: 17 })
    const mean = (list: GreySamples) => [...list].reduce((sum, value) => sum + value, 0) / list.length
    expect(mean(shrunk.values)).toBeCloseTo(mean(values), 9)
  })
})

test('flip by columns swaps left and right, by rows top and bottom', () => {
  expect(valuesOf(flip(small, 'columns'))).toEqual([3, 2, 1, 6, 5, 4])
  expect(valuesOf(flip(small, 'rows'))).toEqual([4, 5, 6, 1, 2, 3])
})

test('pad puts the odd pixel at the end, and cuts what is larger', () => {
  expect(valuesOf(pad(small, { rows: 3, columns: 4 }, 9))).toEqual([1, 2, 3, 9, 4, 5, 6, 9, 9, 9, 9, 9])
  expect(valuesOf(pad(small, { rows: 2, columns: 1 }, 9))).toEqual([2, 5])
})

describe('crop-valid', () => {
  const valid = Uint8Array.of(0, 0, 0, 0, 1, 1)
  const source = { rows: 2, columns: 3, samples: small.values, valid }
  test('cuts to the valid pixels', () => expect(valuesOf(cropValid(small, source))).toEqual([5, 6]))
  test('finds them after the picture was turned', () => expect(valuesOf(cropValid(flip(small, 'columns'), source))).toEqual([6, 5]))
  test('leaves a picture without a valid pixel as it is', () =>
    expect(cropValid(small, { ...source, valid: new Uint8Array(6) })).toBe(small))
})

test('values are scaled, clipped, standardised', () => {
  expect(valuesOf(scale(small, 2, 4, false))).toEqual([-0.5, 0, 0.5, 1, 1.5, 2])
  expect(valuesOf(scale(small, 2, 4, true))).toEqual([0, 0, 0.5, 1, 1, 1])
  expect(valuesOf(scale(small, 4, 4, true))).toEqual([0, 0, 0, 0, 0, 0])
  expect(valuesOf(standardise(small, 1, 2))).toEqual([0, 0.5, 1, 1.5, 2, 2.5])
  expect(valuesOf(clip(small, 2, 5))).toEqual([2, 2, 3, 4, 5, 5])
})

test('a crop beyond the picture takes the lowest valid value', () => {
  const picture = { rows: 1, columns: 3, samples: Int16Array.of(7, 5, 6), valid: null }
  const steps: PreprocessStep[] = [
    { op: 'crop-foreground', minimumFraction: 0, margin: 0, shape: 'box', statistics: 'series' },
    { op: 'resize', rows: 1, columns: 5, interpolation: 'area' },
  ]
  const series = { levels: {}, boxes: { 0: { top: 0, left: -1, rows: 1, columns: 5 } } }
  expect([...preparePlane({ from: 'modality', steps }, picture, null, series).values]).toEqual([5, 7, 5, 6, 5])
})
