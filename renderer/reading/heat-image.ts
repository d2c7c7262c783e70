/** A heatmap as colours: inferno over the absolute scale 0 to 1, transparent below the threshold. */
import { interpolateInferno } from 'd3-scale-chromatic'

const levels = 1024

/** Red, green, blue of each of 1024 levels from 0 to 1. */
function infernoTable(): Uint8Array {
  const table = new Uint8Array(levels * 3)
  for (let level = 0; level < levels; level++) {
    const [red = 0, green = 0, blue = 0] = rgbOf(interpolateInferno(level / (levels - 1)))
    table.set([red, green, blue], level * 3)
  }
  return table
}

/** `#rrggbb` or `rgb(r, g, b)`. */
export function rgbOf(colour: string): number[] {
  if (colour.startsWith('#')) return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  return (colour.match(/\d+/g) ?? []).map(Number)
}

const table = infernoTable()

/** The colour of a value from 0 to 1, for the legend. */
export function heatColour(value: number): string {
  const level = Math.round(Math.min(1, Math.max(0, value)) * (levels - 1)) * 3
  return `rgb(${table[level]}, ${table[level + 1]}, ${table[level + 2]})`
}

/**
 * RGBA, 4 bytes a pixel, of heat values (0 to 65535 for 0 to 1).
 * `threshold`: 0 to 1; values below it, and zero, are fully transparent. `top`: the value of full colour.
 */
export function heatPixels(heat: Uint16Array, threshold: number, top = 1): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(heat.length * 4)
  const least = Math.max(1, Math.ceil(threshold * 65535))
  for (let index = 0, to = 0; index < heat.length; index++, to += 4) {
    const value = heat[index]
    if (value < least) continue
    const from = Math.min(levels - 1, top === 1 ? value >> 6 : Math.floor(value / 64 / top)) * 3
    pixels[to] = table[from]
    pixels[to + 1] = table[from + 1]
    pixels[to + 2] = table[from + 2]
    pixels[to + 3] = 255
  }
  return pixels
}

/** As `heatPixels`, without colour: one grey, denser where the value is greater. For a layer that is laid over the picture plainly. */
export function greyPixels(heat: Uint16Array, threshold: number, top = 1): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(heat.length * 4)
  const least = Math.max(1, Math.ceil(threshold * 65535))
  for (let index = 0, to = 0; index < heat.length; index++, to += 4) {
    if (heat[index] >= least) pixels.set([168, 179, 194, (heat[index] / 65535 / top) * 200], to)
  }
  return pixels
}
