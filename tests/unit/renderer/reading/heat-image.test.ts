import { expect, test } from 'vitest'
import { heatColour, greyPixels, heatPixels } from '../../../../renderer/reading/heat-image'

const of = (value: number) => Math.round(value * 65535)

test('below the threshold nothing is drawn, at it everything', () => {
  const alphas = [...heatPixels(Uint16Array.of(0, of(0.29), of(0.3), of(1)), 0.3)].filter((_, index) => index % 4 === 3)
  expect(alphas).toEqual([0, 0, 255, 255])
})

test('a value of zero is transparent even without a threshold', () => expect(heatPixels(Uint16Array.of(0), 0)[3]).toBe(0))

test('the scale is absolute: inferno from black to pale yellow, whatever else is in the picture', () => {
  // The ends of the published colour map.
  expect(heatColour(0)).toBe('rgb(0, 0, 4)')
  expect(heatColour(1)).toBe('rgb(252, 255, 164)')
  const alone = heatPixels(Uint16Array.of(of(0.5)), 0)
  const besideOne = heatPixels(Uint16Array.of(of(0.5), of(1)), 0)
  expect([...besideOne.slice(0, 3)]).toEqual([...alone.slice(0, 3)])
})

test('a scale made for one picture has its full colour at the greatest value there', () => {
  const heat = Uint16Array.of(0, 3277, 6554)
  expect([...heatPixels(heat, 0, 0.1).slice(8, 11)]).toEqual([...heatPixels(Uint16Array.of(65535), 0).slice(0, 3)])
  expect([...heatPixels(heat, 0).slice(8, 11)]).not.toEqual([...heatPixels(heat, 0, 0.1).slice(8, 11)])
})

test('what is not to be trusted is one grey, denser where it is greater', () => {
  const pixels = greyPixels(Uint16Array.of(0, 32768, 65535), 0)
  expect([...pixels.slice(4, 7)]).toEqual([...pixels.slice(8, 11)])
  expect([pixels[3], pixels[7], pixels[11]]).toEqual([0, 100, 200])
})
