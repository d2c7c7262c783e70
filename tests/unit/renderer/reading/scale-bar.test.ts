import { expect, test } from 'vitest'
import { scaleBar } from '../../../../renderer/reading/scale-bar'

test.each([
  { pxPerMm: 3, mostPx: 200, bar: { lengthPx: 150, label: '5 cm' } },
  { pxPerMm: 3, mostPx: 149, bar: { lengthPx: 60, label: '2 cm' } },
  { pxPerMm: 40, mostPx: 200, bar: { lengthPx: 200, label: '5 mm' } },
  { pxPerMm: 0.1, mostPx: 200, bar: { lengthPx: 50, label: '50 cm' } },
])('at $pxPerMm px a millimetre, $mostPx px hold $bar.label', ({ pxPerMm, mostPx, bar }) => expect(scaleBar(pxPerMm, mostPx)).toEqual(bar))

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e6])('there is none for %d px a millimetre', (pxPerMm) =>
  expect(scaleBar(pxPerMm, 200)).toBeNull(),
)
