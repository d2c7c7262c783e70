import { expect, test } from 'vitest'
import type { FrameGeometry } from '../../../../contracts/dicom-facts'
import { pixelMeasure } from '../../../../main/host/evaluation/measure'

// Rows 2 mm apart, columns 0.5 mm: a swap of the two shows.
const geometry = (spacingOrigin: FrameGeometry['spacingOrigin']): FrameGeometry => ({
  position: null,
  orientation: null,
  pixelSpacing: [2, 0.5],
  spacingOrigin,
  sliceThicknessMm: 99,
  pixelAspectRatio: [1, 1],
})

test.each([
  { why: 'the header states all', of: geometry('patient'), positions: [0, 7, 14], assumed: null, unit: 'mm', ml: 0.007, isAssumed: false },
  {
    why: 'gaps differ: their middle',
    of: geometry('patient'),
    positions: [0, 6, 14],
    assumed: null,
    unit: 'mm',
    ml: 0.007,
    isAssumed: false,
  },
  { why: 'no positions', of: geometry('patient'), positions: [null, null, null], assumed: null, unit: 'mm', ml: null, isAssumed: false },
  {
    why: 'no positions, but an assumption',
    of: geometry('patient'),
    positions: [null, null, null],
    assumed: [9, 9, 5],
    unit: 'mm',
    ml: 0.005,
    isAssumed: true,
  },
  {
    why: 'a length on the detector',
    of: geometry('detector'),
    positions: [null, null, null],
    assumed: null,
    unit: 'px',
    ml: null,
    isAssumed: false,
  },
  {
    why: 'the same with an assumption',
    of: geometry('detector'),
    positions: [0, 7, 14],
    assumed: [1, 2, 5],
    unit: 'mm-assumed',
    ml: 0.014,
    isAssumed: true,
  },
  { why: 'nothing at all', of: null, positions: [null, null, null], assumed: null, unit: 'px', ml: null, isAssumed: false },
] as const)('$why', ({ of, positions, assumed, unit, ml, isAssumed }) => {
  const measure = pixelMeasure(of, positions, 1, assumed)
  expect(measure).toMatchObject({ unit, volumeAssumed: isAssumed })
  if (ml === null) expect(measure.pixelMl).toBeNull()
  else expect(measure.pixelMl).toBeCloseTo(ml, 12)
  expect(measure.spacing).toEqual(unit === 'px' ? [1, 1] : unit === 'mm' ? [2, 0.5] : [1, 2])
})
