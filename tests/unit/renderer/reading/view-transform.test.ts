import { describe, expect, test } from 'vitest'
import {
  affineFromPoints,
  alignToDevicePixels,
  apply,
  applyInverse,
  fitScale,
  fittedView,
  flipView,
  panView,
  pictureToCanvas,
  rotateView,
  zoomView,
  type View,
} from '../../../../renderer/reading/view-transform'

// 4 rows of 2 mm by 10 columns of 0.5 mm: 8 mm high, 5 mm wide. A swap of the two fails most cases.
const picture = { rows: 4, columns: 10, pixelHeight: 2, pixelWidth: 0.5 }
const canvas = { width: 100, height: 80 }
const at = (view: View, point: readonly [number, number]) => apply(pictureToCanvas(view, picture, canvas), point)
const near = (actual: readonly number[], expected: readonly number[]) =>
  expected.forEach((value, index) => expect(actual[index]).toBeCloseTo(value, 9))

describe('a fitted picture', () => {
  test('fills the canvas by its physical height', () => expect(fitScale(picture, canvas, 0)).toBe(10))
  test('on its side fills it by its width', () => expect(fitScale(picture, canvas, 1)).toBe(12.5))
  test.each([
    { turns: 0, flipped: false, first: [25, 0], rowEnd: [75, 0], columnEnd: [25, 80] },
    { turns: 1, flipped: false, first: [100, 8.75], rowEnd: [100, 71.25], columnEnd: [0, 8.75] },
    { turns: 2, flipped: false, first: [75, 80], rowEnd: [25, 80], columnEnd: [75, 0] },
    { turns: 3, flipped: false, first: [0, 71.25], rowEnd: [0, 8.75], columnEnd: [100, 71.25] },
    { turns: 0, flipped: true, first: [75, 0], rowEnd: [25, 0], columnEnd: [75, 80] },
  ] as const)(
    'with $turns quarter turns, flipped $flipped, has its corners at known places',
    ({ turns, flipped, first, rowEnd, columnEnd }) => {
      const view: View = { ...fittedView, quarterTurns: turns, flipped }
      near(at(view, [0, 0]), first)
      near(at(view, [10, 0]), rowEnd)
      near(at(view, [0, 4]), columnEnd)
    },
  )
})

test('the inverse leads back, turned, flipped and off centre', () => {
  const view: View = { scale: 7, centre: [0.2, 0.8], quarterTurns: 3, flipped: true }
  near(applyInverse(pictureToCanvas(view, picture, canvas), at(view, [3.25, 1.5])), [3.25, 1.5])
})

test('four turns and two flips change nothing', () => {
  let view = fittedView
  for (let turn = 0; turn < 4; turn++) view = rotateView(view)
  expect(flipView(flipView(view))).toEqual(fittedView)
})

test.each([0, 1, 2, 3] as const)('a flip mirrors what is seen left to right after %i turns', (quarterTurns) => {
  const view: View = { ...fittedView, quarterTurns }
  const [x, y] = at(view, [1, 1])
  near(at(flipView(view), [1, 1]), [canvas.width - x, y])
})

test('zoom keeps the point under the pointer', () => {
  const about = [30, 50] as const
  const before = applyInverse(pictureToCanvas(fittedView, picture, canvas), about)
  const view = zoomView(fittedView, 2, about, picture, canvas)
  expect(view.scale).toBe(20)
  near(at(view, before as [number, number]), about)
})

test('zoom ends before the picture is a dot or a pixel fills the screen', () => {
  expect(zoomView(fittedView, 1e-9, [50, 40], picture, canvas).scale).toBe(2)
  expect(zoomView(fittedView, 1e9, [50, 40], picture, canvas).scale).toBe(128)
})

test('panning moves by CSS pixels, and not beyond the picture', () => {
  const view: View = { ...fittedView, scale: 20, quarterTurns: 1 }
  const [x, y] = at(view, [5, 2])
  near(at(panView(view, [7, -11], picture, canvas), [5, 2]), [x + 7, y - 11])
  expect(panView(view, [1e6, 0], picture, canvas).centre.every((part) => part >= 0 && part <= 1)).toBe(true)
})

describe('at one device pixel a picture pixel', () => {
  const square = { rows: 5, columns: 5, pixelHeight: 1, pixelWidth: 1 }
  test('edges of pixels fall on edges of device pixels, in an even canvas too', () => {
    const view = alignToDevicePixels({ ...fittedView, scale: 1 }, square, canvas, 1)
    const { e, f } = pictureToCanvas(view, square, canvas)
    expect([e % 1, f % 1]).toEqual([0, 0])
  })
  test('also with two device pixels a CSS pixel', () => {
    const { e, f } = pictureToCanvas(alignToDevicePixels({ ...fittedView, scale: 0.5 }, square, canvas, 2), square, canvas)
    expect([(e * 2) % 1, (f * 2) % 1]).toEqual([0, 0])
  })
  test('a fitted view is left as it is', () =>
    expect(alignToDevicePixels({ ...fittedView, scale: 1.3 }, square, canvas, 1).centre).toEqual([0.5, 0.5]))
})

test('three corner points give the affine they came from', () => {
  const affine = pictureToCanvas({ scale: 3, centre: [0.4, 0.6], quarterTurns: 1, flipped: true }, picture, canvas)
  const found = affineFromPoints(apply(affine, [0, 0]), apply(affine, [10, 0]), apply(affine, [0, 4]), 10, 4)
  near(Object.values(found), Object.values(affine))
})
