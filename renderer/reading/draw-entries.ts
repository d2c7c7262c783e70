/** Draws what the reader marked as missed over the painted picture. */
import type { EntryOutline } from '../../contracts/reader-entries'
import { clearLayer, layerContext, strokeWithEdge } from './layer-canvas'
import { apply, type Affine } from './view-transform'

const colour = '#35d0ba'
const ringPx = 9
const tickPx = 5

export interface DrawnEntry {
  readonly outline: EntryOutline
  /** Still being drawn: open at its end. */
  readonly open: boolean
}

/** `affine`: from picture (pixel corners) to CSS pixels of the canvas; `ratio`: device pixels a CSS pixel. The canvas is cleared first. */
export function drawEntries(
  canvas: HTMLCanvasElement,
  picture: string,
  entries: readonly DrawnEntry[],
  affine: Affine,
  ratio: number,
): void {
  clearLayer(canvas)
  const context = entries.length > 0 ? layerContext(canvas, picture) : null
  if (!context) return
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.lineJoin = 'round'
  context.lineCap = 'round'
  strokeWithEdge(
    context,
    entries.map(({ outline, open }) => pathOf(outline, open, affine)),
    colour,
  )
}

/** A point is a ring with four ticks, so that what it marks stays to be seen. */
function pathOf(outline: EntryOutline, open: boolean, affine: Affine): Path2D {
  const path = new Path2D()
  const points = outline.map((point) => apply(affine, point))
  if (points.length === 1) {
    const [[x, y]] = points
    path.arc(x, y, ringPx, 0, 2 * Math.PI)
    for (const [dx, dy] of [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ] as const) {
      // prettier-ignore
      path.moveTo(x + dx * ringPx, y + dy * ringPx)
      path.lineTo(x + dx * (ringPx + tickPx), y + dy * (ringPx + tickPx))
    }
    return path
  }
  points.forEach(([x, y], index) => (index === 0 ? path.moveTo(x, y) : path.lineTo(x, y)))
  if (!open) path.closePath()
  return path
}
