import { expect, test } from 'vitest'
import { rgbFromPalette, rgbFromYbrFull, rgbFromYbrPartial, toEightBits } from '../../../../main/pixels/lut/colour'

/** By the equations of PS3.3 C.7.6.3.1.2, forwards. */
const ybrFull = (r: number, g: number, b: number) => [
  0.299 * r + 0.587 * g + 0.114 * b,
  -0.1687 * r - 0.3313 * g + 0.5 * b + 128,
  0.5 * r - 0.4187 * g - 0.0813 * b + 128,
]
const ybrPartial = (r: number, g: number, b: number) => [
  0.2568 * r + 0.5041 * g + 0.0979 * b + 16,
  -0.1482 * r - 0.291 * g + 0.4392 * b + 128,
  0.4392 * r - 0.3678 * g - 0.0714 * b + 128,
]
const colours = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
  [0, 0, 0],
  [12, 200, 99],
]

test.each([
  { name: 'YBR_FULL', forward: ybrFull, back: rgbFromYbrFull },
  { name: 'YBR_PARTIAL', forward: ybrPartial, back: rgbFromYbrPartial },
])('$name goes there and back within 2 levels', ({ forward, back }) => {
  for (const [r, g, b] of colours) {
    const rgb = back(Uint8Array.from(forward(r, g, b).map((value) => Math.max(0, Math.min(255, Math.round(value))))))
    ;[r, g, b].forEach((expected, index) => expect(Math.abs(rgb[index] - expected), `${r} ${g} ${b}`).toBeLessThanOrEqual(2))
  }
})

test('a palette begins at its first value and ends at its outermost entries', () => {
  const palette = { first: 10, red: Uint8Array.of(1, 2), green: Uint8Array.of(3, 4), blue: Uint8Array.of(5, 6) }
  expect([...rgbFromPalette(Uint8Array.of(0, 10, 11, 99), palette)]).toEqual([1, 3, 5, 1, 3, 5, 2, 4, 6, 2, 4, 6])
})

test('deep colours come to 8 bits by their depth', () => {
  expect([...toEightBits(Uint16Array.of(0, 512, 1023), 10)]).toEqual([0, 128, 255])
  expect([...toEightBits(Uint16Array.of(65535, 32768), 16)]).toEqual([255, 128])
})
