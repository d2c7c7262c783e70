/** Against closed forms; rows 2 mm apart, columns 0.5 mm, so that a swap of the two fails. */
import { describe, expect, test } from 'vitest'
import type { FrameGeometry } from '../../../contracts/dicom-facts'
import type { CalibratedRegion } from '../../../contracts/frame'
import { angleAt, ellipseArea, ellipseStatistics, lengthBetween, pixelScale, type Ellipse } from '../../../main/geometry/measure'

const tall = { height: 2, width: 0.5, unit: 'mm' } as const

describe('a length', () => {
  test.each([
    { to: [4, 0], expected: 2, why: 'along a row counts the distance between columns' },
    { to: [0, 3], expected: 6, why: 'down a column counts the distance between rows' },
    { to: [16, 3], expected: 10, why: 'aslant is 8 and 6' },
  ] as const)('$why', ({ to, expected }) => expect(lengthBetween([1, 1], [1 + to[0], 1 + to[1]], tall)).toBeCloseTo(expected, 12))
})

describe('an angle', () => {
  test('of 45 degrees where the pixels are four times as tall as wide', () =>
    expect(angleAt([8, 0], [0, 0], [8, 2], tall)).toBeCloseTo(45, 12))
  test('is measured at its vertex', () => expect(angleAt([0, 0], [8, 0], [8, 2], tall)).toBeCloseTo(90, 12))
  test('of nothing and of a straight line are exact', () => {
    expect(angleAt([3, 3], [0, 0], [6, 6], tall)).toBe(0)
    expect(angleAt([-3, 0], [0, 0], [6, 0], tall)).toBe(180)
  })
  test('of one part in a million is not lost', () =>
    expect(angleAt([1, 0], [0, 0], [1, 1e-6], { height: 1, width: 1, unit: 'px' })).toBeCloseTo((1e-6 * 180) / Math.PI, 15))
  test('without an arm there is none', () => expect(angleAt([1, 1], [1, 1], [2, 2], tall)).toBeNull())
})

describe('an ellipse', () => {
  const ellipse: Ellipse = [
    [2, 1],
    [22, 9],
  ]
  test('has the area pi a b, in mm by both spacings and in pixels where their size is unknown', () => {
    expect(ellipseArea(ellipse, tall)).toBeCloseTo(Math.PI * 5 * 8, 10)
    expect(ellipseArea(ellipse, { height: 4, width: 1, unit: 'pixel-width' })).toBeCloseTo(Math.PI * 10 * 4, 10)
    expect(ellipseArea([ellipse[1], ellipse[0]], tall)).toBe(ellipseArea(ellipse, tall))
  })

  test('holds the pixels whose centre lies in it, and no others', () => {
    const [rows, columns] = [12, 25]
    // The value is the place, so least, greatest and mean tell which pixels were taken.
    const samples = Uint16Array.from({ length: rows * columns }, (_, index) => index)
    const inside = [...samples].filter((index) => {
      const [x, y] = [(index % columns) + 0.5, Math.floor(index / columns) + 0.5]
      return ((x - 12) / 10) ** 2 + ((y - 5) / 4) ** 2 <= 1
    })
    const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length
    const deviation = Math.sqrt(inside.reduce((sum, value) => sum + (value - mean) ** 2, 0) / inside.length)
    const statistics = ellipseStatistics(ellipse, samples, { rows, columns }, null)
    expect(statistics).toMatchObject({ count: inside.length, min: Math.min(...inside), max: Math.max(...inside) })
    expect(statistics?.mean).toBeCloseTo(mean, 9)
    expect(statistics?.standardDeviation).toBeCloseTo(deviation, 9)
    expect(inside.length).toBeGreaterThan(100)
  })

  test('leaves out padding and what is no number', () => {
    const samples = Float32Array.of(-2000, 10, Number.NaN, 30)
    const whole: Ellipse = [
      [-5, -5],
      [9, 6],
    ]
    expect(ellipseStatistics(whole, samples, { rows: 1, columns: 4 }, [-2000, -1999])).toEqual({
      count: 2,
      mean: 20,
      standardDeviation: 10,
      min: 10,
      max: 30,
    })
  })

  test('keeps the spread of values far from zero', () => {
    const samples = Float64Array.of(1e9 + 1, 1e9 + 3)
    const whole: Ellipse = [
      [-4, -4],
      [6, 5],
    ]
    expect(ellipseStatistics(whole, samples, { rows: 1, columns: 2 }, null)?.standardDeviation).toBeCloseTo(1, 9)
  })

  test('between the centres of pixels holds none', () =>
    expect(
      ellipseStatistics(
        [
          [0.6, 0.6],
          [0.9, 0.9],
        ],
        Uint8Array.of(1),
        { rows: 1, columns: 1 },
        null,
      ),
    ).toBeNull())
})

describe('the scale', () => {
  const geometry = (more: Partial<FrameGeometry>): FrameGeometry => ({
    position: null,
    orientation: null,
    pixelSpacing: null,
    spacingOrigin: null,
    sliceThicknessMm: null,
    pixelAspectRatio: [1, 1],
    ...more,
  })
  const points = [
    [10, 10],
    [20, 20],
  ] as const

  test.each([
    ['patient', 'mm'],
    ['calibrated', 'mm'],
    ['detector', 'mm-detector'],
    ['scanned', 'mm-film'],
  ] as const)('of the %s is in %s', (spacingOrigin, unit) =>
    expect(pixelScale(geometry({ pixelSpacing: [2, 0.5], spacingOrigin }), [], points)).toEqual({ height: 2, width: 0.5, unit }),
  )

  test('without a spacing is the pixel, or its width where it is not square', () => {
    expect(pixelScale(geometry({}), [], points)).toEqual({ height: 1, width: 1, unit: 'px' })
    expect(pixelScale(geometry({ pixelAspectRatio: [3, 2] }), [], points)).toEqual({ height: 1.5, width: 1, unit: 'pixel-width' })
  })

  const tissue: CalibratedRegion = { left: 0, top: 0, right: 49, bottom: 99, pixelSpacing: [2, 0.5] }
  const other: CalibratedRegion = { left: 50, top: 0, right: 99, bottom: 99, pixelSpacing: [1, 1] }
  const ultrasound = geometry({ pixelSpacing: [9, 9], spacingOrigin: 'ultrasound' })
  test.each([
    { why: 'within one region, its own', regions: [tissue, other], at: points, expected: { height: 2, width: 0.5, unit: 'mm' } },
    {
      why: 'up to its outer edge',
      regions: [tissue],
      at: [
        [0, 0],
        [50, 100],
      ],
      expected: { height: 2, width: 0.5, unit: 'mm' },
    },
    {
      why: 'across two regions, none',
      regions: [tissue, other],
      at: [
        [10, 10],
        [60, 20],
      ],
      expected: { height: 1, width: 1, unit: 'px' },
    },
    {
      why: 'beside every region, none',
      regions: [tissue],
      at: [
        [60, 10],
        [70, 20],
      ],
      expected: { height: 1, width: 1, unit: 'px' },
    },
    {
      why: 'where regions that disagree lie over one another, none',
      regions: [tissue, { ...other, left: 0 }],
      at: points,
      expected: { height: 1, width: 1, unit: 'px' },
    },
    {
      why: 'where one of them is no length, none',
      regions: [tissue, { ...tissue, pixelSpacing: null }],
      at: points,
      expected: { height: 1, width: 1, unit: 'px' },
    },
  ] as const)('of ultrasound: $why', ({ regions, at, expected }) => expect(pixelScale(ultrasound, regions, at)).toEqual(expected))

  test('of a region holds where all regions together have none', () =>
    expect(pixelScale(geometry({}), [tissue, other], points)).toEqual({ height: 2, width: 0.5, unit: 'mm' }))
})
