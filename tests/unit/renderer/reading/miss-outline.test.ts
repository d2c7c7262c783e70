import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mostVertices, outlineSchema } from '../../../../contracts/reader-entries'
import type { PicturePoint } from '../../../../main/geometry/measure'
import { outlineOf } from '../../../../renderer/reading/miss-outline'

const square: PicturePoint[] = [
  [10, 20],
  [30, 20],
  [30, 30],
  [10, 30],
]

test('a click is the point it was made at', () => expect(outlineOf([[3.25, 4.5]], 2)).toEqual([[3.25, 4.5]]))
test('a line that encloses an area is kept as it was drawn', () => expect(outlineOf(square, 2)).toEqual(square))
test('a line that encloses nothing, or less than a hand means, is the point where it began', () => {
  expect(outlineOf([[1, 1], [9, 9]], 2)).toEqual([[1, 1]]) // prettier-ignore
  expect(outlineOf([[1, 1], [9, 9], [1, 1]], 2)).toEqual([[1, 1]]) // prettier-ignore
  // 200 square pixels of the picture at a tenth of a CSS pixel each.
  expect(outlineOf(square, 0.1)).toEqual([[10, 20]])
})

test('whatever is drawn is an outline that the archive takes', () => {
  const point = fc.tuple(fc.double({ min: 0, max: 4096, noNaN: true }), fc.double({ min: 0, max: 4096, noNaN: true }))
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 1, maxLength: 4 * mostVertices, size: 'max' }),
      fc.constantFrom(0.1, 1, 8),
      (points, perPixel) => {
        const outline = outlineOf(points, perPixel)
        expect(outlineSchema.safeParse(outline).success).toBe(true)
        expect(outline[0]).toEqual(points[0])
        for (const vertex of outline) expect(points).toContainEqual(vertex)
      },
    ),
    { numRuns: 50 },
  )
})
