/** Draws a label map over the painted picture: each structure filled and outlined in its colour. */
import { labelPixels } from './label-shapes'
import { edgeColour, layerContext } from './layer-canvas'
import { ringPath } from './ring-path'
import type { PictureOverlay } from './overlay-state.svelte'

export interface LabelStyle {
  /** By number, `#rrggbb`. */
  readonly colours: ReadonlyMap<number, string>
  /** The number of the structure that stands out; null: all alike. */
  readonly emphasised: number | null
}

/** Structures lie side by side: a line as wide as that of a finding would cover the small ones. */
const linePx = 1
const edgePx = 0.75
const faint = 0.35

interface LabelBitmap extends LabelStyle {
  readonly labels: Uint8Array
  readonly bitmap: OffscreenCanvas
}
let labelBitmap: LabelBitmap | null = null

/** The map as a bitmap on the source grid; made again only when picture, colours or emphasis change. */
function bitmapOf({ rows, columns }: PictureOverlay, labels: Uint8Array, { colours, emphasised }: LabelStyle): OffscreenCanvas {
  const known = labelBitmap
  if (known?.labels === labels && known.colours === colours && known.emphasised === emphasised) return known.bitmap
  const bitmap = new OffscreenCanvas(columns, rows)
  bitmap.getContext('2d')?.putImageData(new ImageData(labelPixels(labels, colours, emphasised), columns, rows), 0, 0)
  labelBitmap = { labels, colours, emphasised, bitmap }
  return bitmap
}

/** A pixel has one structure and no mixture of two, so nothing is smoothed. */
export function drawLabelFill(
  canvas: HTMLCanvasElement,
  overlay: PictureOverlay,
  labels: Uint8Array,
  matrix: DOMMatrix,
  style: LabelStyle,
  opacity: number,
): void {
  const context = layerContext(canvas, overlay.pictureId)
  if (!context) return
  context.setTransform(matrix)
  context.globalAlpha = opacity
  context.imageSmoothingEnabled = false
  context.drawImage(bitmapOf(overlay, labels, style), 0, 0)
  context.globalAlpha = 1
}

/** All dark edges first, so that none lies on a neighbour's line. */
export function drawLabelOutlines(
  canvas: HTMLCanvasElement,
  { pictureId, shapes }: PictureOverlay,
  matrix: DOMMatrix,
  { colours, emphasised }: LabelStyle,
  ratio: number,
): void {
  const context = layerContext(canvas, pictureId)
  if (!context) return
  const drawn = shapes.flatMap(({ number, rings }) => {
    const colour = colours.get(number)
    return colour === undefined ? [] : [{ number, colour, path: ringPath(rings, matrix) }]
  })
  context.lineJoin = 'round'
  const stroke = (width: number, colourOf: (colour: string) => string) => {
    context.lineWidth = width * ratio
    for (const { number, colour, path } of drawn) {
      context.globalAlpha = emphasised === null || emphasised === number ? 1 : faint
      context.strokeStyle = colourOf(colour)
      context.stroke(path)
    }
  }
  stroke(linePx + 2 * edgePx, () => edgeColour)
  stroke(linePx, (colour) => colour)
  context.globalAlpha = 1
}
