/** Overlay planes of a file as they come from the engine, and where they lie on the canvas. PS3.3 C.9.2. */
import type { OverlayPlaneFacts } from '../../contracts/protocol'
import type { Affine } from './view-transform'

/** The interface's plain text colour: an overlay of the file is neither the network's word nor the reader's. */
export const planeColour = [0xe7, 0xeb, 0xf0] as const

interface PackedPlane {
  readonly facts: OverlayPlaneFacts
  /** One bit a pixel, lowest first, row by row. */
  readonly bits: Uint8Array
}

/** Each plane with its bits; null where the bytes are not exactly those that the planes need. */
export function splitPlanes(planes: readonly OverlayPlaneFacts[], bytes: Uint8Array): PackedPlane[] | null {
  let start = 0
  const split = planes.map((facts) => {
    const end = start + Math.ceil((facts.rows * facts.columns) / 8)
    const plane = { facts, bits: bytes.subarray(start, end) }
    start = end
    return plane
  })
  return start === bytes.length ? split : null
}

/** RGBA of a plane: set pixels opaque in the colour of planes, all others clear. */
export function planePixels(bits: Uint8Array, rows: number, columns: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(rows * columns * 4)
  for (let pixel = 0, to = 0; pixel < rows * columns; pixel++, to += 4) {
    if (((bits[pixel >> 3] >> (pixel & 7)) & 1) === 0) continue
    pixels[to] = planeColour[0]
    pixels[to + 1] = planeColour[1]
    pixels[to + 2] = planeColour[2]
    pixels[to + 3] = 255
  }
  return pixels
}

/**
 * The map from a plane's pixel corners to device pixels of the canvas. The origin counts picture pixels, and may lie
 * outside the picture, of which a plane may be larger or smaller.
 *
 * @param affine from the picture's pixel corners to CSS pixels
 * @param ratio device pixels a CSS pixel
 */
export function planeMatrix({ a, b, c, d, e, f }: Affine, ratio: number, { firstRow, firstColumn }: OverlayPlaneFacts): Affine {
  return {
    a: a * ratio,
    b: b * ratio,
    c: c * ratio,
    d: d * ratio,
    e: (a * firstColumn + c * firstRow + e) * ratio,
    f: (b * firstColumn + d * firstRow + f) * ratio,
  }
}

/**
 * At how many places a device pixel looks for a set pixel, each way: a line one picture pixel wide would be lost
 * between device pixels where the picture is shown smaller than it is.
 */
export function looksPerPixel({ a, b, c, d }: Affine): number {
  const size = Math.min(Math.hypot(a, b), Math.hypot(c, d))
  return size >= 1 ? 1 : Math.min(8, Math.ceil(1 / size))
}
