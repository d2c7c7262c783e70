/** Overlay planes of the file: their bits, and their place on the canvas where pixels are not square. */
import { describe, expect, test } from 'vitest'
import { looksPerPixel, planeColour, planeMatrix, planePixels, splitPlanes } from '../../../../renderer/reading/plane-pixels'
import { apply, pictureToCanvas, type View } from '../../../../renderer/reading/view-transform'

const facts = (more: object) => ({
  group: 0x6000,
  rows: 3,
  columns: 5,
  firstRow: 0,
  firstColumn: 0,
  type: 'G',
  label: '',
  description: '',
  ...more,
})

test('bits are read row by row, the lowest of a byte first', () => {
  const pixels = planePixels(Uint8Array.of(0b00100010, 0b1), 3, 3)
  const set = Array.from({ length: 9 }, (_, pixel) => pixels[pixel * 4 + 3])
  expect(set).toEqual([0, 255, 0, 0, 0, 255, 0, 0, 255])
  expect([...pixels.subarray(4, 7)]).toEqual([...planeColour])
})

describe('planes of one reply', () => {
  const planes = [facts({}), facts({ rows: 1, columns: 9 })]
  test('each begin on a whole byte', () =>
    expect(splitPlanes(planes, Uint8Array.of(1, 2, 3, 4))?.map(({ bits }) => [...bits])).toEqual([
      [1, 2],
      [3, 4],
    ]))
  test.each([3, 5])('%i bytes instead of 4 are refused', (length) => expect(splitPlanes(planes, new Uint8Array(length))).toBeNull())
})

describe('a plane lies where its origin says', () => {
  // Rows 2 mm apart, columns 0.5 mm: at 4 CSS pixels a mm a pixel is 8 high and 2 wide.
  const picture = { rows: 40, columns: 100, pixelHeight: 2, pixelWidth: 0.5 }
  const canvas = { width: 500, height: 400 }
  const upright: View = { scale: 4, centre: [0.5, 0.5], quarterTurns: 0, flipped: false }
  const views: [string, View][] = [
    ['upright', upright],
    ['turned', { ...upright, quarterTurns: 1 }],
    ['flipped and turned', { ...upright, flipped: true, quarterTurns: 3, centre: [0.2, 0.7] }],
  ]
  test.each(views)('%s, also outside the picture', (_name, view) => {
    const affine = pictureToCanvas(view, picture, canvas)
    for (const [firstRow, firstColumn] of [
      [0, 0],
      [7, 30],
      [-3, -12],
      [45, 120],
    ]) {
      const place = planeMatrix(affine, 1.5, facts({ firstRow, firstColumn }))
      // The centre of the plane's pixel (2, 1) is that of the picture's pixel (2 + firstColumn, 1 + firstRow).
      const [x, y] = apply(affine, [firstColumn + 2.5, firstRow + 1.5])
      expect(apply(place, [2.5, 1.5])[0]).toBeCloseTo(x * 1.5, 9)
      expect(apply(place, [2.5, 1.5])[1]).toBeCloseTo(y * 1.5, 9)
    }
  })
  test('its pixels are as high and wide as the picture’s', () => {
    const place = planeMatrix(pictureToCanvas(upright, picture, canvas), 1, facts({ firstRow: -3, firstColumn: 4 }))
    expect([place.a, place.b, place.c, place.d]).toEqual([2, 0, 0, 8])
    // The middle of the picture is (50, 20): column 4 lies 46 · 2 left of the canvas' middle, row -3 lies 23 · 8 above.
    expect([place.e, place.f]).toEqual([250 - 92, 200 - 184])
  })
})

test.each([
  [4, 1],
  [1, 1],
  [0.5, 2],
  [0.3, 4],
  [0.001, 8],
])('at a scale of %f a pixel of the screen looks at %i places each way, so that no line is lost', (scale, looks) =>
  expect(looksPerPixel({ a: 0, b: -scale, c: scale, d: 0, e: 0, f: 0 })).toBe(looks),
)
