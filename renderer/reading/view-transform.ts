/**
 * Where a picture lies on the canvas: zoom, pan, quarter turns and flip as one affine map.
 *
 * Picture coordinates are in pixels, (column, row), counted from the outer
 * corner of the first pixel: its centre is (0.5, 0.5). Canvas coordinates are
 * CSS pixels from the canvas' top left corner.
 */

export type PicturePoint = readonly [column: number, row: number] & { readonly space?: 'picture' }
export type CanvasPoint = readonly [x: number, y: number] & { readonly space?: 'canvas' }

export interface PictureSize {
  readonly rows: number
  readonly columns: number
  /** Height and width of a pixel in one unit: mm where known, else by the aspect ratio. */
  readonly pixelHeight: number
  readonly pixelWidth: number
}

export interface CanvasSize {
  readonly width: number
  readonly height: number
}

export interface View {
  /** CSS pixels a unit of `pixelHeight`; null: as large as fits. */
  readonly scale: number | null
  /** What stands at the canvas' centre, in parts of the picture's width and height; [0.5, 0.5] is its middle. */
  readonly centre: readonly [x: number, y: number]
  /** Clockwise, after the flip. */
  readonly quarterTurns: 0 | 1 | 2 | 3
  readonly flipped: boolean
}

export const fittedView: View = { scale: null, centre: [0.5, 0.5], quarterTurns: 0, flipped: false }

/** x' = a x + c y + e, y' = b x + d y + f, as a canvas' setTransform takes them. */
export interface Affine {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly e: number
  readonly f: number
}

/** Cosine and sine of quarter turns, exact. */
const turns = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const

/** How a step to the right and a step down in the picture run on the canvas: [[x, y], [x, y]], unit length. */
export function screenAxes(view: Pick<View, 'quarterTurns' | 'flipped'>): readonly [readonly [number, number], readonly [number, number]] {
  const [cos, sin] = turns[view.quarterTurns]
  const mirror = view.flipped ? -1 : 1
  // -0 would show up as a difference in comparisons.
  return [
    [mirror * cos + 0, mirror * sin + 0],
    [-sin + 0, cos + 0],
  ]
}

/** The scale at which the whole picture just fits. */
export function fitScale(picture: PictureSize, canvas: CanvasSize, quarterTurns: View['quarterTurns']): number {
  const width = picture.columns * picture.pixelWidth
  const height = picture.rows * picture.pixelHeight
  const upright = quarterTurns % 2 === 0
  return Math.min(canvas.width / (upright ? width : height), canvas.height / (upright ? height : width))
}

export function scaleOf(view: View, picture: PictureSize, canvas: CanvasSize): number {
  return view.scale ?? fitScale(picture, canvas, view.quarterTurns)
}

/** The map from picture to canvas. */
export function pictureToCanvas(view: View, picture: PictureSize, canvas: CanvasSize): Affine {
  const scale = scaleOf(view, picture, canvas)
  const [along, down] = screenAxes(view)
  const x = scale * picture.pixelWidth
  const y = scale * picture.pixelHeight
  const [a, b, c, d] = [along[0] * x, along[1] * x, down[0] * y, down[1] * y]
  const column = view.centre[0] * picture.columns
  const row = view.centre[1] * picture.rows
  return { a, b, c, d, e: canvas.width / 2 - a * column - c * row, f: canvas.height / 2 - b * column - d * row }
}

export function apply(affine: Affine, [x, y]: readonly [number, number]): [number, number] {
  return [affine.a * x + affine.c * y + affine.e, affine.b * x + affine.d * y + affine.f]
}

/** The picture point under a canvas point. */
export function applyInverse(affine: Affine, [x, y]: readonly [number, number]): [number, number] {
  const { a, b, c, d, e, f } = affine
  const determinant = a * d - b * c
  return [(d * (x - e) - c * (y - f)) / determinant, (a * (y - f) - b * (x - e)) / determinant]
}

/** The map whose first pixel's outer corner, row end and column end are known; `columns` and `rows` give their distance. */
export function affineFromPoints(origin: CanvasPoint, rowEnd: CanvasPoint, columnEnd: CanvasPoint, columns: number, rows: number): Affine {
  return {
    a: (rowEnd[0] - origin[0]) / columns,
    b: (rowEnd[1] - origin[1]) / columns,
    c: (columnEnd[0] - origin[0]) / rows,
    d: (columnEnd[1] - origin[1]) / rows,
    e: origin[0],
    f: origin[1],
  }
}

/** Flips what the reader sees left to right, whatever the turns. */
export function flipView(view: View): View {
  return { ...view, flipped: !view.flipped, quarterTurns: ((4 - view.quarterTurns) % 4) as View['quarterTurns'] }
}

export function rotateView(view: View): View {
  return { ...view, quarterTurns: ((view.quarterTurns + 1) % 4) as View['quarterTurns'] }
}

const smallestScalePart = 0.2
const largestPixelPx = 64

/** Zooms by a factor about a canvas point that stays where it is. */
export function zoomView(view: View, factor: number, about: CanvasPoint, picture: PictureSize, canvas: CanvasSize): View {
  const least = fitScale(picture, canvas, view.quarterTurns) * smallestScalePart
  const most = Math.max(least, largestPixelPx / Math.min(picture.pixelHeight, picture.pixelWidth))
  const scale = Math.min(most, Math.max(least, scaleOf(view, picture, canvas) * factor))
  const fixed = applyInverse(pictureToCanvas(view, picture, canvas), about)
  const scaled = { ...view, scale }
  const now = apply(pictureToCanvas(scaled, picture, canvas), fixed)
  return panView(scaled, [about[0] - now[0], about[1] - now[1]], picture, canvas)
}

/** Moves the picture by CSS pixels; its centre stays on the picture, so it cannot be lost. */
export function panView(view: View, [x, y]: readonly [number, number], picture: PictureSize, canvas: CanvasSize): View {
  const scale = scaleOf(view, picture, canvas)
  const affine = pictureToCanvas({ ...view, scale }, picture, canvas)
  const [column, row] = applyInverse(affine, [canvas.width / 2 - x, canvas.height / 2 - y])
  const part = (value: number) => Math.min(1, Math.max(0, value))
  return { ...view, scale, centre: [part(column / picture.columns), part(row / picture.rows)] }
}

/**
 * Shifts a view in which picture pixels fall onto whole device pixels so that their edges meet; else each
 * would be smeared over two. Other views come back as they are.
 */
export function alignToDevicePixels(view: View, picture: PictureSize, canvas: CanvasSize, devicePixelRatio: number): View {
  const affine = pictureToCanvas(view, picture, canvas)
  const step = [affine.a, affine.b, affine.c, affine.d].map((value) => Math.abs(value) * devicePixelRatio)
  if (step.some((value) => Math.abs(value - Math.round(value)) > 1e-6)) return view
  const shift = (value: number) => (Math.round(value * devicePixelRatio) - value * devicePixelRatio) / devicePixelRatio
  const [column, row] = applyInverse(affine, [canvas.width / 2 - shift(affine.e), canvas.height / 2 - shift(affine.f)])
  return { ...view, centre: [column / picture.columns, row / picture.rows] }
}
