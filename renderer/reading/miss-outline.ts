/** From the way of the pointer to what is entered as missed: a point, or a closed outline. Pure. */
import { mostVertices, type EntryOutline } from '../../contracts/reader-entries'
import type { PicturePoint } from '../../main/geometry/measure'

/** A hand that only meant to click draws no outline: below this, in CSS pixels, no further vertex is taken. */
export const stepPx = 2
/** Smaller than this, in square CSS pixels, a closed line is a point: nobody outlines that. */
const leastAreaPx = 25

/** `perPixel`: CSS pixels a pixel of the picture. A line that encloses nothing is the point where it began. */
export function outlineOf(points: readonly PicturePoint[], perPixel: number): EntryOutline {
  const [first] = points
  const kept = thinned(points)
  const enclosed = areaOf(kept) * perPixel * perPixel
  return kept.length < 3 || enclosed < leastAreaPx ? [[first[0], first[1]]] : kept
}

/** Every so many, evenly, where there are more than are kept. */
function thinned(points: readonly PicturePoint[]): EntryOutline {
  const step = Math.max(1, points.length / mostVertices)
  return Array.from({ length: Math.ceil(points.length / step) }, (_, index) => {
    const [column, row] = points[Math.floor(index * step)]
    return [column, row]
  })
}

/** The shoelace formula, in pixels of the picture. */
function areaOf(points: EntryOutline): number {
  const twice = points.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % points.length]
    return sum + x * nextY - nextX * y
  }, 0)
  return Math.abs(twice) / 2
}
