/** Rings of a picture as a path on the canvas. */
import type { Ring } from './mask-outline'

/** The path is mapped, not the context: the line keeps its width at every zoom. */
export function ringPath(rings: readonly Ring[], matrix: DOMMatrix): Path2D {
  const inPicture = new Path2D()
  for (const ring of rings) {
    inPicture.moveTo(ring[0], ring[1])
    for (let at = 2; at < ring.length; at += 2) inPicture.lineTo(ring[at], ring[at + 1])
    inPicture.closePath()
  }
  const path = new Path2D()
  path.addPath(inPicture, matrix)
  return path
}
