/** Draws a network's marks over the painted picture: heat on one canvas, outlines on another. */
import { greyPixels, heatPixels } from './heat-image'
import { drawLabelFill, drawLabelOutlines, type LabelStyle } from './draw-labels'
import { clearLayer, dotWithEdge, layerContext, strokeWithEdge } from './layer-canvas'
import type { PictureOverlay } from './overlay-state.svelte'
import { ringPath } from './ring-path'
import type { Affine } from './view-transform'

export interface OverlayStyle {
  readonly heat: boolean
  readonly outline: boolean
  readonly opacity: number
  readonly threshold: number
  /** By what the reader decided on the findings of this picture. */
  readonly outlineKind: 'network' | 'accepted' | 'rejected'
  readonly labels: LabelStyle
}

const colours = { network: '#ffb224', accepted: '#35d0ba', rejected: '#a8b3c2' } as const

interface HeatBitmap {
  readonly heat: Uint16Array
  readonly threshold: number
  readonly top: number
  readonly bitmap: OffscreenCanvas
}
let heatBitmap: HeatBitmap | null = null

/** The heat as a bitmap on the source grid; made again only when picture or threshold change. */
function bitmapOf(overlay: PictureOverlay, heat: Uint16Array, threshold: number): OffscreenCanvas {
  const { grey = false, top = 1 } = overlay
  if (heatBitmap?.heat === heat && heatBitmap.threshold === threshold && heatBitmap.top === top) return heatBitmap.bitmap
  const bitmap = new OffscreenCanvas(overlay.columns, overlay.rows)
  bitmap
    .getContext('2d')
    ?.putImageData(
      new ImageData(grey ? greyPixels(heat, threshold, top) : heatPixels(heat, threshold, top), overlay.columns, overlay.rows),
      0,
      0,
    )
  heatBitmap = { heat, threshold, top, bitmap }
  return bitmap
}

/**
 * `affine`: from picture (pixel corners) to CSS pixels of the canvas; `ratio`: device pixels a CSS pixel.
 * Both canvases are cleared first.
 */
export function drawOverlay(
  canvases: { readonly heat: HTMLCanvasElement; readonly lines: HTMLCanvasElement },
  overlay: PictureOverlay,
  affine: Affine,
  ratio: number,
  style: OverlayStyle,
): void {
  clearLayer(canvases.heat)
  clearLayer(canvases.lines)
  const { a, b, c, d, e, f } = affine
  const matrix = new DOMMatrix([a * ratio, b * ratio, c * ratio, d * ratio, e * ratio, f * ratio])
  if (style.heat && overlay.labels) drawLabelFill(canvases.heat, overlay, overlay.labels, matrix, style.labels, style.opacity)
  if (style.outline && overlay.shapes.length > 0) drawLabelOutlines(canvases.lines, overlay, matrix, style.labels, ratio)
  const heat = style.heat && overlay.heat ? layerContext(canvases.heat, overlay.pictureId) : null
  if (heat && overlay.heat) {
    heat.setTransform(matrix)
    heat.globalAlpha = style.opacity
    heat.imageSmoothingEnabled = true
    heat.drawImage(bitmapOf(overlay, overlay.heat, style.threshold), 0, 0)
    heat.globalAlpha = 1
  }
  const outlined = style.outline && overlay.rings.length + overlay.possibleRings.length > 0
  const lines = outlined ? layerContext(canvases.lines, overlay.pictureId) : null
  if (!lines) return
  // Dots, so that what any small change of the picture finds is never taken for the outline itself.
  if (style.outlineKind !== 'rejected') dotWithEdge(lines, [ringPath(overlay.possibleRings, matrix)], colours[style.outlineKind], ratio)
  drawOutline(lines, ringPath(overlay.rings, matrix), ratio, style.outlineKind)
}

function drawOutline(context: CanvasRenderingContext2D, path: Path2D, ratio: number, kind: OverlayStyle['outlineKind']): void {
  context.lineJoin = 'round'
  if (kind !== 'rejected') {
    context.globalAlpha = 0.12
    context.fillStyle = colours[kind]
    context.fill(path, 'evenodd')
    context.globalAlpha = 1
  }
  context.setLineDash(kind === 'rejected' ? [5 * ratio, 4 * ratio] : [])
  strokeWithEdge(context, [path], colours[kind], ratio)
  context.setLineDash([])
}
