import { expect, test } from 'vitest'
import { labelPixels, labelShapes } from '../../../../renderer/reading/label-shapes'
import { maskRings } from '../../../../renderer/reading/mask-outline'

// Two structures that touch, one of them in two pieces, up to the edges of the picture.
const rows = 4
const columns = 5
const labels = Uint8Array.of(2, 0, 0, 0, 7, 0, 2, 2, 7, 7, 0, 2, 7, 7, 0, 2, 0, 0, 0, 0)

test('each structure has the outline of its own mask', () => {
  const shapes = labelShapes(labels, rows, columns)
  expect(shapes.map(({ number }) => number)).toEqual([2, 7])
  for (const { number, rings } of shapes)
    expect(rings).toEqual(
      maskRings(
        labels.map((label) => (label === number ? 1 : 0)),
        rows,
        columns,
      ),
    )
})

test('no structure, no outline', () => expect(labelShapes(new Uint8Array(6), 2, 3)).toEqual([]))

test('a pixel takes the colour of its number; others than the emphasised one are fainter, and what is not listed is clear', () => {
  const colours = new Map([
    [2, '#102030'],
    [7, '#ff8000'],
  ])
  const at = (pixels: Uint8ClampedArray, index: number) => [...pixels.subarray(index * 4, index * 4 + 4)]
  const all = labelPixels(labels, colours, null)
  expect([at(all, 0), at(all, 1), at(all, 4)]).toEqual([
    [16, 32, 48, 255],
    [0, 0, 0, 0],
    [255, 128, 0, 255],
  ])
  const one = labelPixels(labels, new Map([[2, '#102030']]), 2)
  expect(at(one, 4)).toEqual([0, 0, 0, 0])
  const emphasised = labelPixels(labels, colours, 7)
  expect(at(emphasised, 4)[3]).toBe(255)
  expect(at(emphasised, 0)[3]).toBeLessThan(128)
})
