/** Draws the reader's measurements over the painted picture, their values beside them. */
import { clearCanvas } from './draw-overlay'
import { lineOf, type Measurement } from './measurement'
import { apply, type Affine } from './view-transform'

const colour = '#35d0ba'
const edge = 'rgba(0, 0, 0, 0.85)'
const linePx = 1.5
const edgePx = 1.5
const pointPx = 4
const textPx = 12
const lineHeightPx = 16
const gapPx = 10

export interface DrawnMeasurement {
  readonly measurement: Pick<Measurement, 'kind' | 'points'>
  readonly selected: boolean
  readonly lines: readonly string[]
}

/** `affine`: from picture (pixel corners) to CSS pixels of the canvas; `ratio`: device pixels a CSS pixel. The canvas is cleared first. */
export function drawMeasurements(canvas: HTMLCanvasElement, drawn: readonly DrawnMeasurement[], affine: Affine, ratio: number): void {
  clearCanvas(canvas)
  const context = canvas.getContext('2d')
  if (!context || drawn.length === 0) return
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
  for (const [width, style] of [
    [linePx + 2 * edgePx, edge],
    [linePx, colour],
  ] as const) {
    context.lineWidth = width
    context.strokeStyle = style
    context.stroke(line)
    context.stroke(points)
  }
  context.fillStyle = selected ? colour : edge
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
  const corners = lineOf(measurement).map((point) => apply(affine, point))
  const right = Math.max(...corners.map(([x]) => x))
  const left = Math.min(...corners.map(([x]) => x))
  const [, y] = corners.find(([x]) => x === right) ?? [0, 0]
  const textWidth = Math.max(...lines.map((line) => context.measureText(line).width))
  // To the right; to the left where that leaves the canvas; always within it.
  const beside = right + gapPx + textWidth <= width ? right + gapPx : left - gapPx - textWidth
  const x = Math.max(4, Math.min(width - textWidth - 4, beside))
  const top = Math.max(4, Math.min(height - lines.length * lineHeightPx - 4, y - (lines.length * lineHeightPx) / 2))
  lines.forEach((line, index) => {
    const at = top + (index + 0.5) * lineHeightPx
    context.strokeStyle = edge
    context.lineWidth = 2 * edgePx
    context.strokeText(line, x, at)
    context.fillStyle = colour
    context.fillText(line, x, at)
  })
}
