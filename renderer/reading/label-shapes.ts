/** The structures of a label map: their outlines, and the map as colours. */
import { maskRings, type Ring } from './mask-outline'
import { rgbOf } from './heat-image'

/** One structure on one picture. */
export interface LabelShape {
  readonly number: number
  readonly rings: readonly Ring[]
}

interface Bounds {
  left: number
  top: number
  right: number
  bottom: number
}

/** The outlines of every structure of a picture; each is followed within its own bounds alone. */
export function labelShapes(labels: Uint8Array, rows: number, columns: number): LabelShape[] {
  return [...boundsOf(labels, rows, columns)].map(([number, { left, top, right, bottom }]) => {
    const [width, height] = [right - left + 1, bottom - top + 1]
    const mask = new Uint8Array(width * height)
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        if (labels[(top + row) * columns + left + column] === number) mask[row * width + column] = 1
      }
    }
    const rings = maskRings(mask, height, width)
    return { number, rings: rings.map((ring) => ring.map((place, at) => place + (at % 2 === 0 ? left : top))) }
  })
}

function boundsOf(labels: Uint8Array, rows: number, columns: number): Map<number, Bounds> {
  const bounds = new Map<number, Bounds>()
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const number = labels[row * columns + column]
      if (number === 0) continue
      const known = bounds.get(number)
      if (!known) {
        bounds.set(number, { left: column, top: row, right: column, bottom: row })
        continue
      }
      known.left = Math.min(known.left, column)
      known.right = Math.max(known.right, column)
      known.bottom = row
    }
  }
  return bounds
}

/** Others than the one that is emphasised are this much fainter. */
const faint = 0.3

/** RGBA, 4 bytes a pixel. `colours`: by number, `#rrggbb`; a number without one stays clear. `emphasised` null: all alike. */
export function labelPixels(
  labels: Uint8Array,
  colours: ReadonlyMap<number, string>,
  emphasised: number | null,
): Uint8ClampedArray<ArrayBuffer> {
  const table = new Uint8ClampedArray(256 * 4)
  for (const [number, colour] of colours) {
    const opacity = emphasised === null || emphasised === number ? 1 : faint
    table.set([...rgbOf(colour), Math.round(255 * opacity)], number * 4)
  }
  const pixels = new Uint8ClampedArray(labels.length * 4)
  for (let index = 0; index < labels.length; index++) {
    const from = labels[index] * 4
    if (table[from + 3] === 0) continue
    pixels.set(table.subarray(from, from + 4), index * 4)
  }
  return pixels
}
