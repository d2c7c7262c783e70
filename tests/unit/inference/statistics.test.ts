import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addCounts, countAtMost, countValues, histogramKindOf, resolveOn } from '../../../main/inference/histogram'
import { validRange, type GreySamples, type Picture } from '../../../main/inference/picture'
import {
  boxOf,
  foregroundExtent,
  foregroundThreshold,
  joinExtents,
  levelOf,
  percentileOf,
  sliceStatistics,
} from '../../../main/inference/statistics'

const picture = (samples: GreySamples, columns = samples.length, valid: Uint8Array | null = null): Picture => ({
  rows: samples.length / columns,
  columns,
  samples,
  valid,
})

/** The rule as contracts/model-package.ts words it. */
function inverted(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil((q / 100) * sorted.length)) - 1]
}

const percentile = (pictures: readonly Picture[], q: number) => {
  const kind = pictures.some((each) => histogramKindOf(each) === 'float') ? 'float' : 'whole'
  const histogram = { kind, counts: addCounts(pictures.map((each) => countValues(each, kind).counts)) } as const
  return resolveOn(pictures, percentileOf(histogram, q))
}

describe('percentiles are exact', () => {
  const quantile = fc.oneof(fc.constantFrom(0, 50, 100), fc.double({ min: 0, max: 100, noNaN: true }))
  test('of whole numbers', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 1 }), quantile, (values, q) => {
        expect(percentile([picture(Int16Array.from(values))], q)).toBe(inverted(values, q))
      }),
    ))
  test('of fractions, over several slices of different kinds', () =>
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        fc.array(fc.integer({ min: 0, max: 65535 }), { minLength: 1 }),
        quantile,
        (fractions, wholes, q) => {
          const all = [...fractions, ...wholes].map((value) => Math.fround(value) + 0)
          expect(percentile([picture(Float32Array.from(fractions)), picture(Uint16Array.from(wholes))], q)).toBe(inverted(all, q))
        },
      ),
    ))
  test('how many lie at or below a limit', () =>
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 1 }),
        fc.double({ min: -100, max: 100, noNaN: true }),
        (values, limit) => {
          const one = picture(Float32Array.from(values))
          expect(resolveOn([one], countAtMost(countValues(one, 'float'), limit))).toBe(
            [...one.samples].filter((value) => value <= limit).length,
          )
        },
      ),
    ))
})

test('padding is outside every statistic', () => {
  const padded = picture(Int16Array.of(-2000, 10, 20, -2000), 2, Uint8Array.of(0, 1, 1, 0))
  expect(validRange(padded)).toEqual([10, 20])
  expect(percentile([padded], 0)).toBe(10)
  expect(foregroundExtent(padded, -5000, 0.5)).toEqual({ rows: [0, 1], columns: [0, 1] })
})

test('a level of the foreground counts what lies above the threshold alone', () => {
  const values = Uint16Array.of(0, 0, 0, 0, 0, 0, 30, 60, 80, 100)
  const rule = { threshold: 0.5, ofPercentile: 100 }
  const histogram = countValues(picture(values), 'whole')
  expect(resolveOn([], foregroundThreshold(histogram, rule))).toBe(50)
  expect(resolveOn([], levelOf(histogram, { percentile: 0, of: 'foreground' }, rule))).toBe(60)
  expect(resolveOn([], levelOf(histogram, { percentile: 50, of: 'foreground' }, rule))).toBe(80)
  expect(resolveOn([], levelOf(histogram, { percentile: 50, of: 'valid' }, rule))).toBe(0)
})

const step = { op: 'crop-foreground', minimumFraction: 0.5, margin: 0, shape: 'box', statistics: 'slice' } as const

describe('the foreground box', () => {
  // 5 rows of 4: a hot pixel in row 0 is a quarter of the row and too little.
  const found = picture(Uint8Array.from([9, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9, 0]), 4)
  test('leaves out rows and columns with too little in them', () =>
    expect(foregroundExtent(found, 5, 0.5)).toEqual({ rows: [2, 4], columns: [1, 2] }))
  test('joins slices', () =>
    expect(joinExtents([{ rows: [2, 4], columns: [1, 2] }, null, { rows: [1, 3], columns: [2, 3] }])).toEqual({
      rows: [1, 4],
      columns: [1, 3],
    }))
  test.each([
    { why: 'as it is', change: {}, box: { top: 2, left: 1, rows: 3, columns: 2 } },
    { why: 'square, the odd pixel at the end', change: { shape: 'square' as const }, box: { top: 2, left: 1, rows: 3, columns: 3 } },
    { why: 'with a margin of its longer side, rounded', change: { margin: 0.5 }, box: { top: 0, left: -1, rows: 7, columns: 6 } },
  ])('$why', ({ change, box }) => expect(boxOf({ rows: [2, 4], columns: [1, 2] }, { ...step, ...change }, 5, 4)).toEqual(box))
  test('is the whole picture where there is no foreground', () =>
    expect(boxOf(null, step, 5, 4)).toEqual({ top: 0, left: 0, rows: 5, columns: 4 }))
})

test('a slice without a valid pixel has statistics all the same', () => {
  const empty = picture(Int16Array.of(1, 1), 2, Uint8Array.of(0, 0))
  const scale = {
    op: 'scale',
    low: { percentile: 1, of: 'foreground' },
    high: { percentile: 99, of: 'valid' },
    statistics: 'slice',
    clip: true,
  } as const
  const preprocess = { from: 'modality', foreground: { threshold: 0.5, ofPercentile: 90 }, steps: [scale, step] } as const
  expect(sliceStatistics({ ...preprocess, steps: [...preprocess.steps] }, empty).levels[0]).toEqual({ low: 0, high: 0 })
})
