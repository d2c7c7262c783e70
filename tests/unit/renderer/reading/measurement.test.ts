/** Measurements: how they are drawn by hand, taken hold of, deleted, and what they say. */
import { describe, expect, test } from 'vitest'
import type { Frame } from '../../../../contracts/frame'
import type { Slice } from '../../../../contracts/worklist'
import { measurementLines } from '../../../../renderer/reading/measurement-words'
import { isEmpty, lineOf, touchOf, withinPicture, type MeasureKind } from '../../../../renderer/reading/measurement'
import { MeasureState } from '../../../../renderer/reading/measure-state.svelte'
import type { Affine } from '../../../../renderer/reading/view-transform'

/** A picture pixel is 2 CSS pixels wide and 8 high. */
const affine: Affine = { a: 2, b: 0, c: 0, d: 8, e: 10, f: 20 }
const onCanvas = (column: number, row: number) => [10 + 2 * column, 20 + 8 * row] as const

let study = 1
const state = () => new MeasureState(study++)
type Point = readonly [number, number]
const press = (measures: MeasureState, kind: MeasureKind, point: Point) =>
  measures.press('1.2#0', kind, affine, onCanvas(point[0], point[1]), point)
const drag = (measures: MeasureState, kind: MeasureKind, from: Point, to: Point) => {
  press(measures, kind, from)
  measures.move('1.2#0', to)
  measures.release('1.2#0', to, true)
}
const click = (measures: MeasureState, kind: MeasureKind, at: Point) => {
  press(measures, kind, at)
  measures.release('1.2#0', at, false)
}
const kept = (measures: MeasureState) => measures.of('1.2#0').map(({ kind, points }) => ({ kind, points }))

describe('drawing', () => {
  test('a drag measures a length, which is then selected', () => {
    const measures = state()
    drag(measures, 'length', [1, 1], [30, 10])
    expect(kept(measures)).toEqual([
      {
        kind: 'length',
        points: [
          [1, 1],
          [30, 10],
        ],
      },
    ])
    expect(measures.selectedId).toBe(measures.of('1.2#0')[0].id)
  })
  test('so do two clicks, and a hand that trembles in the first', () => {
    const measures = state()
    press(measures, 'length', [1, 1])
    measures.move('1.2#0', [1.5, 1])
    measures.release('1.2#0', [1.5, 1], false)
    measures.move('1.2#0', [20, 5])
    expect(kept(measures)).toEqual([])
    click(measures, 'length', [30, 10])
    expect(kept(measures)[0].points).toEqual([
      [1, 1],
      [30, 10],
    ])
  })
  test('an angle takes three points: a drag and a click, or three clicks', () => {
    const measures = state()
    drag(measures, 'angle', [1, 1], [40, 10])
    expect(measures.draft?.points).toHaveLength(2)
    click(measures, 'angle', [60, 2])
    click(measures, 'angle', [1, 30])
    click(measures, 'angle', [40, 35])
    click(measures, 'angle', [60, 28])
    expect(kept(measures).map(({ points }) => points)).toEqual([
      [
        [1, 1],
        [40, 10],
        [60, 2],
      ],
      [
        [1, 30],
        [40, 35],
        [60, 28],
      ],
    ])
  })
  test('two clicks in one place measure nothing', () => {
    const measures = state()
    click(measures, 'length', [5, 5])
    click(measures, 'length', [5, 5])
    expect(kept(measures)).toEqual([])
    expect(measures.draft).toBeNull()
  })
  test('another picture takes away what was begun and chosen, and keeps what was measured', () => {
    const measures = state()
    drag(measures, 'length', [1, 1], [30, 10])
    click(measures, 'ellipse', [50, 5])
    measures.leave()
    expect(measures.draft).toBeNull()
    expect(measures.selectedId).toBeNull()
    expect(kept(measures)).toHaveLength(1)
    expect(measures.of('1.2#1')).toEqual([])
  })
})

describe('one that is there', () => {
  test('is moved by its line, and changed by one of its points', () => {
    const measures = state()
    drag(measures, 'length', [0, 0], [40, 0])
    drag(measures, 'length', [20, 0], [22, 3])
    expect(kept(measures)[0].points).toEqual([
      [2, 3],
      [42, 3],
    ])
    drag(measures, 'length', [42, 3], [42, 9])
    expect(kept(measures)[0].points).toEqual([
      [2, 3],
      [42, 9],
    ])
    expect(measures.of('1.2#0')).toHaveLength(1)
  })
  test('is deleted alone; without a selection nothing is', () => {
    const measures = state()
    drag(measures, 'length', [0, 0], [40, 0])
    drag(measures, 'length', [0, 9], [40, 9])
    measures.select(measures.of('1.2#0')[0].id)
    expect(measures.removeSelected('1.2#0')).toBe(true)
    expect(kept(measures).map(({ points }) => points[0])).toEqual([[0, 9]])
    expect(measures.removeSelected('1.2#0')).toBe(false)
  })
  test('one of another picture is not deleted', () => {
    const measures = state()
    drag(measures, 'length', [0, 0], [40, 0])
    expect(measures.removeSelected('1.2#1')).toBe(false)
    expect(kept(measures)).toHaveLength(1)
  })
  test('Escape goes back a step at a time', () => {
    const measures = state()
    drag(measures, 'length', [0, 0], [40, 0])
    click(measures, 'angle', [0, 20])
    expect(measures.back()).toBe(true)
    expect(measures.draft).toBeNull()
    measures.select(measures.of('1.2#0')[0].id)
    expect([measures.back(), measures.back()]).toEqual([true, false])
    expect(kept(measures)).toHaveLength(1)
  })
  test('is there again when the study is opened again', () => {
    const first = new MeasureState(9001)
    drag(first, 'length', [0, 0], [40, 0])
    expect(kept(new MeasureState(9001))).toEqual(kept(first))
  })
})

describe('under the pointer', () => {
  const ellipse = { kind: 'ellipse', points: [[0, 0], [40, 10]] } as const // prettier-ignore
  test('lies the line of an ellipse, not what it encloses', () => {
    expect(touchOf(ellipse, affine, onCanvas(20, 0))).toEqual({ part: 'line' })
    expect(touchOf(ellipse, affine, onCanvas(40, 5))).toEqual({ part: 'line' })
    expect(touchOf(ellipse, affine, onCanvas(20, 5))).toBeNull()
  })
  test('points come before lines, within a few pixels of the screen', () => {
    const length = { kind: 'length', points: [[0, 0], [40, 0]] } as const // prettier-ignore
    expect(touchOf(length, affine, [93, 22])).toEqual({ part: 'point', index: 1 })
    expect(touchOf(length, affine, [50, 26])).toEqual({ part: 'line' })
    expect(touchOf(length, affine, [50, 30])).toBeNull()
  })
})

test('an ellipse runs through the middles of its box', () => {
  const line = lineOf({ kind: 'ellipse', points: [[2, 1], [22, 9]] }) // prettier-ignore
  expect(Math.max(...line.map(([x]) => x))).toBeCloseTo(22, 9)
  expect(Math.min(...line.map(([, y]) => y))).toBeCloseTo(1, 9)
  expect(line.every(([x, y]) => Math.abs(((x - 12) / 10) ** 2 + ((y - 5) / 4) ** 2 - 1) < 1e-9)).toBe(true)
})

test('an ellipse without height and an angle with an arm of no length are nothing', () => {
  expect(isEmpty({ kind: 'ellipse', points: [[1, 1], [9, 1]] })).toBe(true) // prettier-ignore
  expect(isEmpty({ kind: 'angle', points: [[1, 1], [5, 5], [5, 5]] })).toBe(true) // prettier-ignore
  expect(isEmpty({ kind: 'angle', points: [[1, 1], [5, 5], [1, 1]] })).toBe(false) // prettier-ignore
})

test('a point stays on the picture', () => expect(withinPicture([-3, 99], 40, 100)).toEqual([0, 40]))

describe('in words', () => {
  const slice = (more: Partial<Slice['geometry']>): Slice => ({
    sopInstanceUid: '1.2.3',
    frameIndex: 0,
    instanceNumber: 1,
    rows: 2,
    columns: 4,
    positionMm: null,
    geometry: {
      position: null,
      orientation: null,
      pixelSpacing: [2, 0.5],
      spacingOrigin: 'patient',
      sliceThicknessMm: null,
      pixelAspectRatio: [1, 1],
      ...more,
    },
  })
  const frame = (
    more: Partial<Frame['description']> = {},
    samples: Frame['samples'] = Int16Array.of(1, 2, 3, 4, 5, 6, 7, -2000),
  ): Frame => ({
    samples,
    description: {
      rows: 2,
      columns: 4,
      samplesPerPixel: 1,
      type: 'int16',
      min: 1,
      max: 7,
      photometricInterpretation: 'MONOCHROME2',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      unit: 'HU',
      presentation: { windows: [], voiLuts: [], inverted: false, padding: [-2000, -2000] },
      integrity: 'lossless',
      overlayPlanes: 0,
      notes: [],
      regions: [],
      ...more,
    },
  })
  const length = { kind: 'length', points: [[0, 0], [16, 3]] } as const // prettier-ignore
  const unknown = { pixelSpacing: null, spacingOrigin: null }

  test.each([
    ['patient', '10.0 mm'],
    ['calibrated', '10.0 mm'],
    ['detector', '10.0 mm at the detector'],
    ['scanned', '10.0 mm on the film'],
  ] as const)('a length by the %s says %s', (spacingOrigin, words) =>
    expect(measurementLines(length, slice({ spacingOrigin }), frame())).toEqual([words]),
  )
  test('without a size of the pixel it is in pixels, and says so', () => {
    expect(measurementLines({ kind: 'length', points: [[0, 0], [3, 4]] }, slice(unknown), frame())).toEqual(['5.00 px', 'Pixel size not known']) // prettier-ignore
    expect(measurementLines(length, slice({ ...unknown, pixelAspectRatio: [4, 1] }), frame())).toEqual([
      '20.0 pixel widths',
      'Pixel size not known',
    ])
  })
  test('an angle has the true shape of the pixels', () =>
    expect(measurementLines({ kind: 'angle', points: [[8, 0], [0, 0], [8, 2]] }, slice({}), frame())).toEqual(['45.0°'])) // prettier-ignore
  test('an ellipse says area and values, padding left out', () => {
    const whole = { kind: 'ellipse', points: [[-6, -4], [10, 6]] } as const // prettier-ignore
    expect(measurementLines(whole, slice({}), frame())).toEqual(['Area 125.7 mm²', 'Mean 4 HU, SD 2', 'Min 1, max 7'])
    expect(measurementLines(whole, slice(unknown), frame({ unit: '' }))).toEqual([
      'Area 125.7 px',
      'Mean 4, SD 2',
      'Min 1, max 7',
      'Pixel size not known',
    ])
  })
  test('in colour it has an area alone', () =>
    expect(
      measurementLines({ kind: 'ellipse', points: [[0, 0], [4, 2]] }, slice({}), frame({ samplesPerPixel: 3 }, new Uint8Array(24))), // prettier-ignore
    ).toEqual(['Area 6.28 mm²']))
  test('over padding alone it says that there is nothing', () =>
    expect(measurementLines({ kind: 'ellipse', points: [[3, 1], [4, 2]] }, slice({}), frame())).toContain('No value inside')) // prettier-ignore
})
