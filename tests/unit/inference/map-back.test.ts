import { describe, expect, test } from 'vitest'
import type { PreprocessStep } from '../../../contracts/model-package'
import { mapBack, mapBackAbove } from '../../../main/inference/map-back'
import { preparePlane } from '../../../main/inference/preprocess'
import type { Directions } from '../../../main/inference/steps/orient'
import { mirrored } from '../../../main/inference/test-time-flips'

/** Centre of gravity, in pixel indices. */
function centre(values: ArrayLike<number>, columns: number): { row: number; column: number; sum: number } {
  let [sum, row, column] = [0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    sum += values[i]
    row += values[i] * Math.floor(i / columns)
    column += values[i] * (i % columns)
  }
  return { row: row / sum, column: column / sum, sum }
}

/** A round spot, wide enough to survive the resize, at a place between pixels. */
function spot(rows: number, columns: number, row: number, column: number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) =>
    Math.exp(-(((Math.floor(i / columns) - row) / (rows / 24)) ** 2) - (((i % columns) - column) / (columns / 24)) ** 2),
  )
}

const everything = (statisticsRows: number, rows: number, columns: number): PreprocessStep[] => [
  { op: 'orient', row: 'L', column: 'P' },
  { op: 'crop-foreground', minimumFraction: 0, margin: 0, shape: 'square', statistics: 'series' },
  { op: 'resize', rows: statisticsRows, columns, interpolation: 'area' },
  { op: 'pad', rows, columns: columns + 7, value: 0 },
  { op: 'flip', axis: 'columns' },
  { op: 'flip', axis: 'rows' },
]

// Odd sizes, sides of different length: pixels that are not square once they are on the tensor.
describe.each([
  { rows: 181, columns: 217, side: [95, 101, 83] },
  { rows: 333, columns: 127, side: [64, 64, 51] },
  { rows: 63, columns: 75, side: [97, 111, 129] },
])('a spot on $rows × $columns comes back', ({ rows, columns, side: [resized, height, width] }) => {
  test.each<{ why: string; directions: Directions }>([
    { why: 'from a picture that lies right', directions: { row: 'L', column: 'P' } },
    { why: 'from a mirrored one', directions: { row: 'R', column: 'P' } },
    { why: 'from one upside down', directions: { row: 'L', column: 'A' } },
    { why: 'from one on its side', directions: { row: 'P', column: 'R' } },
    { why: 'from one of which nothing is known', directions: null },
  ])('$why, within 0.1 pixel', ({ directions }) => {
    const at = { row: rows * 0.41 + 0.3, column: columns * 0.57 - 0.2 }
    const samples = spot(rows, columns, at.row, at.column)
    const steps = everything(resized, height, width)
    // Reaches beyond the picture on the left, and leaves a strip of it out at the bottom.
    const series = { levels: {}, boxes: { 1: { top: 3, left: -5, rows: rows - 12, columns: columns + 9 } } }
    const { values, trace } = preparePlane({ from: 'modality', steps }, { rows, columns, samples, valid: null }, directions, series)
    const { values: back } = mapBack(values, { rows: height, columns: width + 7 }, trace)
    const found = centre(back, columns)
    expect(back).toHaveLength(rows * columns)
    expect(Math.abs(found.row - at.row)).toBeLessThan(0.1)
    expect(Math.abs(found.column - at.column)).toBeLessThan(0.1)
  })
})

describe('a map', () => {
  const trace = { rows: 4, columns: 6, entries: [{ kind: 'cut', box: { top: 1, left: 2, rows: 2, columns: 3 } }] } as const

  test('is 0 where the network did not look', () =>
    expect([
      ...mapBack(
        Float32Array.from({ length: 6 }, () => 1),
        { rows: 2, columns: 3 },
        trace,
      ).values,
    ]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]))

  test('of a coarser grid spans what the network saw, linear between centres', () => {
    const whole = { rows: 1, columns: 8, entries: [] }
    expect([...mapBack(Float32Array.of(0, 1), { rows: 1, columns: 2 }, whole).values]).toEqual([0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1])
  })

  test('never leaves the range of its values', () => {
    const values = Float32Array.from({ length: 35 }, (_, index) => ((index * 37) % 11) / 10)
    const back = mapBack(values, { rows: 5, columns: 7 }, { rows: 41, columns: 29, entries: [{ kind: 'resize', rows: 10, columns: 13 }] })
    expect(back.range).toEqual([Math.min(...back.values), Math.max(...back.values)])
    expect(back.range[0]).toBeGreaterThanOrEqual(0)
    expect(back.range[1]).toBeLessThanOrEqual(Math.fround(1))
  })
})

test('mirroring each plane of a stack twice gives it back', () => {
  const values = Float32Array.from({ length: 24 }, (_, index) => index)
  expect([...mirrored(values, 3, 4, 'columns').slice(0, 5)]).toEqual([3, 2, 1, 0, 7])
  expect([...mirrored(values, 3, 4, 'rows').slice(12, 17)]).toEqual([20, 21, 22, 23, 16])
  for (const axis of ['rows', 'columns'] as const) expect(mirrored(mirrored(values, 3, 4, axis), 3, 4, axis)).toEqual(values)
})

test('the mask takes the threshold itself', () => {
  const above = mapBackAbove(Float32Array.of(0.25, 0.5, 0.75, 1), { rows: 1, columns: 4 }, { rows: 1, columns: 4, entries: [] }, 0.5)
  expect([...above.mask]).toEqual([0, 1, 1, 1])
  expect(above.pixels).toBe(3)
})
