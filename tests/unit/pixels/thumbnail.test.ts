import { expect, test } from 'vitest'
import type { Frame } from '../../../contracts/frame'
import { thumbnail } from '../../../main/pixels/thumbnail'

function frame(
  rows: number,
  columns: number,
  samplesPerPixel: 1 | 3,
  sample: (row: number, column: number, channel: number) => number,
): Frame {
  const samples = new Uint8Array(rows * columns * samplesPerPixel)
  for (let i = 0; i < samples.length; i++) {
    const pixel = Math.floor(i / samplesPerPixel)
    samples[i] = sample(Math.floor(pixel / columns), pixel % columns, i % samplesPerPixel)
  }
  const presentation = { windows: [], voiLuts: [], inverted: false, padding: null }
  const photometricInterpretation = samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2'
  const description: Frame['description'] = {
    rows,
    columns,
    samplesPerPixel,
    type: 'uint8',
    min: 0,
    max: 255,
    photometricInterpretation,
    transferSyntaxUid: '1',
    unit: '',
    presentation,
    integrity: 'lossless',
    overlayPlanes: 0,
    notes: [],
    regions: [],
  }
  return { description, samples }
}

test.each([
  { rows: 512, columns: 256, aspect: 1, expected: [128, 64] },
  { rows: 100, columns: 400, aspect: 2, expected: [64, 128] },
  { rows: 400, columns: 400, aspect: 0.5, expected: [64, 128] },
  { rows: 3, columns: 5, aspect: 1, expected: [3, 5] },
  { rows: 1, columns: 4000, aspect: 1, expected: [1, 128] },
])('$rows × $columns with pixels of height $aspect becomes $expected', ({ rows, columns, aspect, expected }) => {
  const small = thumbnail(
    frame(rows, columns, 1, () => 9),
    128,
    aspect,
  )
  expect([small.rows, small.columns]).toEqual(expected)
  expect(small.samples.every((value) => value === 9)).toBe(true)
})

test('each pixel is the mean of what lies under it', () => {
  const small = thumbnail(
    frame(4, 4, 1, (row, column) => (row < 2 ? (column % 2) * 200 : column * 10)),
    2,
  )
  expect([...small.samples]).toEqual([100, 100, 5, 25])
})

test('a size that does not divide: shares of pixels', () => {
  expect([
    ...thumbnail(
      frame(1, 3, 1, (_, column) => column * 90),
      2,
    ).samples,
  ]).toEqual([30, 150])
})

test('colours stay apart', () => {
  const small = thumbnail(
    frame(4, 4, 3, (_row, _column, channel) => [250, 100, 3][channel]),
    2,
  )
  expect([...small.samples.subarray(0, 3)]).toEqual([250, 100, 3])
})
