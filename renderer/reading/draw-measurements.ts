/** Draws the reader's measurements over the painted picture, their values beside them. */
import { clearLayer, edgeColour, edgePx, layerContext, strokeWithEdge } from './layer-canvas'
import { lineOf, type Measurement } from './measurement'
import { apply, type Affine } from './view-transform'

const colour = '#35d0ba'
const pointPx = 4
const textPx = 12
const lineHeightPx = 16
const gapPx = 10
const marginPx = 4

export interface DrawnMeasurement {
  readonly measurement: Pick<Measurement, 'kind' | 'points'>
  readonly selected: boolean
  readonly lines: readonly string[]
}

/** `affine`: from picture (pixel corners) to CSS pixels of the canvas; `ratio`: device pixels a CSS pixel. The canvas is cleared first. */
export function drawMeasurements(
  canvas: HTMLCanvasElement,
  picture: string,
  drawn: readonly DrawnMeasurement[],
  affine: Affine,
  ratio: number,
): void {
  clearLayer(canvas)
  const context = drawn.length > 0 ? layerContext(canvas, picture) : null
  if (!context) return
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.lineJoin = 'round'
  context.lineCap = 'round'
  for (const { measurement, selected } of drawn) drawLine(context, measurement, affine, selected)
  // Texts last: none lies under a line.
  for (const { measurement, lines } of drawn) drawText(context, measurement, lines, affine, canvas.width / ratio, canvas.height / ratio)
}

function drawLine(
  context: CanvasRenderingContext2D,
  measurement: DrawnMeasurement['measurement'],
  affine: Affine,
  selected: boolean,
): void {
  const line = new Path2D()
  lineOf(measurement).forEach((point, index) => {
    const [x, y] = apply(affine, point)
    if (index === 0) line.moveTo(x, y)
    else line.lineTo(x, y)
  })
  const points = new Path2D()
  for (const point of measurement.points) {
    const [x, y] = apply(affine, point)
    // The corners of an ellipse's box lie beside its line: they are shown to be taken hold of.
    if (measurement.kind === 'ellipse' && !selected) continue
    points.moveTo(x + pointPx, y)
    points.arc(x, y, selected ? pointPx : pointPx - 1.5, 0, 2 * Math.PI)
  }
  strokeWithEdge(context, [line, points], colour)
  context.fillStyle = selected ? colour : edgeColour
  context.fill(points)
}

function drawText(
  context: CanvasRenderingContext2D,
  measurement: DrawnMeasurement['measurement'],
  lines: readonly string[],
  affine: Affine,
  width: number,
  height: number,
): void {
  if (lines.length === 0) return
  context.font = `600 ${textPx}px "Inter Variable", sans-serif`
  context.textBaseline = 'middle'
  const textWidth = Math.max(...lines.map((line) => context.measureText(line).width))
  const size = { width: textWidth, height: lines.length * lineHeightPx }
  const [x, top] = placeBeside(
    lineOf(measurement).map((point) => apply(affine, point)),
    size,
    { width, height },
  )
  lines.forEach((line, index) => {
    const at = top + (index + 0.5) * lineHeightPx
    context.strokeStyle = edgeColour
    context.lineWidth = 2 * edgePx
    context.strokeText(line, x, at)
    context.fillStyle = colour
    context.fillText(line, x, at)
  })
}

interface Size {
  readonly width: number
  readonly height: number
}

/**
 * Where a text stands beside a line: right of its rightmost point, left of its leftmost where that would leave the
 * canvas, and within the canvas in any case. CSS pixels; the text's left and upper edge.
 */
export function placeBeside(line: readonly (readonly [number, number])[], text: Size, canvas: Size): [left: number, top: number] {
  const rightmost = line.reduce((far, point) => (point[0] > far[0] ? point : far))
  const leftmost = line.reduce((far, point) => (point[0] < far[0] ? point : far))
  const toTheLeft = rightmost[0] + gapPx + text.width > canvas.width - marginPx && leftmost[0] - gapPx - text.width >= marginPx
  const [x, y] = toTheLeft ? leftmost : rightmost
  const left = toTheLeft ? x - gapPx - text.width : x + gapPx
  const within = (value: number, most: number) => Math.max(marginPx, Math.min(most - marginPx, value))
  return [within(left, canvas.width - text.width), within(y - text.height / 2, canvas.height - text.height)]
}
