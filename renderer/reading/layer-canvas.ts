/**
 * The canvases over the picture. An empty one is hidden: the browser blends each of them over the whole viewport at every
 * step of scrolling, and one that blends by hue costs most.
 */

/** Of which picture the marks on each layer are; said by what draws there, so that a record can be made of it. */
const owners = new WeakMap<HTMLCanvasElement, string>()

/** The picture whose marks are on a layer; null: it is empty. */
export const ownerOf = (canvas: HTMLCanvasElement): string | null => owners.get(canvas) ?? null

/** Empties a layer and hides it. */
export function clearLayer(canvas: HTMLCanvasElement): void {
  if (canvas.hidden) return
  const context = canvas.getContext('2d')
  context?.setTransform(1, 0, 0, 1, 0, 0)
  context?.clearRect(0, 0, canvas.width, canvas.height)
  canvas.hidden = true
  owners.delete(canvas)
}

/** What draws marks of `picture` on a layer, which is shown from now on; null where the browser has none. */
export function layerContext(canvas: HTMLCanvasElement, picture: string): CanvasRenderingContext2D | null {
  canvas.hidden = false
  owners.set(canvas, picture)
  return canvas.getContext('2d')
}

/** Dark, around every line and text over a picture, so that each is seen on bright anatomy too. */
export const edgeColour = 'rgba(0, 0, 0, 0.85)'
export const edgePx = 1.5
const linePx = 1.5
/** A dot is small: with the edge of a line it would be all dark. */
const dotPx = 2.5
const dotEdgePx = 0.75
const dotStepPx = 5

/** Strokes lines with their dark edge. `ratio`: what a CSS pixel is in the context's units. */
export function strokeWithEdge(context: CanvasRenderingContext2D, paths: readonly Path2D[], colour: string, ratio = 1): void {
  stroke(context, paths, colour, ratio, { line: linePx, edge: edgePx })
}

/** Strokes lines as dots with their dark edge. */
export function dotWithEdge(context: CanvasRenderingContext2D, paths: readonly Path2D[], colour: string, ratio = 1): void {
  context.lineCap = 'round'
  context.setLineDash([0, dotStepPx * ratio])
  stroke(context, paths, colour, ratio, { line: dotPx, edge: dotEdgePx })
  context.setLineDash([])
  context.lineCap = 'butt'
}

function stroke(
  context: CanvasRenderingContext2D,
  paths: readonly Path2D[],
  colour: string,
  ratio: number,
  { line, edge }: { readonly line: number; readonly edge: number },
): void {
  for (const [width, style] of [
    [line + 2 * edge, edgeColour],
    [line, colour],
  ] as const) {
    context.lineWidth = width * ratio
    context.strokeStyle = style
    for (const path of paths) context.stroke(path)
  }
}
